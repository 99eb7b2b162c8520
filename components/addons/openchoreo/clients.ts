import type * as pulumi from "@pulumi/pulumi";
import type { AddonTarget } from "../contract";
import { secretObject } from "../secret-object";
import type { OidcSettings } from "./settings";

/** Clients whose secrets a Secret of ours hands on. */
export const CLIENTS_WITH_SECRETS = ["console", "observer"] as const;

/** The secret of one of OpenChoreo's own clients; without a provider of identities a password that nobody asks for. */
export function clientSecret(
  { trust }: AddonTarget,
  oidc: OidcSettings | undefined,
  client: (typeof CLIENTS_WITH_SECRETS)[number],
): pulumi.Output<string> {
  if (oidc === undefined) return trust.password(`openchoreo-${client}-client`).value;
  return secretObject(oidc.secret, [client]).apply((all) => all[client]);
}

import type { OidcSettings } from "./settings";

/** A binding of one of OpenChoreo's roles, as the chart's bootstrap takes it. */
interface Mapping {
  readonly name: string;
  readonly kind: "ClusterAuthzRoleBinding";
  readonly system?: boolean;
  readonly roleMappings: readonly [{ readonly roleRef: { readonly name: string; readonly kind: "ClusterAuthzRole" } }];
  readonly entitlement: { readonly claim: "groups" | "sub"; readonly value: string };
  readonly effect: "allow";
}

/** Whoever signs in, by group, and OpenChoreo's own clients: nobody else, and no client of a tutorial. */
export function roleMappings({ groups, clients }: OidcSettings): Mapping[] {
  const people = Object.entries(groups).map(([role, group]) => mapping(role, { claim: "groups", value: group }));
  const own = [
    ["backstage-catalog-reader", clients.console],
    ["observer-resource-reader", clients.observer],
    ["workload-publisher", clients.publisher],
  ] as const;
  const services = own.map(([role, client]) => ({ ...mapping(role, { claim: "sub", value: client }), system: true }));
  return [...people, ...services];
}

function mapping(role: string, entitlement: Mapping["entitlement"]): Mapping {
  return {
    name: `${role}-binding`,
    kind: "ClusterAuthzRoleBinding",
    roleMappings: [{ roleRef: { name: role, kind: "ClusterAuthzRole" } }],
    entitlement,
    effect: "allow",
  };
}

/** The part of values that says who signs in, of the control plane's chart and of the observability plane's. */
export function oidcValues({ issuer, jwksUrl, tokenUrl }: OidcSettings) {
  return { issuer, jwksUrl, tokenUrl };
}

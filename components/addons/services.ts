import type { ClusterServices, DatabaseSettings, Plane } from "../settings";
import { CATALOG } from "./catalog";
import { gatewayNames } from "./networking/envoy-gateway/names";

type Engine = DatabaseSettings["engine"];

/** Add-ons that a database cannot do without. */
export const DATABASE_ADDONS: Readonly<Record<Engine, readonly string[]>> = {
  postgresql: ["cert-manager", "cloudnative-pg", "plugin-barman-cloud"],
  mongodb: ["cert-manager", "psmdb-operator"],
  redis: ["cert-manager", "redis-operator"],
};

/** A cluster, whoever made it. */
export interface ServedCluster {
  readonly name: string;
  readonly planes: readonly Plane[];
  readonly domain: string;
  /** Whether an add-on is on it. */
  readonly has: (addon: string) => boolean;
  /** Whether its gateway counts requests; absent where nobody says. */
  readonly rateLimits?: boolean;
}

/** What the add-ons of a cluster do for tenants. */
export function servicesOf({ name, planes, domain, has, rateLimits }: ServedCluster): ClusterServices {
  const lacking = (engine: Engine) => DATABASE_ADDONS[engine].filter((addon) => !has(addon)).map(withKey);
  return {
    lacking: { postgresql: lacking("postgresql"), mongodb: lacking("mongodb"), redis: lacking("redis") },
    fetchesSecrets: has("external-secrets"),
    ...(has("envoy-gateway") ? { gatewayNames: gatewayNames({ domain }, { name, planes }), rateLimits } : {}),
  };
}

function withKey(addon: string): { readonly addon: string; readonly key: string } {
  return { addon, key: CATALOG.find(({ name }) => name === addon)?.key ?? addon };
}

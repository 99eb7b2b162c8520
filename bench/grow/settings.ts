import { CATALOG } from "../../components/addons";
import type { Json } from "../../plan/program/json";

/** Name of the stacks that grow. */
export const GROWN = "grown";

/** What a stack's file says below `config`. */
export type StackConfig = Json;

const NO_DEFAULT_PROVIDERS = { "pulumi:disable-default-providers": ["kubernetes", "aws"] };

/** Tenants have as many components as a team has, so that there are more tenants, not larger ones. */
const OF_TENANT = 20;
const OF_PROJECT = 10;

/** Add-ons that a platform cannot do without. */
const NEEDED: readonly string[] = ["gatewayApi", "cilium", "certManager"];

/** Environments as most teams have them. */
const ENVIRONMENTS: Json = { development: {}, production: { promotesFrom: "development" } };

/**
 * A stack of one cluster, with the network and certificates alone, and tenants with so many components together, each in
 * two environments.
 */
export function componentsConfig(components: number): StackConfig {
  return { ...platformAlone(), "openchoreo:tenants": tenantsWith(components, { environments: ENVIRONMENTS }) };
}

/** The same without tenants. */
export function platformAlone(): StackConfig {
  return {
    ...NO_DEFAULT_PROVIDERS,
    "openchoreo:platform": {
      profile: "development",
      domain: "bench.localhost",
      clusters: {
        only: {
          planes: ["control", "workflow", "observability", "data"],
          provider: {
            kind: "existing",
            kubeconfig: { context: "kind-only" },
            apiServer: "only-control-plane:6443",
          },
          network: { meshId: 1 },
        },
      },
      ...Object.fromEntries(
        CATALOG.filter(({ key }) => !NEEDED.includes(key)).map(({ key }) => [key, { enabled: false }]),
      ),
    },
  };
}

/** What tenants are like. */
export interface TenantsArgs {
  /** Components of each. Default: 20. */
  readonly ofTenant?: number;
  /** Default: production alone. */
  readonly environments?: Json;
}

/** Tenants with so many components together; the last tenant may have fewer than the others. */
export function tenantsWith(components: number, args: TenantsArgs = {}): Json {
  const { ofTenant = OF_TENANT, environments = { production: {} } } = args;
  const sizes = Array.from({ length: Math.ceil(components / ofTenant) }, (_, index) =>
    Math.min(ofTenant, components - index * ofTenant),
  );
  return Object.fromEntries(
    sizes.map((size, index) => [`team-${String(index).padStart(3, "0")}`, tenant(size, environments)]),
  );
}

function tenant(size: number, environments: Json): Json {
  const projects = Array.from({ length: Math.ceil(size / OF_PROJECT) }, (_, index) =>
    project(index * OF_PROJECT, Math.min(size, (index + 1) * OF_PROJECT)),
  );
  return {
    owners: ["developers"],
    environments,
    projects: Object.fromEntries(projects.map((one, index) => [`app-${index}`, one])),
  };
}

/** Components that all call the first one; names are those of one tenant once only. */
function project(from: number, to: number): Json {
  const components = Array.from({ length: to - from }, (_, index) => [
    `part-${from + index}`,
    { image: "example/part", port: 8080, uses: index === 0 ? [] : [`part-${from}`], deploy: "plain" },
  ]);
  return { components: Object.fromEntries(components) };
}

/**
 * The production stack with so many clusters: its control cluster, and data clusters in turn in each of its regions, a
 * wave each ten, joined by a hub in each region.
 * @param prod The stack's own configuration.
 * @throws RangeError for fewer than there are in it.
 */
export function clustersConfig(prod: StackConfig, clusters: number): StackConfig {
  const platform = prod["openchoreo:platform"] as Json & { readonly clusters: Json; readonly aws: Json };
  const { control, ...data } = platform.clusters as Readonly<Record<string, Json>>;
  const own = Object.entries(data);
  if (clusters < own.length + 1) throw new RangeError(`prod has ${own.length + 1} clusters, so no ${clusters}`);
  const others = Array.from({ length: clusters - 1 }, (_, index) => {
    const [name, like = {}] = own[index % own.length] ?? [];
    const number = Math.floor(index / own.length) + 1;
    // Waves have no gaps, and those of prod's own clusters stay.
    const wave = Math.min(index + 1, 1 + own.length);
    return [number === 1 ? name : `${name}-${number}`, { ...like, wave, network: { meshId: index + 2 } }] as const;
  });
  return {
    ...prod,
    "openchoreo:platform": {
      ...platform,
      clusters: { control, ...Object.fromEntries(others) },
      aws: { ...platform.aws, peering: "transit-gateway" },
    },
  };
}

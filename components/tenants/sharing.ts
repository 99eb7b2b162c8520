import type { Sharding, ShardSettings } from "../settings";
import { CONTRACT_VERSION, type SharedWorkload, type SharingOutput } from "../stacks";
import { servedPort } from "./edges";
import type { PlannedTenant, Workload } from "./plan";

/** What the output `sharing` is made of. */
export interface SharingArgs {
  readonly platformStack: string;
  /** Tenants that this stack makes. */
  readonly tenants: readonly PlannedTenant[];
  /** How the tenants are shared among stacks; said by the platform's own stack, and absent where it makes them itself. */
  readonly shard?: ShardSettings;
  /** Stacks that its tenants use something of. */
  readonly references: readonly string[];
  /** Namespaces whose calls go through a waypoint. */
  readonly waypoints: ReadonlySet<string>;
}

/** What a stack says of its tenants to the stacks of others; of those things alone that somebody may use. */
export function sharingOutput(args: SharingArgs): SharingOutput {
  const { platformStack, tenants, shard, references, waypoints } = args;
  const workloads = tenants.flatMap(({ projects }) =>
    projects.flatMap(({ components, databases }) => [...components, ...databases].flatMap(shared)),
  );
  const shards: Sharding | undefined = shard?.index === undefined ? shard : undefined;
  return {
    contract: CONTRACT_VERSION,
    platformStack,
    ...(shards && { shards: { count: shards.count, pins: { ...shards.pins } } }),
    workloads,
    references: [...new Set(references)].sort(),
  };
}

function shared(workload: Workload): SharedWorkload[] {
  const { kind, tenant, project, name, environment, production, namespace, clusters, settings } = workload;
  const port = servedPort(workload);
  if (port === undefined || settings.sharedWith.length === 0) return [];
  return [
    {
      ...{ kind, tenant, project, name, environment, production, namespace, port },
      clusters: [...clusters],
      ...(workload.kind === "database" && { engine: workload.settings.engine }),
      ...(workload.kind === "component" && workload.host !== undefined && { host: workload.host }),
      sharedWith: [...settings.sharedWith],
    },
  ];
}

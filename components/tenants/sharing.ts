import type { Sharding, ShardSettings } from "../settings";
import { CONTRACT_VERSION, type SharedWorkload, type SharingOutput } from "../stacks";
import { servedPort } from "./edges";
import type { PlannedComponent, PlannedDatabase, PlannedTenant, Workload } from "./plan";

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
    projects.flatMap(({ components, databases }) =>
      [...components, ...databases].flatMap((one) => shared(one, waypoints)),
    ),
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

function shared(workload: Workload, waypoints: ReadonlySet<string>): SharedWorkload[] {
  const { kind, tenant, project, name, environment, production, namespace, clusters, settings } = workload;
  const port = servedPort(workload);
  if (port === undefined || settings.sharedWith.length === 0) return [];
  return [
    {
      ...{ kind, tenant, project, name, environment, production, namespace, port },
      clusters: [...clusters],
      sharedWith: [...settings.sharedWith],
      ...(workload.kind === "component" ? componentOf(workload, waypoints.has(namespace)) : databaseOf(workload)),
    },
  ];
}

/** It is known by the name that connections use. */
function databaseOf({ name, calledAs, connection, settings: { engine } }: PlannedDatabase): Partial<SharedWorkload> {
  return { engine, name: calledAs, ...(name === calledAs ? {} : { madeAs: name }), ...(connection && { connection }) };
}

function componentOf({ host, settings: { mesh } }: PlannedComponent, waypoint: boolean): Partial<SharedWorkload> {
  const permissions = Object.entries(mesh?.permissions ?? {});
  return {
    ...(host === undefined ? {} : { host }),
    ...(waypoint ? { waypoint } : {}),
    ...(permissions.length === 0 ? {} : { permissions: Object.fromEntries(permissions) }),
  };
}

import type { Edges } from "./edges";
import { isWorkload } from "./edges";
import type { Home, PlannedComponent, PlannedDatabase, PlannedTenant, Workload } from "./plan";

/** A project's environment on one cluster: what the program makes there. */
export interface Cell extends Omit<Home, "namespace"> {
  readonly cluster: string;
  /** The components' namespace, or the databases'. */
  readonly namespace: string;
  readonly holds: "components" | "databases";
  /** Components that run here. */
  readonly components: readonly PlannedComponent[];
  /** Databases that are here, or have a replica here. */
  readonly databases: readonly PlannedDatabase[];
  /** What runs on other clusters and is called from here: it has a Service here too, which leads there. */
  readonly elsewhere: readonly Workload[];
  readonly owners: readonly string[];
  readonly quota: PlannedTenant["quota"];
}

/** Every cell, in the order of the tenants, their environments and the clusters. */
export function planCells(tenants: readonly PlannedTenant[], edges: Edges): Cell[] {
  const called = calledFrom(edges);
  return tenants.flatMap((tenant) =>
    tenant.projects.flatMap(({ components, databases }) =>
      tenant.environments.flatMap(({ name }) => {
        const own = <T extends Workload>(all: readonly T[]) => all.filter(({ environment }) => environment === name);
        return [
          ...cellsOf(tenant, own(components), called, "components"),
          ...cellsOf(tenant, own(databases), called, "databases"),
        ];
      }),
    ),
  );
}

/** Clusters from which a workload is called and that it is not on. */
function calledFrom(edges: Edges): ReadonlyMap<Workload, ReadonlySet<string>> {
  const called = new Map<Workload, Set<string>>();
  for (const { from, to } of edges.all) {
    if (!isWorkload(from) || !isWorkload(to)) continue;
    const others = from.clusters.filter((cluster) => !to.clusters.includes(cluster));
    if (others.length > 0) called.set(to, new Set([...(called.get(to) ?? []), ...others]));
  }
  return called;
}

function cellsOf(
  { owners, quota }: PlannedTenant,
  workloads: readonly Workload[],
  called: ReadonlyMap<Workload, ReadonlySet<string>>,
  holds: Cell["holds"],
): Cell[] {
  const [first] = workloads;
  if (first === undefined) return [];
  const clusters = new Set(workloads.flatMap((one) => [...one.clusters, ...(called.get(one) ?? [])]));
  const { tenant, project, environment, production, namespace } = first;
  return [...clusters].map((cluster) => {
    const here = workloads.filter((one) => one.clusters.includes(cluster));
    return {
      ...{ tenant, project, environment, production, namespace, cluster, holds, owners, quota },
      components: here.filter((one) => one.kind === "component"),
      databases: here.filter((one) => one.kind === "database"),
      elsewhere: workloads.filter((one) => called.get(one)?.has(cluster)),
    };
  });
}

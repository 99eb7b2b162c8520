import type { FleetPlan, PlannedCluster } from "../fleet";
import { minorOf, type Problem, pathOf, skewProblem, stepProblem } from "../settings";
import type { PlatformOutput } from "../stacks";

/** What a stack put out of a cluster when it was last brought up. */
type LastCluster = PlatformOutput["clusters"][string];

/** Versions of Kubernetes that settings ask for. */
interface WantedVersions {
  readonly kubernetes: string;
  /** `kubernetes` is absent where nodes stay as they are, or follow their control plane by themselves. */
  readonly pools: readonly { readonly name: string; readonly kubernetes?: string }[];
}

/** Versions of a cluster that this program makes; `undefined` for others. */
export function versionsOf({ eks, clusterApi }: PlannedCluster): WantedVersions | undefined {
  return eks ?? clusterApi;
}

/**
 * Why the fleet's versions of Kubernetes cannot follow those that run: a control plane goes up one minor version at a
 * time, and its nodes follow in a change of their own.
 */
export function upgradeProblems({ clusters }: Pick<FleetPlan, "clusters">, last: PlatformOutput): Problem[] {
  return clusters.flatMap((cluster) => {
    const { name } = cluster;
    const wanted = versionsOf(cluster);
    const before = Object.hasOwn(last.clusters, name) ? last.clusters[name] : undefined;
    if (wanted === undefined || before?.kubernetes === undefined) return [];
    return [...controlPlaneProblems(name, wanted, before.kubernetes), ...nodeProblems(name, wanted, before)];
  });
}

function at(cluster: string, ...path: readonly string[]): string {
  return pathOf("platform", "clusters", cluster, "provider", ...path);
}

function controlPlaneProblems(name: string, { kubernetes }: WantedVersions, running: string): Problem[] {
  const message = stepProblem(running, kubernetes);
  return message === undefined ? [] : [{ path: at(name, "kubernetes"), message }];
}

function nodeProblems(name: string, { kubernetes, pools }: WantedVersions, before: LastCluster): Problem[] {
  return pools.flatMap((pool) => {
    const running = before.nodePools?.[pool.name];
    if (running === undefined) return [];
    const message = nodeProblem(running, pool.kubernetes, {
      before: before.kubernetes ?? kubernetes,
      after: kubernetes,
    });
    return message === undefined ? [] : [{ path: at(name, "nodePools", pool.name, "kubernetes"), message }];
  });
}

/** @param wanted Absent where the nodes stay as they are. */
function nodeProblem(
  running: string,
  wanted: string | undefined,
  controlPlane: { readonly before: string; readonly after: string },
): string | undefined {
  if (wanted === undefined) return skewProblem(running, controlPlane.after);
  if (minorOf(wanted) < minorOf(running))
    return `${wanted} is older than ${running}, which the nodes run; nodes never go back`;
  if (minorOf(wanted) <= minorOf(controlPlane.before) || minorOf(wanted) === minorOf(running)) return undefined;
  return `${wanted} would follow the control plane, which runs ${controlPlane.before}, in one change; upgrade the nodes when it is up`;
}

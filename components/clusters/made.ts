import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan } from "../fleet";
import { pathOf, refuse } from "../settings";
import type { PlatformOutput } from "../stacks";
import { type Endpoint, endpointOf } from "./kubeconfig";
import { upgradeProblems, versionsOf } from "./upgrades";

/** An API server that is there, and where settings speak of it. */
export interface Knocked {
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly proxied: boolean;
  /** Whether settings say that it does not answer. */
  readonly lost?: boolean;
}

/**
 * API servers of clusters that this program made before; their versions are compared with what settings ask for.
 * @throws SettingsError with every version that cannot follow the one that runs.
 */
export async function lookUpMade(
  fleet: FleetPlan,
  last: () => Promise<PlatformOutput | undefined>,
): Promise<Knocked[]> {
  const made = fleet.clusters.filter((cluster) => versionsOf(cluster) !== undefined);
  if (made.length === 0) return [];
  const before = await last();
  if (before === undefined) {
    const names = made.map(({ name }) => name).join(", ");
    pulumi.log.info(
      `This stack has no outputs yet: whether a Kubernetes version of ${names} skips one cannot be seen.`,
    );
    return [];
  }
  refuse(upgradeProblems(fleet, before));
  return made.flatMap(({ name, lost }) => {
    const address = Object.hasOwn(before.clusters, name) ? before.clusters[name]?.apiServer : undefined;
    const endpoint = address === undefined || address === "" ? undefined : endpointOf(`https://${address}`);
    return endpoint === undefined
      ? []
      : [{ path: pathOf("platform", "clusters", name, "provider"), endpoint, proxied: false, lost }];
  });
}

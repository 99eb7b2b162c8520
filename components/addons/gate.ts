import * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection, Workload } from "../clusters";

/** A kind that an add-on brings to the API server. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural in lower case, as in the CustomResourceDefinition's name. */
  readonly plural: string;
  readonly scope: "Namespaced" | "Cluster";
  /**
   * Who registers it: the release, so that it is there when the release is, or an operator at run time, some time
   * after its pods are up.
   */
  readonly registeredBy: "release" | "operator";
}

/** Name of the CustomResourceDefinition of a kind. */
export function definitionName({ plural, group }: Pick<Kind, "plural" | "group">): string {
  return `${plural}.${group}`;
}

/** How long is waited for kinds. */
const ESTABLISHED_SECONDS = 300;

/** What a gate waits for. */
export interface GateArgs {
  readonly kinds: readonly Kind[];
  /** Workloads of a release that was installed without waiting. */
  readonly workloads: readonly Workload[];
  /** How long is waited for them. */
  readonly seconds: number;
}

/**
 * What comes after an installed add-on depends on: `installed`, and in `up` also that the API server serves the kinds
 * and that the workloads run. In a preview nothing is asked, so a cluster or a kind that is not there yet is no error.
 */
export function gate(
  connection: ClusterConnection,
  { kinds, workloads, seconds }: GateArgs,
  installed: pulumi.Output<pulumi.Resource[]>,
): pulumi.Output<pulumi.Resource[]> {
  const registered = installed.apply((resources) => pulumi.all(resources.map(({ urn }) => urn)));
  return pulumi.all([connection.kubeconfig, installed, registered]).apply(async ([kubeconfig, resources]) => {
    if (!pulumi.runtime.isDryRun()) {
      const { probe, name } = connection;
      if (kinds.length > 0)
        await wait(name, probe.established(kubeconfig, kinds.map(definitionName), ESTABLISHED_SECONDS));
      if (workloads.length > 0) await wait(name, probe.ready(kubeconfig, workloads, seconds));
    }
    return resources;
  }) as pulumi.Output<pulumi.Resource[]>;
}

async function wait(cluster: string, waited: Promise<void>): Promise<void> {
  try {
    await waited;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      `cluster ${cluster}: ${why}; look at the pods and their events (kubectl get pods,events -A), then run "up" again`,
    );
  }
}

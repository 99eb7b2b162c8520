import * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection } from "../clusters";

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

/** How long custom resources wait for their kinds. */
const ESTABLISHED_SECONDS = 300;

/**
 * What custom resources depend on: `after`, and in `up` also that the API server serves `kinds`. In a preview nothing
 * is asked, so a cluster or a kind that is not there yet is no error.
 */
export function gate(
  connection: ClusterConnection,
  kinds: readonly Kind[],
  after: pulumi.Resource,
): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all([connection.kubeconfig, after.urn]).apply(async ([kubeconfig]) => {
    if (kinds.length > 0 && !pulumi.runtime.isDryRun()) {
      await establish(connection, kubeconfig, kinds);
    }
    return [after];
  });
}

async function establish(connection: ClusterConnection, kubeconfig: string, kinds: readonly Kind[]): Promise<void> {
  try {
    await connection.probe.established(kubeconfig, kinds.map(definitionName), ESTABLISHED_SECONDS);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      `cluster ${connection.name}: kinds that custom resources need are ${why}; look at the operator's pods, then run "up" again`,
    );
  }
}

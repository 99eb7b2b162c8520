import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { InstallArgs } from "./contract";

/** Removing a kind removes every object of it. */
const keep: pulumi.ResourceTransform = ({ type, props, opts }) => {
  return type.endsWith(":CustomResourceDefinition") ? { props, opts: { ...opts, retainOnDelete: true } } : undefined;
};

/**
 * Installs a chart as resources of this program, for manifests that are larger than the Secret of a Helm release may be.
 * @param keepKinds Whether its kinds stay on the cluster when it is removed.
 */
export function chartObjects(
  { name, namespace, chart, release, values, opts }: InstallArgs<unknown>,
  keepKinds: boolean,
): pulumi.Resource {
  const transforms = keepKinds ? [keep] : [];
  return new kubernetes.helm.v4.Chart(name, { ...chart, name: release, namespace, values }, { ...opts, transforms });
}

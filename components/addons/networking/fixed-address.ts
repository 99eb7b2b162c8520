import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCluster } from "../../fleet";

/** Annotation by which a Service asks Cilium for an address. Source: Cilium's documentation, "LoadBalancer IP Address Management". */
const ADDRESS = "lbipam.cilium.io/ips";

/** Annotations of a Service that gets a fixed address; none without one. */
export function fixedAddressAnnotations(address: string | undefined): Record<string, string> {
  return address === undefined ? {} : { [ADDRESS]: address };
}

/** Whether Cilium answers for addresses on the cluster. */
export function hasFixedAddresses({ mesh, addresses }: PlannedCluster): boolean {
  return [mesh?.fixedAddress, addresses.gateway, addresses.eastWest].some((address) => address !== undefined);
}

/** A LoadBalancer Service with a fixed address. */
export interface FixedAddressArgs {
  /** Name of the pool and of the announcement. */
  readonly physical: string;
  readonly address: string;
  /** Labels of the Service. */
  readonly service: Readonly<Record<string, string>>;
}

/** Gives a Service its fixed address from a pool of Cilium's own, and answers for it in the nodes' network. */
export function fixedAddress(
  name: string,
  { physical, address, service }: FixedAddressArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: physical };
  const serviceSelector = { matchLabels: service };
  const pool = new kubernetes.apiextensions.CustomResource(
    `${name}-address`,
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumLoadBalancerIPPool",
      metadata,
      spec: { blocks: [{ start: address, stop: address }], serviceSelector },
    },
    opts,
  );
  const announcement = new kubernetes.apiextensions.CustomResource(
    `${name}-announcement`,
    {
      apiVersion: "cilium.io/v2alpha1",
      kind: "CiliumL2AnnouncementPolicy",
      metadata,
      spec: { loadBalancerIPs: true, serviceSelector },
    },
    opts,
  );
  return [pool, announcement];
}

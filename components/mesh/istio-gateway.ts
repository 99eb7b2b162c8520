import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { type ClusterAddons, fixedAddress, fixedAddressAnnotations, NOT_AWAITED, networkLabels } from "../addons";
import type { FleetPlan, PlannedCluster } from "../fleet";

/** Port of HBONE, Istio's tunnel in HTTP/2 and mutual TLS; peers dial no other. */
const HBONE_PORT = 15008;

/** Where Istio's proxies answer whether they are ready. */
const STATUS_PORT = 15021;

/** The gateway's namespace: apart from istiod's, which holds the key of the cluster's authority. */
export const EAST_WEST_NAMESPACE = "istio-east-west";

/** Label by which istiod tells the pods of a Gateway. */
const GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name";

/** Arguments of {@link eastWestGateway}. */
export interface EastWestArgs {
  readonly cluster: PlannedCluster;
  readonly fleet: FleetPlan;
  readonly addons: ClusterAddons;
}

/** Name of a cluster's gateway: its own, as istiod takes Services of one name on several clusters for one. */
export function eastWestName({ name }: Pick<PlannedCluster, "name">): string {
  return `east-west-${name}`;
}

/**
 * The gateway by which pods of other clusters reach this one's. istiod makes proxies and a Service of it, and tells the
 * peers the address that they find in its status. Source: Istio's documentation, "Install ambient multi-primary on
 * different networks".
 * @param name Prefix of the resources' names.
 */
export function eastWestGateway(name: string, args: EastWestArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { cluster, addons } = args;
  const address = cluster.addresses.eastWest;
  const pool = address !== undefined && addons.has("cilium");
  const before = [
    ...(cluster.eks === undefined ? [] : networkLoadBalancer(name, args, opts)),
    ...(pool
      ? fixedAddress(name, { physical: "choreo-east-west-address", address, service: pods(cluster) }, opts)
      : []),
  ];
  return new kubernetes.apiextensions.CustomResource(
    name,
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: {
        name: eastWestName(cluster),
        namespace: EAST_WEST_NAMESPACE,
        labels: networkLabels(cluster),
        // On EKS another Service leads to the proxies; see networkLoadBalancer.
        ...(cluster.eks === undefined ? {} : { annotations: { "networking.istio.io/service-type": "ClusterIP" } }),
      },
      spec: {
        gatewayClassName: "istio-east-west",
        ...infrastructure(cluster, address),
        listeners: [
          {
            name: "mesh",
            port: HBONE_PORT,
            protocol: "HBONE",
            // The outer tunnel ends here; the inner one, with the caller's identity, at the pod that is called.
            tls: { mode: "Terminate", options: { "gateway.istio.io/tls-terminate-mode": "ISTIO_MUTUAL" } },
          },
        ],
      },
    },
    before.length === 0 ? opts : { ...opts, dependsOn: before },
  );
}

function pods(cluster: PlannedCluster): Record<string, string> {
  return { [GATEWAY_LABEL]: eastWestName(cluster) };
}

function infrastructure(cluster: PlannedCluster, address: string | undefined): object {
  if (cluster.eks !== undefined) {
    return { infrastructure: { parametersRef: { group: "", kind: "ConfigMap", name: eastWestName(cluster) } } };
  }
  if (address === undefined) return {};
  return { infrastructure: { annotations: fixedAddressAnnotations(address) } };
}

/**
 * The load balancer of a cluster on EKS. ztunnel dials addresses only, and a load balancer of AWS has a name: so it gets
 * addresses that are known from the plan, one in each zone, and istiod is told them as external addresses of its own Service.
 */
function networkLoadBalancer(
  name: string,
  { cluster, fleet, addons }: EastWestArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const addresses = (cluster.eks?.zones ?? []).map(({ eastWest }) => eastWest);
  const metadata = { name: eastWestName(cluster), namespace: EAST_WEST_NAMESPACE };
  const overlay = new kubernetes.core.v1.ConfigMap(
    `${name}-addresses`,
    { metadata, data: { service: stringify({ spec: { externalIPs: addresses } }) } },
    opts,
  );
  const { cloud } = addons.connection;
  const service = new kubernetes.core.v1.Service(
    `${name}-balancer`,
    {
      metadata: {
        name: `${metadata.name}-balancer`,
        namespace: EAST_WEST_NAMESPACE,
        annotations: {
          // istiod makes the pods that it leads to, some time after this.
          ...NOT_AWAITED,
          ...prefixed({
            "nlb-target-type": "ip",
            scheme: "internal",
            subnets: cloud?.privateSubnetIds.apply((ids) => ids.join(",")) ?? "",
            "private-ipv4-addresses": addresses.join(","),
            attributes: "load_balancing.cross_zone.enabled=true",
            "healthcheck-protocol": "http",
            "healthcheck-port": String(STATUS_PORT),
            "healthcheck-path": "/healthz/ready",
            "additional-resource-tags": Object.entries(cloud?.tags ?? {})
              .map(([key, value]) => `${key}=${value}`)
              .join(","),
          }),
        },
      },
      spec: {
        type: "LoadBalancer",
        loadBalancerClass: "service.k8s.aws/nlb",
        loadBalancerSourceRanges: [fleet.mesh.nativeRange],
        selector: pods(cluster),
        ports: [{ name: "hbone", port: HBONE_PORT, targetPort: HBONE_PORT, protocol: "TCP" }],
      },
    },
    opts,
  );
  return [overlay, service];
}

function prefixed(annotations: Readonly<Record<string, pulumi.Input<string>>>): Record<string, pulumi.Input<string>> {
  const prefix = "service.beta.kubernetes.io/aws-load-balancer-";
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${prefix}${key}`, value]));
}

import { gatewayHost } from "../../components/addons";
import { type FleetPlan, MESH_PORT, type PlannedCluster } from "../../components/fleet";
import type { Endpoint, PlanResource } from "../model";
import { isObject, listAt, objectAt, textAt } from "../program/json";

/** Every way in: of clients, of other clusters, and of those who run the platform. */
export function planEndpoints(fleet: FleetPlan, resources: readonly PlanResource[]): Endpoint[] {
  const own = fleet.clusters.flatMap((cluster) => [
    ...apiServer(cluster),
    ...meshServer(cluster),
    ...gateways(cluster, fleet, resources),
  ]);
  return [...own, ...resources.flatMap((one) => route(one, fleet)), ...resources.flatMap(loadBalancer)];
}

const HTTPS_PORT = 443;

/** Its name is known before it is made only where settings say it. */
function apiServer({ name, provider, clusterApi, eks }: PlannedCluster): Endpoint[] {
  const known = provider.kind === "existing" ? provider.apiServer : undefined;
  const [host = "", port] = known?.split(":") ?? [];
  const made = eks === undefined && clusterApi === undefined ? "as its kubeconfig says" : "given by AWS or Cluster API";
  return [
    {
      host: known === undefined ? `(${made})` : host,
      addresses: [],
      ports: [port === undefined ? HTTPS_PORT : Number(port)],
      purpose: "API server of the cluster",
      reach: "operators",
      cluster: name,
    },
  ];
}

function meshServer({ name, mesh }: PlannedCluster): Endpoint[] {
  if (mesh === undefined) return [];
  const addresses = mesh.fixedAddress === undefined ? [] : [mesh.fixedAddress];
  return [{ host: mesh.host, addresses, ports: [MESH_PORT], purpose: "cluster mesh", reach: "mesh", cluster: name }];
}

/** Class of Gateways that stand between services of one cluster: nobody comes in by them. */
const WAYPOINT = "istio-waypoint";

/** A listener of a Gateway; the platform's own is reached by the cluster's name. */
function gateways(cluster: PlannedCluster, fleet: FleetPlan, resources: readonly PlanResource[]): Endpoint[] {
  return resources
    .filter((one) => one.cluster === cluster.name && /gateway\.networking\.k8s\.io\/[^:]+:Gateway$/.test(one.type))
    .filter(({ inputs }) => objectAt(inputs, "spec").gatewayClassName !== WAYPOINT)
    .map(({ inputs, addon }) => {
      const spec = objectAt(inputs, "spec");
      const listeners = listAt(spec, "listeners").filter(isObject);
      const mesh = listeners.some(({ protocol }) => protocol === "HBONE");
      const fixed = mesh ? cluster.addresses.eastWest : cluster.addresses.gateway;
      const name = textAt(inputs.metadata, "name") ?? "";
      return {
        host: mesh ? `(load balancer of ${name})` : gatewayHost(fleet, cluster),
        addresses: fixed === undefined ? [] : [fixed],
        ports: listeners.flatMap(({ port }) => (typeof port === "number" ? [port] : [])),
        purpose: mesh ? "east-west gateway of Istio" : `gateway ${name}${addon === undefined ? "" : ` (${addon})`}`,
        reach: mesh ? ("mesh" as const) : ("clients" as const),
        cluster: cluster.name,
      };
    });
}

/** Host names of routes. */
function route({ type, inputs, cluster, tenant, addon }: PlanResource, { clusters }: FleetPlan): Endpoint[] {
  if (!/gateway\.networking\.k8s\.io\/[^:]+:(HTTP|GRPC|TLS)Route$/.test(type)) return [];
  const fixed = clusters.find(({ name }) => name === cluster)?.addresses.gateway;
  const owner = tenant ?? addon;
  const name = textAt(inputs.metadata, "name") ?? "";
  return listAt(objectAt(inputs, "spec"), "hostnames")
    .filter((host) => typeof host === "string")
    .map((host) => ({
      host,
      addresses: fixed === undefined ? [] : [fixed],
      ports: [HTTPS_PORT],
      purpose: owner === undefined ? name : `${name} (${owner})`,
      reach: "clients",
      cluster,
    }));
}

/** Services of this program that ask for a load balancer of their own. */
function loadBalancer({ type, inputs, cluster, name }: PlanResource): Endpoint[] {
  const spec = objectAt(inputs, "spec");
  if (type !== "kubernetes:core/v1:Service" || spec.type !== "LoadBalancer") return [];
  const ports = listAt(spec, "ports").filter(isObject);
  const fixed = textAt(objectAt(inputs, "metadata", "annotations"), "lbipam.cilium.io/ips");
  return [
    {
      host: `(load balancer of ${textAt(inputs.metadata, "name") ?? name})`,
      addresses: fixed === undefined ? [] : fixed.split(","),
      ports: ports.flatMap(({ port }) => (typeof port === "number" ? [port] : [])),
      purpose: textAt(inputs.metadata, "name") ?? name,
      reach: "mesh",
      cluster,
    },
  ];
}

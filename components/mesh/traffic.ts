import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  type ClusterAddons,
  type FleetAddons,
  GATEWAY,
  gatewayHost,
  HEALTH_PATH,
  publishesByWeight,
  sharedGatewayHost,
} from "../addons";
import type { FleetPlan, PlannedCluster } from "../fleet";

/** Arguments of {@link watchGateways}. */
export interface WatchGatewaysArgs {
  readonly fleet: FleetPlan;
  readonly addons: FleetAddons;
}

/** Health checks of clusters' gateways, by the clusters' names. */
export type GatewayHealth = ReadonlyMap<string, pulumi.Output<string>>;

/**
 * Has Route 53 ask the gateway of each data plane, from several regions, whether it works, and publishes the name that all
 * of them share: records of a gateway that does not work are not given out. Only gateways that the internet reaches can be
 * asked.
 */
export function watchGateways({ fleet, addons }: WatchGatewaysArgs): GatewayHealth {
  const health = new Map<string, pulumi.Output<string>>();
  for (const cluster of fleet.clusters) {
    const own = addons.get(cluster.name);
    if (own === undefined) continue;
    const check = isReached(cluster, own)
      ? healthCheck(`${cluster.name}.gateway-health`, fleet, cluster, own)
      : undefined;
    if (check !== undefined) health.set(cluster.name, check);
    if (isShared(cluster, own)) sharedRecord(`${cluster.name}.gateway-record`, { fleet, cluster, addons: own, check });
  }
  return health;
}

/** Whether the cluster's gateway is one of several behind a name. */
function isShared(cluster: PlannedCluster, addons: ClusterAddons): boolean {
  const settings = addons.settings<Parameters<typeof publishesByWeight>[0]>("external-dns");
  if (settings === undefined || !addons.has("envoy-gateway") || !cluster.planes.includes("data")) return false;
  return publishesByWeight(settings, cluster);
}

interface SharedRecordArgs {
  readonly fleet: FleetPlan;
  readonly cluster: PlannedCluster;
  readonly addons: ClusterAddons;
  readonly check?: pulumi.Output<string>;
}

/**
 * The cluster's record of the shared name: external-dns makes a CNAME of a Service that is nothing but a name. It is apart
 * from the gateway's own Service, whose name has to lead to it also while it does not work, or nobody could ask it.
 */
function sharedRecord(name: string, { fleet, cluster, addons, check }: SharedRecordArgs): void {
  const { provider } = addons.connection;
  new kubernetes.core.v1.Service(
    name,
    {
      metadata: {
        name: `${GATEWAY.name}-shared`,
        namespace: GATEWAY.namespace,
        annotations: {
          "external-dns.alpha.kubernetes.io/hostname": sharedGatewayHost(fleet),
          "external-dns.alpha.kubernetes.io/ttl": "60",
          ...recordAnnotations(cluster, { kind: "weighted" }, check),
        },
      },
      spec: { type: "ExternalName", externalName: gatewayHost(fleet, cluster) },
    },
    // While external-dns runs: else the record would outlive the cluster.
    {
      provider,
      dependsOn: pulumi
        .all([addons.ready("envoy-gateway"), addons.ready("external-dns")])
        .apply(([a, b]) => [...a, ...b]),
    },
  );
}

function isReached({ planes }: PlannedCluster, addons: ClusterAddons): boolean {
  const { cloud } = addons.connection;
  const settings = addons.settings<{ scheme: string; sourceRanges: readonly string[] }>("envoy-gateway");
  if (cloud?.zone === undefined || settings === undefined || !planes.includes("data")) return false;
  return settings.scheme === "internet-facing" && settings.sourceRanges.length === 0;
}

function healthCheck(
  name: string,
  fleet: FleetPlan,
  cluster: PlannedCluster,
  { connection }: ClusterAddons,
): pulumi.Output<string> {
  const check = new aws.route53.HealthCheck(
    name,
    {
      type: "HTTPS",
      fqdn: gatewayHost(fleet, cluster),
      port: 443,
      resourcePath: HEALTH_PATH,
      enableSni: true,
      requestInterval: 10,
      failureThreshold: 3,
      measureLatency: true,
      tags: { Name: name },
    },
    { provider: connection.cloud?.provider },
  );
  return check.id;
}

/** How clients are spread over the clusters that serve a host name. */
export type TrafficPolicy = { readonly kind: "weighted"; readonly weight?: number } | { readonly kind: "latency" };

/** Weight of a cluster that settings say nothing of. */
const WEIGHT = 100;

/** A cluster as records of its gateway see it. */
export interface RecordPlace {
  readonly name: string;
  readonly drained: boolean;
  /** Region of the gateway in AWS. */
  readonly region?: string;
}

/**
 * Annotations of an HTTPRoute by which external-dns makes a cluster's record of the route's host names: one of several of
 * the name, given out by weight or by the client's distance, as long as the gateway works. Source: external-dns'
 * documentation, "AWS", routing policies.
 */
export function recordAnnotations(
  cluster: RecordPlace,
  policy: TrafficPolicy,
  health?: pulumi.Input<string>,
): Record<string, pulumi.Input<string>> {
  const prefix = "external-dns.alpha.kubernetes.io/";
  const { region } = cluster;
  // Such records have no weight that could be 0: a drained cluster publishes none, and clients go to the next one.
  if (cluster.drained && policy.kind === "latency") return { [`${prefix}controller`]: "none" };
  const weight = String(cluster.drained ? 0 : policy.kind === "weighted" ? (policy.weight ?? WEIGHT) : WEIGHT);
  const choice =
    policy.kind === "latency" && region !== undefined ? { "aws-region": region } : { "aws-weight": weight };
  const own = {
    "set-identifier": cluster.name,
    ...choice,
    ...(health === undefined ? {} : { "aws-health-check-id": health }),
  };
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [`${prefix}${key}`, value]));
}

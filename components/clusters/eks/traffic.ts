import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { MESH_PORT, type PlannedCluster } from "../../fleet";

/** One kind of traffic between the platform's networks, and between whom. */
export interface Traffic {
  readonly name: string;
  /** What it is, for the rule's description: EC2 takes letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* in it. */
  readonly title: string;
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Ports, or ICMP's type and code. */
  readonly from: number;
  readonly to: number;
  /** What admits it: nodes and their pods, or the API server. */
  readonly target: "nodes" | "api";
  /** Which clusters send it: all members of the mesh, or those with a plane, or the runner's network. */
  readonly sender: Side | "runner";
  /** Which clusters receive it. */
  readonly receiver: Side;
}

/** Clusters at one end. */
type Side = "any" | PlannedCluster["planes"][number];

const tcp = (port: number) => ({ protocol: "tcp", from: port, to: port }) as const;

/**
 * All traffic of the platform that crosses from one network to another, and nothing else is admitted. Traffic of tenants
 * is not here: between clusters it travels by HBONE to the other side's gateway, or inside WireGuard.
 */
export const TRAFFIC: readonly Traffic[] = [
  // Source: Cilium's documentation, "System Requirements", firewall rules.
  {
    name: "cilium-health",
    title: "Cilium health checks",
    ...tcp(4240),
    target: "nodes",
    sender: "any",
    receiver: "any",
  },
  {
    name: "cilium-ping",
    title: "Cilium health checks (ping)",
    protocol: "icmp",
    from: 8,
    to: 0,
    target: "nodes",
    sender: "any",
    receiver: "any",
  },
  {
    name: "wireguard",
    title: "Cilium WireGuard between nodes",
    protocol: "udp",
    from: 51871,
    to: 51871,
    target: "nodes",
    sender: "any",
    receiver: "any",
  },
  {
    name: "cluster-mesh",
    title: "Cluster-mesh API server",
    ...tcp(MESH_PORT),
    target: "nodes",
    sender: "any",
    receiver: "any",
  },
  // Source: Istio's documentation, "Ports used by Istio".
  {
    name: "hbone",
    title: "Istio east-west gateway (HBONE)",
    ...tcp(15008),
    target: "nodes",
    sender: "any",
    receiver: "any",
  },
  {
    name: "istiod",
    title: "istiod to the API servers of its peers",
    ...tcp(443),
    target: "api",
    sender: "any",
    receiver: "any",
  },
  {
    name: "argo-cd",
    title: "Argo CD to the API servers that it deploys to",
    ...tcp(443),
    target: "api",
    sender: "control",
    receiver: "any",
  },
  {
    name: "runner",
    title: "pulumi up to the API server",
    ...tcp(443),
    target: "api",
    sender: "runner",
    receiver: "any",
  },
  {
    name: "cluster-agents",
    title: "OpenChoreo cluster agents to the cluster gateway",
    ...tcp(8443),
    target: "nodes",
    sender: "any",
    receiver: "control",
  },
  {
    name: "metrics",
    title: "Thanos to the stores of other clusters",
    ...tcp(10901),
    target: "nodes",
    sender: "observability",
    receiver: "any",
  },
  {
    name: "logs",
    title: "Fluent Bit to OpenSearch",
    ...tcp(9200),
    target: "nodes",
    sender: "any",
    receiver: "observability",
  },
  {
    name: "traces",
    title: "Collectors to the collector of traces (OTLP)",
    ...tcp(4317),
    target: "nodes",
    sender: "any",
    receiver: "observability",
  },
];

/** What one network sends to a cluster. Of two kinds with the same target and ports, one rule is enough. */
export function trafficTo(
  receiver: Pick<PlannedCluster, "planes">,
  sender: Pick<PlannedCluster, "planes"> | "runner",
): Traffic[] {
  const found = TRAFFIC.filter((one) => matches(one.receiver, receiver)).filter((one) =>
    sender === "runner" ? one.sender === "runner" : one.sender !== "runner" && matches(one.sender, sender),
  );
  return [
    ...new Map(found.toReversed().map((one) => [`${one.target} ${one.protocol} ${one.from}`, one])).values(),
  ].toReversed();
}

function matches(side: Side, { planes }: Pick<PlannedCluster, "planes">): boolean {
  return side === "any" || planes.includes(side);
}

/** The security groups of a cluster that admit traffic of other networks. */
export interface TrafficGroups {
  readonly nodes: pulumi.Input<string>;
  readonly api: pulumi.Input<string>;
}

/**
 * Admits traffic from a network. By its range: a security group of another region cannot be named.
 * @param name Prefix of the rules' names, such as `us-east.from-eu-west`.
 */
export function admit(
  name: string,
  {
    traffic,
    cidr,
    groups,
  }: { readonly traffic: readonly Traffic[]; readonly cidr: pulumi.Input<string>; readonly groups: TrafficGroups },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return traffic.map(
    (one) =>
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${one.name}`,
        {
          securityGroupId: groups[one.target],
          description: one.title,
          cidrIpv4: cidr,
          ipProtocol: one.protocol,
          fromPort: one.from,
          toPort: one.to,
        },
        opts,
      ),
  );
}

import type { ClusterApiPlan, PlannedMachine } from "../../fleet";

/** What differs between the providers of infrastructure. */
export interface Infrastructure {
  /** Kind and version of the cluster's own infrastructure, and of the templates of its machines. */
  readonly cluster: { readonly kind: string; readonly spec: object };
  readonly machines: { readonly kind: string; readonly spec: (machine: PlannedMachine, role: MachineRole) => object };
  readonly version: string;
  /** How kubeadm registers a node, beside labels and taints. */
  readonly registration: { readonly name?: string; readonly kubeletExtraArgs: readonly KubeletArgument[] };
}

export type MachineRole = "control-plane" | "nodes";

export interface KubeletArgument {
  readonly name: string;
  readonly value: string;
}

/** The group of every provider's kinds. */
export const INFRASTRUCTURE_GROUP = "infrastructure.cluster.x-k8s.io";

export function infrastructureOf(plan: ClusterApiPlan): Infrastructure {
  return plan.infrastructure === "aws" ? aws(plan) : docker();
}

/** What Cilium's nodes say to each other: health, VXLAN, WireGuard, Hubble. */
const CILIUM_PORTS = [
  ["Cilium: health", "tcp", 4240],
  ["Cilium: VXLAN", "udp", 8472],
  ["Cilium: WireGuard", "udp", 51871],
  ["Cilium: Hubble", "tcp", 4244],
] as const;

/** Source: the Cluster API provider for AWS, its kinds' v1beta2. */
function aws(plan: ClusterApiPlan): Infrastructure {
  return {
    version: "v1beta2",
    cluster: {
      kind: "AWSCluster",
      spec: {
        region: plan.region,
        network: { ...networkOf(plan), cni: { cniIngressRules: CILIUM_PORTS.map(ingressRule) } },
        controlPlaneLoadBalancer: loadBalancer(plan),
        additionalTags: plan.tags,
      },
    },
    machines: {
      kind: "AWSMachineTemplate",
      spec: ({ type, diskSize }, role) => ({
        instanceType: type,
        iamInstanceProfile: `${role}.cluster-api-provider-aws.sigs.k8s.io`,
        ...(plan.image === undefined ? {} : { ami: { id: plan.image } }),
        rootVolume: { size: diskSize, type: "gp3", encrypted: true, ...volumeKey(plan) },
        // IMDSv2 only, and only for what runs in the host's network.
        instanceMetadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      }),
    },
    registration: {
      // cloud-init fills these in on the machine. The provider id is what Cluster API finds the node of a machine by.
      name: "{{ v1.local_hostname }}",
      kubeletExtraArgs: [{ name: "provider-id", value: "aws:///{{ v1.availability_zone }}/{{ v1.instance_id }}" }],
    },
  };
}

function volumeKey({ volumeKey: key }: ClusterApiPlan): { readonly encryptionKey?: string } {
  return key === undefined ? {} : { encryptionKey: key };
}

function networkOf({ vpc, ranges }: ClusterApiPlan): object {
  if (vpc === undefined) return { vpc: { cidrBlock: ranges.cidr, availabilityZoneUsageLimit: 3 } };
  return { vpc: { id: vpc.id }, subnets: vpc.subnets.map((id) => ({ id })) };
}

function ingressRule([description, protocol, port]: (typeof CILIUM_PORTS)[number]) {
  return { description, protocol, fromPort: port, toPort: port };
}

function loadBalancer({ publicCidrs }: ClusterApiPlan): object {
  const balancer = { loadBalancerType: "nlb", crossZoneLoadBalancing: true };
  if (publicCidrs === undefined) return { ...balancer, scheme: "internal" };
  const rule = { description: "Kubernetes API", protocol: "tcp", fromPort: 6443, toPort: 6443 };
  return { ...balancer, scheme: "internet-facing", ingressRules: [{ ...rule, cidrBlocks: publicCidrs }] };
}

/** Containers on one host, which share its disk: what kubelet would call full is no reason to evict pods there. */
function docker(): Infrastructure {
  const value = "nodefs.available<0%,nodefs.inodesFree<0%,imagefs.available<0%";
  return {
    version: "v1beta2",
    cluster: { kind: "DockerCluster", spec: {} },
    machines: { kind: "DockerMachineTemplate", spec: () => ({}) },
    registration: { kubeletExtraArgs: [{ name: "eviction-hard", value }] },
  };
}

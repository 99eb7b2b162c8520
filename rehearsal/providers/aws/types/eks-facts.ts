/**
 * Kubernetes versions in standard and extended support. Source: AWS, "Understand the Kubernetes version lifecycle on
 * EKS", read in November 2026.
 */
export const EKS_VERSIONS: readonly string[] = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/** The minor version of "1.34": 34. */
export function minorOf(version: string): number {
  return Number(version.split(".")[1] ?? "0");
}

/** Zones without control planes. Source: AWS, "View Amazon EKS networking requirements for VPC and subnets". */
export const UNSUPPORTED_ZONES: ReadonlySet<string> = new Set(["use1-az3", "usw1-az2", "cac1-az3"]);

/** How far nodes may be behind the control plane. Source: Kubernetes, "Version Skew Policy". */
export const NODE_SKEW = 3;

/** Add-ons of AWS, and whether they run pods that need a node to become healthy. */
export const ADDONS: ReadonlyMap<string, { readonly needsNodes: boolean }> = new Map([
  ["coredns", { needsNodes: true }],
  ["aws-ebs-csi-driver", { needsNodes: true }],
  ["aws-efs-csi-driver", { needsNodes: true }],
  ["snapshot-controller", { needsNodes: true }],
  ["metrics-server", { needsNodes: true }],
  ["aws-mountpoint-s3-csi-driver", { needsNodes: false }],
  ["eks-pod-identity-agent", { needsNodes: false }],
  ["eks-node-monitoring-agent", { needsNodes: false }],
  ["kube-proxy", { needsNodes: false }],
  ["vpc-cni", { needsNodes: false }],
  ["amazon-cloudwatch-observability", { needsNodes: false }],
  ["aws-guardduty-agent", { needsNodes: false }],
  ["adot", { needsNodes: false }],
  ["cert-manager", { needsNodes: true }],
  ["external-dns", { needsNodes: true }],
  ["kube-state-metrics", { needsNodes: true }],
  ["prometheus-node-exporter", { needsNodes: false }],
]);

export const AMI_TYPES: readonly string[] = [
  ...[
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NEURON",
    "AL2023_x86_64_NVIDIA",
    "AL2023_ARM_64_NVIDIA",
  ],
  ...["BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64", "BOTTLEROCKET_x86_64_NVIDIA", "BOTTLEROCKET_ARM_64_NVIDIA"],
  ...["BOTTLEROCKET_x86_64_FIPS", "BOTTLEROCKET_ARM_64_FIPS", "AL2_x86_64", "AL2_ARM_64", "AL2_x86_64_GPU", "CUSTOM"],
  ...["WINDOWS_CORE_2022_x86_64", "WINDOWS_FULL_2022_x86_64", "WINDOWS_CORE_2025_x86_64", "WINDOWS_FULL_2025_x86_64"],
];

/** Policies that access entries are associated with. */
export const ACCESS_POLICIES: readonly string[] = [
  ...[
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
  ],
  ...["AmazonEKSSecretReaderPolicy", "AmazonEKSAutoNodePolicy", "AmazonEKSHybridPolicy"],
];

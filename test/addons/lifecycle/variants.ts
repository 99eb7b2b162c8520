import { type AddonVariants, ON_CLUSTER_API, ON_EKS, PULUMI_OPERATOR } from "../../support/settings";

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const LIFECYCLE_VARIANTS: AddonVariants = {
  "external-dns": {
    "with another provider": {
      "platform.externalDns.provider": {
        name: "cloudflare",
        domain: "test.example.com",
        args: { "cloudflare-proxied": "false" },
        env: { CF_API_TOKEN: "dnsToken" },
      },
    },
    "that removes nothing": { "platform.externalDns.policy": "upsert-only" },
  },
  "cluster-api": {
    "with a cluster of containers": ON_CLUSTER_API,
    "with providers of an account's own key": {
      "platform.clusterApi": { infrastructure: ["aws", "docker"], awsCredentials: "awsAccount" },
    },
    "on EKS": { ...ON_EKS, "platform.clusterApi": { infrastructure: ["aws"] } },
  },
  karpenter: {
    "on EKS": ON_EKS,
    "with pools of its own on EKS": {
      ...ON_EKS,
      "platform.karpenter": {
        image: "bottlerocket@v1.42.0",
        nodePools: {
          spot: {
            categories: ["m"],
            architectures: ["amd64", "arm64"],
            capacity: ["spot"],
            labels: { "choreo.test/batch": "yes" },
            taints: [{ key: "choreo.test/batch", effect: "NoSchedule" }],
            consolidate: "WhenEmpty",
            weight: 50,
          },
        },
      },
    },
  },
  "pulumi-kubernetes-operator": {
    "for four shards": { "platform.pulumiOperator": PULUMI_OPERATOR, shard: { count: 4 } },
    "from a private repository": {
      "platform.pulumiOperator": {
        ...PULUMI_OPERATOR,
        program: {
          git: "https://git.choreo.test/platform",
          commit: "0123456789abcdef0123456789abcdef01234567",
          path: "deploy",
          credentials: "git",
        },
      },
      shard: { count: 1 },
    },
    "on EKS": {
      ...ON_EKS,
      "platform.pulumiOperator": {
        ...PULUMI_OPERATOR,
        credentials: undefined,
        role: "arn:aws:iam::111122223333:role/deployer",
      },
      shard: { count: 2 },
    },
  },
  opencost: {
    "with prices of one's own": { "platform.openCost.prices": { cpu: 12, memory: 1.5 } },
  },
  "metrics-server": {
    "with certificates of kubelets that are verified": { "platform.metricsServer.verifyKubelets": true },
    "with certificates of kubelets that are not": { "platform.metricsServer.verifyKubelets": false },
  },
  "vertical-pod-autoscaler": {
    "for a workload of someone's": {
      "platform.verticalPodAutoscaler": {
        replicas: 2,
        workloads: [{ kind: "StatefulSet", namespace: "shop", name: "orders" }],
      },
    },
  },
};

import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsCloud, CloudIdentity } from "../../clusters";
import { defineAddon, helmReleaseWithoutKinds } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget } from "../contract";
import type { Monitoring } from "../monitoring";
import { karpenterPolicy } from "./karpenter-policy";
import { type KarpenterConfig, type KarpenterPool, karpenterSettings } from "./karpenter-settings";

const NAMESPACE = "kube-system";

const KINDS = [
  ["NodePool", "nodepools", "karpenter.sh", "v1", "Cluster"],
  ["NodeClaim", "nodeclaims", "karpenter.sh", "v1", "Cluster"],
  ["NodeOverlay", "nodeoverlays", "karpenter.sh", "v1alpha1", "Cluster"],
  ["EC2NodeClass", "ec2nodeclasses", "karpenter.k8s.aws", "v1", "Cluster"],
  ["CapacityBuffer", "capacitybuffers", "autoscaling.x-k8s.io", "v1beta1", "Namespaced"],
] as const;

/** Its kinds are a chart of their own, as Helm would never upgrade those in a chart's crds folder. */
export const karpenterCrd = defineAddon({
  name: "karpenter-crd",
  key: "karpenter",
  title: "Karpenter: kinds",
  chart: PINS["karpenter-crd"],
  namespace: { name: NAMESPACE },
  on: ({ provider }) => provider.kind === "eks",
  needs: [],
  kinds: KINDS.map(([kind, plural, group, version, scope]) => ({
    group,
    version,
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  values: (_target, _config: KarpenterConfig) => ({}),
});

/** Taken off by Cilium when it runs on the node; pods that do not tolerate it are driven off until then. */
const NETWORK_TAINT = { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NoExecute" } as const;

/** Karpenter runs on the node groups that are always there, never on nodes of its own. Source: the chart's values.yaml. */
export function karpenterValues({ connection }: AddonTarget, { replicas }: KarpenterConfig) {
  const { cloud } = connection;
  return {
    replicas,
    controller: {
      // Pods cannot ask the instance: its metadata service answers the host only.
      env: [{ name: "AWS_REGION", value: cloud?.region }],
      resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "1Gi" } },
    },
    settings: {
      clusterName: cloud?.clusterName,
      interruptionQueue: cloud?.karpenter?.queue,
      eksControlPlane: true,
    },
  };
}

function identities({ cluster, connection: { cloud } }: AddonTarget): CloudIdentity[] {
  if (cloud?.karpenter === undefined || cluster.eks === undefined) return [];
  const statements = karpenterPolicy(cloud, cluster.eks.physicalName);
  return [{ namespace: NAMESPACE, serviceAccount: "karpenter", statements }];
}

function resources(scope: AddonScope<KarpenterConfig>): pulumi.Resource[] {
  const { connection, cluster, config } = scope;
  const { cloud } = connection;
  if (cloud?.karpenter === undefined) throw new Error(`cluster ${cluster.name} has nothing of Karpenter's in AWS`);
  return Object.entries(config.nodePools).flatMap(([pool, settings]) => makePool(scope, cloud, pool, settings));
}

/** How long the nodes of a pool may take to be drained, disruption budgets and all; Pulumi would wait ten minutes. */
const DELETE_TIMEOUT = "60m";

/** A pool, and a class of its own: when it goes, its nodes are drained while the class and Karpenter are still there. */
function makePool(
  { name, opts, config }: AddonScope<KarpenterConfig>,
  cloud: AwsCloud,
  pool: string,
  settings: KarpenterPool,
): pulumi.Resource[] {
  const metadata = { name: pool };
  const slow = { ...opts, customTimeouts: { delete: DELETE_TIMEOUT } };
  const nodeClass = new kubernetes.apiextensions.CustomResource(
    `${name}-${pool}-class`,
    { apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata, spec: classSpec(cloud, config, settings) },
    slow,
  );
  const nodePool = new kubernetes.apiextensions.CustomResource(
    `${name}-${pool}`,
    { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata, spec: poolSpec(pool, settings) },
    { ...slow, dependsOn: nodeClass },
  );
  return [nodeClass, nodePool];
}

function classSpec(
  { karpenter, clusterName, keyArn, tags }: AwsCloud,
  { image }: KarpenterConfig,
  pool: KarpenterPool,
) {
  const found = [{ tags: { "karpenter.sh/discovery": clusterName } }];
  return {
    role: karpenter?.nodeRole,
    amiSelectorTerms: [{ alias: image }],
    subnetSelectorTerms: found,
    securityGroupSelectorTerms: found,
    // IMDSv2 only, and only for what runs in the host's network: pods have Pod Identity.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        rootVolume: true,
        ebs: { volumeType: "gp3", volumeSize: pool.disk, encrypted: true, kmsKeyID: keyArn, deleteOnTermination: true },
      },
    ],
    tags,
  };
}

function poolSpec(name: string, pool: KarpenterPool) {
  const among = (key: string, values: readonly string[]) => ({ key, operator: "In", values });
  return {
    template: {
      metadata: { labels: { "openchoreo.dev/node-pool": name, ...pool.labels } },
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name },
        requirements: [
          among("kubernetes.io/os", ["linux"]),
          among("kubernetes.io/arch", pool.architectures),
          among("karpenter.sh/capacity-type", pool.capacity),
          among("karpenter.k8s.aws/instance-category", pool.categories),
          { key: "karpenter.k8s.aws/instance-generation", operator: "Gte", values: [String(pool.minGeneration)] },
        ],
        startupTaints: [NETWORK_TAINT],
        ...(pool.taints.length === 0 ? {} : { taints: pool.taints }),
        expireAfter: pool.expireAfter,
      },
    },
    limits: pool.limits,
    weight: pool.weight,
    disruption: {
      consolidationPolicy: pool.consolidate,
      consolidateAfter: pool.consolidateAfter,
      budgets: [{ nodes: pool.disruption }],
    },
  };
}

function monitoring(): Monitoring {
  const used = "sum by (nodepool, resource_type) (karpenter_nodepools_usage)";
  const limit = "sum by (nodepool, resource_type) (karpenter_nodepools_limit)";
  return {
    scrapes: [
      { name: "karpenter", of: "services", labels: { "app.kubernetes.io/name": "karpenter" }, port: "http-metrics" },
    ],
    alerts: [
      {
        alert: "NodePoolNearLimit",
        expr: `${used} / ${limit} > 0.9`,
        for: "15m",
        severity: "warning",
        summary:
          "Node pool {{ $labels.nodepool }} uses more than nine tenths of its {{ $labels.resource_type }} limit.",
        runbook: "Raise karpenter.nodePools.<pool>.limits, or find out who asks for that much.",
      },
      {
        alert: "NodesCannotStart",
        expr: "sum by (error) (increase(karpenter_cloudprovider_errors_total[15m])) > 3",
        for: "15m",
        severity: "critical",
        summary: "Karpenter cannot start nodes; pods stay Pending.",
        runbook: "kubectl -n kube-system logs deployment/karpenter; kubectl get nodeclaims",
      },
    ],
    dashboards: {
      karpenter: {
        title: "Nodes by Karpenter",
        panels: [
          {
            title: "Use of limits",
            unit: "percentunit",
            queries: { "{{nodepool}} {{resource_type}}": `${used} / ${limit}` },
          },
          {
            title: "Nodes",
            queries: { "{{nodepool}}": "count by (nodepool) (karpenter_nodes_current_lifetime_seconds)" },
          },
          {
            title: "Disrupted nodes",
            queries: { "{{reason}}": "sum by (reason) (increase(karpenter_nodeclaims_disrupted_total[1h]))" },
          },
        ],
      },
    },
  };
}

export const karpenter = defineAddon({
  name: "karpenter",
  key: "karpenter",
  title: "Nodes as pods need them, on AWS",
  chart: PINS.karpenter,
  namespace: { name: NAMESPACE },
  on: ({ provider }) => provider.kind === "eks",
  needs: ["cilium", "karpenter-crd"],
  kinds: [],
  config: karpenterSettings,
  values: karpenterValues,
  identities,
  install: helmReleaseWithoutKinds,
  monitoring,
  resources,
});

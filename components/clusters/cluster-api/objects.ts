import { createHash } from "node:crypto";
import type { ClusterApiPlan, ClusterApiPool } from "../../fleet";
import { encryptionAtRest } from "./encryption";
import { INFRASTRUCTURE_GROUP, type Infrastructure, infrastructureOf, type MachineRole } from "./infrastructure";

/** An object of Cluster API on the control cluster. */
export interface ClusterApiObject {
  /** What it is for: the end of its resource's name. */
  readonly why: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: object;
  /** Whether it is one of a series: another content is another object, and the old one stays for what is made of it. */
  readonly isTemplate: boolean;
}

/** Every object of a cluster: templates, what is made of them, and the Cluster, which comes last and goes first. */
export interface ClusterApiObjects {
  readonly parts: readonly ClusterApiObject[];
  readonly cluster: ClusterApiObject;
  /** What has to be rolled out before the cluster is ready: the control plane, then the node pools. */
  readonly rolledOut: readonly ClusterApiObject[];
}

const CORE = "cluster.x-k8s.io";
const CORE_VERSION = `${CORE}/v1beta2`;
const BOOTSTRAP = "bootstrap.cluster.x-k8s.io";
const CONTROL_PLANE = "controlplane.cluster.x-k8s.io";

/** Labels by which Cluster API knows what belongs together; its webhooks would set them. */
const CLUSTER_LABEL = `${CORE}/cluster-name`;
const DEPLOYMENT_LABEL = `${CORE}/deployment-name`;
const CONTROL_PLANE_LABEL = `${CORE}/control-plane`;

/** Annotations from which the cluster autoscaler reads how far it may go. */
const AUTOSCALER = `${CORE}/cluster-api-autoscaler-node-group`;

/** Taken off by Cilium when it runs on the node; until then no pod that needs a network starts there. */
const NETWORK_TAINT = { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NoExecute" } as const;

const DRAIN_SECONDS = 600;

/**
 * Makes the objects of a cluster. Pure, and the same for the same plan; templates carry a digest of their content in their
 * names, as they cannot be changed: another machine type is another template, which machines are replaced from one by one.
 */
export function clusterApiObjects(plan: ClusterApiPlan): ClusterApiObjects {
  const infrastructure = infrastructureOf(plan);
  const controlMachines = machineTemplate(plan, infrastructure, "control-plane");
  const controlPlane = kubeadmControlPlane(plan, infrastructure, controlMachines);
  const pools = plan.pools.map((pool) => nodePool(plan, infrastructure, pool));
  const own = infrastructureCluster(plan, infrastructure);
  const checks = [controlPlaneCheck(plan), ...plan.pools.map((pool) => poolCheck(plan, pool))];
  return {
    parts: [own, controlMachines, controlPlane, ...pools.flatMap(({ parts }) => parts), ...checks],
    cluster: clusterObject(plan, own, controlPlane),
    rolledOut: [controlPlane, ...pools.map(({ deployment }) => deployment)],
  };
}

function clusterObject(
  { physicalName, ranges }: ClusterApiPlan,
  infrastructure: ClusterApiObject,
  controlPlane: ClusterApiObject,
): ClusterApiObject {
  const spec = {
    clusterNetwork: {
      pods: { cidrBlocks: [ranges.pods] },
      services: { cidrBlocks: [ranges.services] },
      serviceDomain: "cluster.local",
    },
    controlPlaneRef: reference(controlPlane),
    infrastructureRef: reference(infrastructure),
  };
  return { why: "cluster", apiVersion: CORE_VERSION, kind: "Cluster", name: physicalName, spec, isTemplate: false };
}

function infrastructureCluster({ physicalName }: ClusterApiPlan, { cluster, version }: Infrastructure) {
  const apiVersion = `${INFRASTRUCTURE_GROUP}/${version}`;
  return { why: "infrastructure", apiVersion, ...cluster, name: physicalName, isTemplate: false };
}

function kubeadmControlPlane(
  { physicalName, kubernetes, controlPlane }: ClusterApiPlan,
  { registration }: Infrastructure,
  machines: ClusterApiObject,
): ClusterApiObject {
  const spec = {
    version: `v${kubernetes}`,
    replicas: controlPlane.replicas,
    rollout: {
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
      // Certificates of a control plane live for a year; new machines have new ones.
      before: { certificatesExpiryDays: 60 },
    },
    machineTemplate: {
      spec: { infrastructureRef: reference(machines), deletion: { nodeDrainTimeoutSeconds: DRAIN_SECONDS } },
    },
    kubeadmConfigSpec: {
      ...encryptionAtRest(physicalName),
      // Cilium does what kube-proxy would do.
      initConfiguration: { skipPhases: ["addon/kube-proxy"], nodeRegistration: registration },
      joinConfiguration: { nodeRegistration: registration },
    },
  };
  const apiVersion = `${CONTROL_PLANE}/v1beta2`;
  return { why: "control-plane", apiVersion, kind: "KubeadmControlPlane", name: physicalName, spec, isTemplate: false };
}

/** A template of the machines of a pool, or of the control plane. */
function machineTemplate(
  plan: ClusterApiPlan,
  { machines, version }: Infrastructure,
  role: MachineRole,
  pool?: ClusterApiPool,
): ClusterApiObject {
  const spec = { template: { spec: machines.spec((pool ?? plan.controlPlane).machine, role) } };
  return {
    why: `${pool?.name ?? "control-plane"}-machines`,
    apiVersion: `${INFRASTRUCTURE_GROUP}/${version}`,
    kind: machines.kind,
    name: templateName(`${plan.physicalName}-${pool === undefined ? "control-plane" : `pool-${pool.name}`}`, spec),
    spec,
    isTemplate: true,
  };
}

function nodePool(plan: ClusterApiPlan, infrastructure: Infrastructure, pool: ClusterApiPool) {
  const machines = machineTemplate(plan, infrastructure, "nodes", pool);
  const bootstrap = bootstrapTemplate(plan, infrastructure, pool);
  const deployment = machineDeployment(plan, pool, reference(machines), reference(bootstrap));
  return { deployment, parts: [machines, bootstrap, deployment] };
}

function bootstrapTemplate(
  plan: ClusterApiPlan,
  { registration }: Infrastructure,
  { name, labels, taints }: ClusterApiPool,
): ClusterApiObject {
  const all = { "openchoreo.dev/node-pool": name, ...labels };
  const value = Object.entries(all)
    .map(([label, text]) => `${label}=${text}`)
    .join(",");
  const nodeRegistration = {
    ...registration,
    kubeletExtraArgs: [...registration.kubeletExtraArgs, { name: "node-labels", value }],
    taints: [NETWORK_TAINT, ...taints],
  };
  const spec = { template: { spec: { joinConfiguration: { nodeRegistration } } } };
  return {
    why: `${name}-bootstrap`,
    apiVersion: `${BOOTSTRAP}/v1beta2`,
    kind: "KubeadmConfigTemplate",
    name: templateName(`${plan.physicalName}-pool-${name}`, spec),
    spec,
    isTemplate: true,
  };
}

function machineDeployment(
  { physicalName, kubernetes: controlPlane }: ClusterApiPlan,
  { name: pool, min, max, kubernetes = controlPlane }: ClusterApiPool,
  infrastructureRef: object,
  configRef: object,
): ClusterApiObject {
  const name = poolName(physicalName, pool);
  const matchLabels = { [CLUSTER_LABEL]: physicalName, [DEPLOYMENT_LABEL]: name };
  const isScaled = max > min;
  const spec = {
    clusterName: physicalName,
    // Within bounds an autoscaler decides; Cluster API itself holds them.
    ...(isScaled ? {} : { replicas: min }),
    rollout: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    selector: { matchLabels },
    template: {
      metadata: { labels: matchLabels },
      spec: {
        clusterName: physicalName,
        version: `v${kubernetes}`,
        bootstrap: { configRef },
        infrastructureRef,
        deletion: { nodeDrainTimeoutSeconds: DRAIN_SECONDS },
      },
    },
  };
  const annotations = { [`${AUTOSCALER}-min-size`]: String(min), [`${AUTOSCALER}-max-size`]: String(max) };
  const object = { why: `${pool}-nodes`, apiVersion: CORE_VERSION, kind: "MachineDeployment", name, spec };
  return { ...object, ...(isScaled ? { annotations } : {}), isTemplate: false };
}

function poolName(cluster: string, pool: string): string {
  return `${cluster}-${pool}`;
}

/** The control plane replaces one machine at a time, and only while etcd keeps its majority. */
function controlPlaneCheck({ physicalName }: ClusterApiPlan): ClusterApiObject {
  return healthCheck("control-plane", physicalName, `${physicalName}-control-plane`, { [CONTROL_PLANE_LABEL]: "" });
}

function poolCheck({ physicalName }: ClusterApiPlan, { name }: ClusterApiPool): ClusterApiObject {
  const deployment = poolName(physicalName, name);
  // More at once are hardly broken machines, and making them anew mends nothing.
  const triggerIf = { unhealthyLessThanOrEqualTo: "40%" };
  return healthCheck(
    name,
    physicalName,
    deployment,
    { [DEPLOYMENT_LABEL]: deployment },
    { remediation: { triggerIf } },
  );
}

/** How long a node may be away, and how long a machine may take to become one; Cilium is installed in that time. */
const UNHEALTHY_SECONDS = 600;
const STARTUP_SECONDS = 1800;

function healthCheck(
  what: string,
  clusterName: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  more: object = {},
): ClusterApiObject {
  const unhealthyNodeConditions = ["False", "Unknown"].map((status) => {
    return { type: "Ready", status, timeoutSeconds: UNHEALTHY_SECONDS };
  });
  const spec = {
    clusterName,
    selector: { matchLabels: { [CLUSTER_LABEL]: clusterName, ...labels } },
    checks: { nodeStartupTimeoutSeconds: STARTUP_SECONDS, unhealthyNodeConditions },
    ...more,
  };
  const kind = "MachineHealthCheck";
  return { why: `${what}-health`, apiVersion: CORE_VERSION, kind, name, spec, isTemplate: false };
}

/** Cluster API finds the version of a kind itself. */
function reference({ apiVersion, kind, name }: Pick<ClusterApiObject, "apiVersion" | "kind" | "name">) {
  return { apiGroup: apiVersion.split("/")[0], kind, name };
}

function templateName(base: string, spec: object): string {
  return `${base}-${createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 8)}`;
}

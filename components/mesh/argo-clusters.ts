import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ARGO_CD_NAMESPACE, type ClusterAddons, type FleetAddons, reaches } from "../addons";
import type { FleetPlan, PlannedCluster } from "../fleet";
import { accountToken } from "./account-token";

/** Who Argo CD is on a data cluster. */
const ACCOUNT = "argocd-manager";

/** Everything is read, as Argo CD keeps a live picture; what it writes is what components of tenants are made of. */
const RULES = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"] },
  ...(
    [
      ["", ["configmaps", "persistentvolumeclaims", "secrets", "serviceaccounts", "services"]],
      ["apps", ["deployments", "statefulsets"]],
      ["batch", ["cronjobs", "jobs"]],
      ["autoscaling", ["horizontalpodautoscalers"]],
      ["policy", ["poddisruptionbudgets"]],
      ["gateway.networking.k8s.io", ["httproutes", "grpcroutes"]],
      ["gateway.envoyproxy.io", ["backendtrafficpolicies", "securitypolicies"]],
      ["monitoring.coreos.com", ["servicemonitors", "podmonitors", "prometheusrules"]],
    ] as const
  ).map(([group, resources]) => ({
    apiGroups: [group],
    resources: [...resources],
    verbs: ["create", "update", "patch", "delete"],
  })),
];

/** Arguments of {@link registerClusters}. */
export interface RegisterClustersArgs {
  readonly fleet: FleetPlan;
  readonly addons: FleetAddons;
}

/**
 * Makes every data cluster that it reaches known to Argo CD, which is on the control cluster. A registration waits for the
 * two clusters that it joins; one that is the control cluster itself is known to Argo CD anyway.
 */
export function registerClusters({ fleet, addons }: RegisterClustersArgs): void {
  const { control } = fleet;
  const holder = control.kind === "own" ? addons.get(control.cluster) : undefined;
  if (holder === undefined || !holder.has("argo-cd")) return;
  for (const cluster of fleet.clusters) {
    const own = addons.get(cluster.name);
    if (own === undefined || own === holder || !cluster.planes.includes("data")) continue;
    if (!isReached(cluster, fleet)) {
      pulumi.log.info(
        `Argo CD does not know ${cluster.name}: it is outside the mesh, and nothing reaches its private API server. Components with deploy: plain are not deployed there.`,
      );
      continue;
    }
    const opts = { providers: [own.connection.provider] };
    new ArgoCluster(`${cluster.name}.argo`, { cluster, addons: own, control: holder }, opts);
  }
}

/** Of a cluster that this program makes on EKS it knows the ways: the mesh's networks, or an endpoint for everyone. */
function isReached(cluster: PlannedCluster, { control, clusters }: FleetPlan): boolean {
  const holder = clusters.find(({ name }) => control.kind === "own" && name === control.cluster);
  if (cluster.eks === undefined || holder === undefined || reaches(holder, cluster)) return true;
  return cluster.eks.publicCidrs?.includes("0.0.0.0/0") === true;
}

/** Arguments of {@link ArgoCluster}. */
export interface ArgoClusterArgs {
  readonly cluster: PlannedCluster;
  readonly addons: ClusterAddons;
  /** The cluster that Argo CD is on. */
  readonly control: ClusterAddons;
}

/** One data cluster's side, and the Secret by which Argo CD knows it. */
export class ArgoCluster extends pulumi.ComponentResource {
  constructor(name: string, { cluster, addons, control }: ArgoClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:mesh:ArgoCluster", name, {}, opts);
    const account = makeAccount(name, this, addons);
    const args = { cluster: cluster.name, account, namespace: ARGO_CD_NAMESPACE, secret: ACCOUNT };
    const { token, authority } = accountToken(`${name}-account`, args, this);
    const server = addons.connection.apiServer.apply(({ host, port }) => `https://${host}:${port}`);
    const config = pulumi
      .all([token, authority])
      .apply(([bearerToken, caData]) => JSON.stringify({ bearerToken, tlsClientConfig: { caData } }));
    new kubernetes.core.v1.Secret(
      name,
      {
        metadata: {
          name: `cluster-${cluster.name}`,
          namespace: ARGO_CD_NAMESPACE,
          labels: {
            "argocd.argoproj.io/secret-type": "cluster",
            "choreo.dev/cluster": cluster.name,
            "choreo.dev/wave": String(cluster.wave),
          },
        },
        stringData: { name: cluster.name, server, config: pulumi.secret(config) },
      },
      { parent: this, provider: control.connection.provider, dependsOn: control.ready("argo-cd") },
    );
    this.registerOutputs();
  }
}

function makeAccount(name: string, parent: pulumi.Resource, addons: ClusterAddons): kubernetes.core.v1.ServiceAccount {
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
  const namespace = new kubernetes.core.v1.Namespace(
    `${name}-namespace`,
    { metadata: { name: ARGO_CD_NAMESPACE, labels } },
    { parent, dependsOn: addons.ready("cilium") },
  );
  const role = new kubernetes.rbac.v1.ClusterRole(
    `${name}-role`,
    { metadata: { name: ACCOUNT }, rules: RULES },
    { parent },
  );
  new kubernetes.rbac.v1.ClusterRoleBinding(
    `${name}-binding`,
    {
      metadata: { name: ACCOUNT },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: ACCOUNT, namespace: ARGO_CD_NAMESPACE }],
    },
    { parent },
  );
  return new kubernetes.core.v1.ServiceAccount(
    `${name}-service-account`,
    { metadata: { name: ACCOUNT, namespace: ARGO_CD_NAMESPACE } },
    { parent, dependsOn: namespace },
  );
}

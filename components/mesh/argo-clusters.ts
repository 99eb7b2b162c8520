import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ARGO_CD_NAMESPACE, type ClusterAddons, type FleetAddons, reaches } from "../addons";
import type { ClusterSources } from "../clusters";
import { type FleetPlan, type PlannedCluster, planeName } from "../fleet";
import { type AccountToken, accountToken } from "./account-token";

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
  readonly clusters: Pick<ClusterSources, "otherControl">;
}

/** The cluster that Argo CD is on. */
interface ArgoCdSite {
  readonly name: string;
  readonly provider: kubernetes.Provider;
  /** What objects of Argo CD come after; another stack's is there already. */
  readonly ready: pulumi.Input<pulumi.Resource[]>;
}

/**
 * Makes every data cluster that it reaches known to Argo CD, which is on the control cluster, this stack's or another one's.
 * A registration waits for the two clusters that it joins; one that is the control cluster itself is known to Argo CD anyway.
 */
export function registerClusters(args: RegisterClustersArgs): void {
  const { fleet, addons } = args;
  const data = fleet.clusters.filter(({ planes }) => planes.includes("data"));
  const own = data.flatMap((cluster) => {
    const found = addons.get(cluster.name);
    return found === undefined ? [] : [{ cluster, addons: found }];
  });
  const control = own.length === 0 ? undefined : argoCdSite(args);
  if (control === undefined) return;
  for (const { cluster, addons: target } of own) {
    if (cluster.name === control.name) continue;
    if (!isReached(cluster, fleet)) {
      pulumi.log.info(
        `Argo CD does not know ${cluster.name}: it is outside the mesh, and nothing reaches its private API server. Components with deploy: plain are not deployed there.`,
      );
      continue;
    }
    const opts = { providers: [target.connection.provider] };
    new ArgoCluster(`${cluster.name}.argo`, { fleet, cluster, addons: target, control }, opts);
  }
}

/** Another stack's Argo CD is there where this stack's own settings want one. */
function argoCdSite({ fleet: { control }, addons, clusters }: RegisterClustersArgs): ArgoCdSite | undefined {
  if (control.kind === "own") {
    const holder = addons.get(control.cluster);
    if (holder === undefined || !holder.has("argo-cd")) return undefined;
    return { name: control.cluster, provider: holder.connection.provider, ready: holder.ready("argo-cd") };
  }
  const [any] = addons.values();
  const wanted = any?.target().selected.some(({ addon }) => addon.name === "argo-cd") ?? false;
  const connection = wanted ? clusters.otherControl() : undefined;
  // No cluster's name has a dot: none of this stack's is the other one.
  return connection && { name: "control.other", provider: connection.provider, ready: [] };
}

/** Of a cluster that this program makes on EKS it knows the ways: the mesh's networks, or an endpoint for everyone. */
function isReached(cluster: PlannedCluster, { control, clusters }: FleetPlan): boolean {
  const holder = clusters.find(({ name }) => control.kind === "own" && name === control.cluster);
  if (cluster.eks === undefined || holder === undefined || reaches(holder, cluster)) return true;
  return cluster.eks.publicCidrs?.includes("0.0.0.0/0") === true;
}

/** Arguments of {@link ArgoCluster}. */
export interface ArgoClusterArgs {
  readonly fleet: FleetPlan;
  readonly cluster: PlannedCluster;
  readonly addons: ClusterAddons;
  readonly control: ArgoCdSite;
}

/** One data cluster's side, and the Secret by which Argo CD knows it. */
export class ArgoCluster extends pulumi.ComponentResource {
  constructor(name: string, args: ArgoClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:mesh:ArgoCluster", name, {}, opts);
    const { cluster, addons } = args;
    const account = makeAccount(name, this, addons);
    const { token, authority } = accountToken(
      `${name}-account`,
      { cluster: cluster.name, lost: cluster.lost, account, namespace: ARGO_CD_NAMESPACE, secret: ACCOUNT },
      this,
    );
    // Argo CD forgets a cluster that is lost; its own side stays there as it is.
    if (!cluster.lost) this.makeKnown(name, args, { token, authority });
    this.registerOutputs();
  }

  /** The Secret on the control cluster. */
  private makeKnown(
    name: string,
    { fleet, cluster, addons, control }: ArgoClusterArgs,
    { token, authority }: AccountToken,
  ): void {
    // Several stacks may have clusters of one name at the same Argo CD.
    const known = planeName(fleet, cluster);
    const server = addons.connection.apiServer.apply(({ host, port }) => `https://${host}:${port}`);
    const config = pulumi
      .all([token, authority])
      .apply(([bearerToken, caData]) => JSON.stringify({ bearerToken, tlsClientConfig: { caData } }));
    new kubernetes.core.v1.Secret(
      name,
      {
        metadata: {
          name: `cluster-${known}`,
          namespace: ARGO_CD_NAMESPACE,
          labels: {
            "argocd.argoproj.io/secret-type": "cluster",
            "choreo.dev/cluster": known,
            "choreo.dev/wave": String(cluster.wave),
          },
        },
        stringData: { name: known, server, config: pulumi.secret(config) },
      },
      { parent: this, provider: control.provider, dependsOn: control.ready },
    );
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

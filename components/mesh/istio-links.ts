import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { type ClusterAddons, type FleetAddons, ISTIO_SYSTEM } from "../addons";
import { type FleetPlan, livePeersOf, type PlannedCluster, peersOf } from "../fleet";
import { accountToken } from "./account-token";
import { EAST_WEST_NAMESPACE, eastWestGateway } from "./istio-gateway";

/** Secret with the token by which the peers' control planes read a cluster. */
const TOKEN_SECRET = "istio-remote-reader";

/** What istiod's chart lets readers of a cluster see. */
const READER_ROLE = `istio-reader-clusterrole-${ISTIO_SYSTEM.name}`;

/** Arguments of {@link linkMeshes}. */
export interface LinkMeshesArgs {
  readonly fleet: FleetPlan;
  readonly addons: FleetAddons;
}

/**
 * Joins every pair of the mesh's clusters by Istio: a gateway on each, and on each a way for its control plane to read the
 * other. A link waits for the two clusters that it joins, and for no other.
 */
export function linkMeshes({ fleet, addons }: LinkMeshesArgs): void {
  const members = new Map(
    fleet.clusters.flatMap((cluster) => {
      const own = addons.get(cluster.name);
      const alone = peersOf(fleet, cluster.name).length === 0;
      if (own === undefined || alone || !own.has("istiod")) return [];
      const opts = { providers: [own.connection.provider] };
      return [[cluster.name, new IstioMember(`${cluster.name}.istio`, { cluster, fleet, addons: own }, opts)] as const];
    }),
  );
  for (const [name, member] of members) {
    for (const peer of livePeersOf(fleet, name)) {
      const other = members.get(peer.name);
      if (other !== undefined) member.read(other);
    }
  }
}

/** Arguments of {@link IstioMember}. */
export interface IstioMemberArgs {
  readonly cluster: PlannedCluster;
  readonly fleet: FleetPlan;
  readonly addons: ClusterAddons;
}

/** A cluster's side of the mesh: the gateway for its peers, and an account for their control planes. */
export class IstioMember extends pulumi.ComponentResource {
  /** By which peers read the cluster; a secret. */
  private readonly kubeconfig: pulumi.Output<string>;
  private readonly cluster: string;

  constructor(
    private readonly prefix: string,
    private readonly args: IstioMemberArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:mesh:IstioMember", prefix, {}, opts);
    const { cluster, addons } = args;
    this.cluster = cluster.name;
    const namespace = this.gatewayNamespace();
    eastWestGateway(`${prefix}-gateway`, args, { parent: this, dependsOn: namespace });
    const account = this.reader();
    const reader = {
      cluster: cluster.name,
      lost: cluster.lost,
      account,
      namespace: ISTIO_SYSTEM.name,
      secret: TOKEN_SECRET,
    };
    const { token, authority } = accountToken(`${prefix}-reader`, reader, this);
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([addons.connection.apiServer, token, authority])
        .apply(([server, ...credentials]) => remoteKubeconfig(cluster.name, server, ...credentials)),
    );
    this.registerOutputs();
  }

  /** Lets the cluster's control plane read another one. */
  read(other: IstioMember): void {
    const { prefix, args } = this;
    new kubernetes.core.v1.Secret(
      `${prefix}-${other.cluster}`,
      {
        metadata: {
          name: `istio-remote-secret-${other.cluster}`,
          namespace: ISTIO_SYSTEM.name,
          labels: { "istio/multiCluster": "true" },
          annotations: { "networking.istio.io/cluster": other.cluster },
        },
        stringData: { [other.cluster]: other.kubeconfig },
      },
      { parent: this, dependsOn: args.addons.ready("istiod") },
    );
  }

  /** Who peers read the cluster as: an account of this program's own, with the role that Istio's chart makes for it. */
  private reader(): kubernetes.core.v1.ServiceAccount {
    const { prefix, args } = this;
    const opts = { parent: this, dependsOn: args.addons.ready("istiod") };
    const metadata = { name: TOKEN_SECRET, namespace: ISTIO_SYSTEM.name };
    new kubernetes.rbac.v1.ClusterRoleBinding(
      `${prefix}-reader-binding`,
      {
        metadata: { name: TOKEN_SECRET },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: READER_ROLE },
        subjects: [{ kind: "ServiceAccount", ...metadata }],
      },
      opts,
    );
    return new kubernetes.core.v1.ServiceAccount(`${prefix}-reader-account`, { metadata }, opts);
  }

  /** Made after whoever takes load balancers down, and removed before: so a destroy waits for an empty namespace. */
  private gatewayNamespace(): pulumi.Resource {
    const { prefix, args } = this;
    const ready = [args.addons.ready("istiod"), args.addons.ready("aws-load-balancer-controller")];
    const dependsOn = pulumi.all(ready).apply((all) => all.flat());
    return new kubernetes.core.v1.Namespace(
      `${prefix}-namespace`,
      {
        metadata: {
          name: EAST_WEST_NAMESPACE,
          labels: {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      { parent: this, dependsOn: dependsOn as pulumi.Output<pulumi.Resource[]> },
    );
  }
}

/** What istiod reads a peer with: the API server as pods of other clusters reach it, and the account's token. */
export function remoteKubeconfig(
  name: string,
  { host, port }: { readonly host: string; readonly port: number },
  token: string,
  authority: string,
): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: `https://${host}:${port}`, "certificate-authority-data": authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

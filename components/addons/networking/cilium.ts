import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Workload } from "../../clusters";
import { livePeersOf, type MeshMembership } from "../../fleet";
import type { Problem } from "../../settings";
import { SignedCertificate } from "../../trust";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget, PlatformCluster } from "../contract";
import { digest } from "../digest";
import { CA_BUNDLE, ciliumCertificates } from "./cilium-certificates";
import { eniIdentity, eniMeshService, eniRouting } from "./cilium-eni";
import { ciliumMonitoring } from "./cilium-monitoring";
import { fixedAddress, fixedAddressAnnotations, hasFixedAddresses } from "./fixed-address";

const NAMESPACE = "kube-system";

/** Kinds that this program makes or waits for; the operator registers more of them. */
const KINDS = [
  ["CiliumNetworkPolicy", "ciliumnetworkpolicies", "v2", "Namespaced"],
  ["CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", "v2", "Cluster"],
  ["CiliumLoadBalancerIPPool", "ciliumloadbalancerippools", "v2", "Cluster"],
  ["CiliumL2AnnouncementPolicy", "ciliuml2announcementpolicies", "v2alpha1", "Cluster"],
] as const;

/** Labels of the Service of the cluster-mesh API server, as Cilium's chart gives them. */
const MESH_SERVICE = { "k8s-app": "clustermesh-apiserver" } as const;

const config = (profile: "development" | "production") => {
  const replicas = profile === "production" ? 2 : 1;
  return z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off only where every cluster says cilium: present."),
      hubble: z
        .strictObject({
          relay: z.boolean().default(true).describe("Hubble's view over all nodes."),
          ui: z.boolean().default(true).describe("Hubble's web interface; needs the relay."),
          metrics: z
            .array(z.string().min(1))
            .default(["dns", "drop", "tcp", "flow", "port-distribution", "icmp"])
            .describe("Hubble metrics, as Cilium's chart spells them."),
        })
        .refine((hubble) => hubble.relay || !hubble.ui, {
          path: ["ui"],
          error: "needs hubble.relay; switch it off too",
        })
        .prefault({}),
      operatorReplicas: z.int().min(1).max(5).default(replicas).describe("Replicas of cilium-operator."),
      clusterMeshReplicas: z.int().min(1).max(5).default(replicas).describe("Replicas of the cluster-mesh API server."),
      podCidrMaskSize: z
        .int()
        .min(20)
        .max(28)
        .default(24)
        .describe("Prefix length of each node's part of the pod range."),
    })
    .describe("Cilium: network, kube-proxy's replacement, encryption, Hubble, cluster mesh.");
};
export type CiliumConfig = z.output<ReturnType<typeof config>>;

/**
 * Cilium's Helm values. Nothing in them comes from another cluster's resources, so no two clusters wait for each other.
 * Sources: the chart's values.yaml; Istio's documentation of ambient mode on Cilium for `cni.exclusive`,
 * `socketLB.hostNamespaceOnly` and `bpf.masquerade`.
 */
export function ciliumValues(target: AddonTarget, settings: CiliumConfig) {
  const { cluster, fleet, connection, trust } = target;
  const { hubble } = settings;
  // Whoever verifies certificates reads the roots at its start only, so a changed bundle has to start it anew.
  const podAnnotations = { "openchoreo.dev/trust": trust.bundle.apply(digest) };
  return {
    cluster: { name: cluster.name, id: cluster.mesh?.id ?? 0 },
    // Without kube-proxy nothing serves the cluster's own "kubernetes" Service before Cilium does.
    k8sServiceHost: connection.apiServer.host,
    k8sServicePort: connection.apiServer.port,
    kubeProxyReplacement: "true",
    ...routing(target, settings.podCidrMaskSize),
    podAnnotations,
    ...announcements(cluster),
    encryption: { enabled: fleet.mesh.encryption === "wireguard", type: "wireguard" },
    // Istio's CNI and ztunnel work beside Cilium only so.
    cni: { exclusive: false },
    socketLB: { hostNamespaceOnly: true },
    bpf: { masquerade: false },
    rollOutCiliumPods: true,
    operator: { replicas: settings.operatorReplicas, rollOutPods: true, prometheus: { enabled: true } },
    prometheus: { enabled: true },
    tls: { caBundle: { enabled: true, name: CA_BUNDLE, key: "ca.crt" } },
    hubble: {
      enabled: true,
      metrics: { enabled: hubble.metrics, enableOpenMetrics: true },
      // Certificates that the chart made itself would be new at every preview.
      tls: { enabled: true, auto: { enabled: false }, server: { existingSecret: "hubble-server-certs" } },
      relay: {
        enabled: hubble.relay,
        rollOutPods: true,
        podAnnotations,
        prometheus: { enabled: true },
        tls: { client: { existingSecret: "hubble-relay-client-certs" } },
      },
      ui: { enabled: hubble.ui, rollOutPods: true },
    },
    clustermesh: clusterMesh(target, settings.clusterMeshReplicas, podAnnotations),
  };
}

/** A fixed address of the mesh is answered for by Cilium itself: no cloud is there to do it. */
function announcements(cluster: AddonTarget["cluster"]) {
  if (!hasFixedAddresses(cluster)) return {};
  // Announcing takes leases, which the client's default rate would starve. Source: Cilium's documentation, L2 announcements.
  return { l2announcements: { enabled: true }, k8sClientRateLimit: { qps: 20, burst: 40 } };
}

function routing(target: AddonTarget, maskSize: number) {
  const { cluster, fleet } = target;
  if (cluster.ranges.pods === undefined) return eniRouting(target);
  const ipam = {
    mode: "cluster-pool",
    operator: { clusterPoolIPv4PodCIDRList: [cluster.ranges.pods], clusterPoolIPv4MaskSize: maskSize },
  };
  if (cluster.routing === "tunnel") return { routingMode: "tunnel", tunnelProtocol: "vxlan", ipam };
  return {
    routingMode: "native",
    autoDirectNodeRoutes: true,
    // Nodes of another network are reached by its routers, which know the pods' ranges.
    directRoutingSkipUnreachable: true,
    // The pods of every cluster: what goes to a peer's pods keeps its address, and with it its identity.
    ipv4NativeRoutingCIDR: fleet.mesh.nativeRange,
    ipam,
  };
}

function clusterMesh(target: AddonTarget, replicas: number, podAnnotations: object) {
  const { mesh } = target.cluster;
  // Equal on every cluster and never changed: identities are numbered by it.
  const maxConnectedClusters = 255;
  if (mesh === undefined) return { useAPIServer: false, maxConnectedClusters };
  return {
    useAPIServer: true,
    maxConnectedClusters,
    // The lists of peers are Secrets of components/mesh: one more cluster is no upgrade of this release.
    config: { enabled: false },
    apiserver: {
      replicas,
      podAnnotations,
      service: meshService(target, mesh),
      tls: { authMode: "cluster", auto: { enabled: false }, enableSecrets: false },
      metrics: { enabled: true },
    },
  };
}

function meshService(target: AddonTarget, { host, fixedAddress: address }: MeshMembership) {
  const own = target.cluster.eks === undefined ? { annotations: {} } : eniMeshService(target);
  return {
    type: "LoadBalancer",
    ...own,
    ...(address === undefined ? {} : { loadBalancerIP: address }),
    annotations: {
      "external-dns.alpha.kubernetes.io/hostname": host,
      ...fixedAddressAnnotations(address),
      ...own.annotations,
    },
  };
}

/** Secrets and ConfigMaps that the chart expects when it makes no certificates itself. */
function prepare({ name, cluster, fleet, trust, config, opts }: AddonScope<CiliumConfig>): pulumi.Resource[] {
  const metadata = (object: string) => ({ name: object, namespace: NAMESPACE });
  const bundle = new kubernetes.core.v1.ConfigMap(
    `${name}-ca-bundle`,
    { metadata: metadata(CA_BUNDLE), data: { "ca.crt": trust.bundle } },
    opts,
  );
  // Where Cilium's tools look for the mesh's CA; its key stays in the state.
  const ca = new kubernetes.core.v1.Secret(
    `${name}-ca`,
    { metadata: metadata("cilium-ca"), stringData: { "ca.crt": trust.bundle } },
    opts,
  );
  const certificates = ciliumCertificates(cluster, config.hubble.relay).map(({ secret, ...certificate }) => {
    const signed = new SignedCertificate(
      `${name}-${secret}`,
      { ...certificate, signer: trust.authority("cilium") },
      { parent: opts.parent },
    );
    const stringData = { "ca.crt": trust.bundle, "tls.crt": signed.chain, "tls.key": signed.key };
    return new kubernetes.core.v1.Secret(
      `${name}-${secret}`,
      { metadata: metadata(secret), type: "kubernetes.io/tls", stringData },
      opts,
    );
  });
  return [bundle, ca, ...certificates, ...meshUsers()];

  /** The cluster-mesh API server admits each peer under a name of its own; its pod does not start without the list. */
  function meshUsers(): pulumi.Resource[] {
    if (cluster.mesh === undefined) return [];
    const users = livePeersOf(fleet, cluster.name).map((peer) => `- name: remote-${peer.name}\n  role: remote\n`);
    const data = { "users.yaml": users.length === 0 ? "users: []\n" : `users:\n${users.join("")}` };
    const list = { metadata: metadata("clustermesh-remote-users"), data };
    return [new kubernetes.core.v1.ConfigMap(`${name}-mesh-users`, list, opts)];
  }
}

/**
 * Kubelet's probes of pods in Istio's ambient mesh come from this link-local address; without the rule a default-deny
 * policy makes such pods unhealthy. Source: Istio's documentation, "Ambient and Kubernetes NetworkPolicy".
 */
function ambientProbes({ name, opts }: AddonScope<CiliumConfig>): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-ambient-probes`,
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumClusterwideNetworkPolicy",
      metadata: { name: "allow-ambient-hostprobes" },
      spec: {
        description: "Kubelet's health probes of pods in the ambient mesh",
        enableDefaultDeny: { egress: false, ingress: false },
        endpointSelector: {},
        ingress: [{ fromCIDR: ["169.254.7.127/32"] }],
      },
    },
    opts,
  );
}

/** Gives the cluster-mesh API server its fixed address. */
function meshAddress({ name, cluster, opts }: AddonScope<CiliumConfig>): pulumi.Resource[] {
  const address = cluster.mesh?.fixedAddress;
  if (address === undefined) return [];
  return fixedAddress(`${name}-mesh`, { physical: "choreo-mesh-address", address, service: MESH_SERVICE }, opts);
}

function problems(
  { enabled, podCidrMaskSize }: CiliumConfig,
  clusters: Readonly<Record<string, PlatformCluster>>,
): Problem[] {
  const managed = Object.entries(clusters).filter(([, { settings }]) => settings.cilium === "managed");
  if (!enabled) {
    const names = managed.map(([name]) => name).join(", ");
    const message = `false, but ${names} say cilium: managed; say "present" where someone else runs Cilium`;
    return managed.length === 0 ? [] : [{ path: "platform.cilium.enabled", message }];
  }
  return managed.flatMap(
    ([
      name,
      {
        ranges: { pods },
      },
    ]) => {
      if (pods === undefined || Number(pods.split("/")[1]) < podCidrMaskSize) return [];
      const message = `a /${podCidrMaskSize} for each node does not fit into ${pods}, the pods of cluster "${name}"; use a larger number`;
      return [{ path: "platform.cilium.podCidrMaskSize", message }];
    },
  );
}

/** The release's workloads; it cannot wait itself, as the mesh's address comes from a pool that is made after it. */
function workloads({ mesh }: AddonTarget["cluster"], { hubble }: CiliumConfig): Workload[] {
  const deployments = [
    "cilium-operator",
    ...(hubble.relay ? ["hubble-relay"] : []),
    ...(hubble.ui ? ["hubble-ui"] : []),
    ...(mesh === undefined ? [] : ["clustermesh-apiserver"]),
  ];
  return [
    { kind: "DaemonSet", namespace: NAMESPACE, name: "cilium" },
    ...deployments.map((name) => ({ kind: "Deployment", namespace: NAMESPACE, name }) as const),
  ];
}

export const cilium = defineAddon({
  name: "cilium",
  key: "cilium",
  title: "Network, kube-proxy replacement, WireGuard, Hubble and cluster mesh",
  chart: PINS.cilium,
  namespace: { name: NAMESPACE },
  on: (cluster) => cluster.cilium === "managed",
  stage: "network",
  needs: [],
  kinds: KINDS.map(([kind, plural, version, scope]) => ({
    group: "cilium.io",
    version,
    kind,
    plural,
    scope,
    registeredBy: "operator" as const,
  })),
  keepsKinds: () => "registered by cilium-operator, which leaves it",
  config,
  values: ciliumValues,
  identities: eniIdentity,
  monitoring: ({ cluster }, { hubble }) =>
    ciliumMonitoring(cluster, { relay: hubble.relay, flows: hubble.metrics.length > 0 }),
  prepare,
  problems,
  workloads,
  resources: (scope) => [ambientProbes(scope), ...meshAddress(scope)],
});

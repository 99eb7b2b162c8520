import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { peersOf } from "../fleet";
import { SignedCertificate } from "../trust";
import { type AddonScope, type AddonTarget, defineAddon } from "./addon";
import { PINS } from "./charts";
import { CA_BUNDLE, ciliumCertificates } from "./cilium-certificates";

const NAMESPACE = "kube-system";

/** Kinds that this program makes or waits for; the operator registers more of them. */
const KINDS = [
  ["CiliumNetworkPolicy", "ciliumnetworkpolicies", "Namespaced"],
  ["CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", "Cluster"],
] as const;

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
export function ciliumValues({ cluster, fleet, connection }: AddonTarget, settings: CiliumConfig) {
  const { hubble } = settings;
  return {
    cluster: { name: cluster.name, id: cluster.mesh?.id ?? 0 },
    // Without kube-proxy nothing serves the cluster's own "kubernetes" Service before Cilium does.
    k8sServiceHost: connection.apiServer.host,
    k8sServicePort: connection.apiServer.port,
    kubeProxyReplacement: "true",
    ...routing(cluster, settings.podCidrMaskSize),
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
        prometheus: { enabled: true },
        tls: { client: { existingSecret: "hubble-relay-client-certs" } },
      },
      ui: { enabled: hubble.ui, rollOutPods: true },
    },
    clustermesh: clusterMesh(cluster, settings.clusterMeshReplicas),
  };
}

function routing(cluster: AddonTarget["cluster"], maskSize: number) {
  const ipam = {
    mode: "cluster-pool",
    operator: { clusterPoolIPv4PodCIDRList: [cluster.ranges.pods], clusterPoolIPv4MaskSize: maskSize },
  };
  if (cluster.routing === "tunnel") return { routingMode: "tunnel", tunnelProtocol: "vxlan", ipam };
  return { routingMode: "native", autoDirectNodeRoutes: true, ipv4NativeRoutingCIDR: cluster.ranges.pods, ipam };
}

function clusterMesh({ mesh }: AddonTarget["cluster"], replicas: number) {
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
      service: {
        type: "LoadBalancer",
        ...(mesh.fixedAddress === undefined ? {} : { loadBalancerIP: mesh.fixedAddress }),
        annotations: {
          "external-dns.alpha.kubernetes.io/hostname": mesh.host,
          ...(mesh.fixedAddress === undefined ? {} : { "lbipam.cilium.io/ips": mesh.fixedAddress }),
        },
      },
      tls: { authMode: "cluster", auto: { enabled: false }, enableSecrets: false },
      metrics: { enabled: true },
    },
  };
}

/** Secrets and ConfigMaps that the chart expects when it makes no certificates itself. */
function prepare({ name, cluster, fleet, trust, opts }: AddonScope<CiliumConfig>): pulumi.Resource[] {
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
  const certificates = ciliumCertificates(cluster).map(({ secret, ...certificate }) => {
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
    const users = peersOf(fleet, cluster.name).map((peer) => `- name: remote-${peer.name}\n  role: remote\n`);
    const data = { "users.yaml": users.length === 0 ? "users: []\n" : `users:\n${users.join("")}` };
    const users_ = { metadata: metadata("clustermesh-remote-users"), data };
    return [new kubernetes.core.v1.ConfigMap(`${name}-mesh-users`, users_, opts)];
  }
}

/**
 * Kubelet's probes of pods in Istio's ambient mesh come from this link-local address; without the rule a default-deny
 * policy makes such pods unhealthy. Source: Istio's documentation, "Ambient and Kubernetes NetworkPolicy".
 */
function resources({ name, opts }: AddonScope<CiliumConfig>): void {
  new kubernetes.apiextensions.CustomResource(
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

export const cilium = defineAddon({
  name: "cilium",
  key: "cilium",
  title: "Network, kube-proxy replacement, WireGuard, Hubble and cluster mesh",
  chart: PINS.cilium,
  namespace: { name: NAMESPACE },
  on: (cluster) => cluster.cilium === "managed",
  needs: [],
  kinds: KINDS.map(([kind, plural, scope]) => ({
    group: "cilium.io",
    version: "v2",
    kind,
    plural,
    scope,
    registeredBy: "operator" as const,
  })),
  keepsKinds: () => "registered by cilium-operator, which leaves it",
  config,
  values: ciliumValues,
  prepare,
  resources,
});

import type * as pulumi from "@pulumi/pulumi";
import { type AddonTarget, isOn } from "../contract";
import { restrictedPod } from "../restricted";
import { spreadOverNodes, spreadOverZones } from "../spread";
import { BUCKET_KEY } from "./metrics-bucket";
import { CLUSTER_DOMAIN, METRICS, REPLICA_LABELS } from "./names";

/** User of Thanos' images. */
const USER = 1001;

/** Where certificates are mounted. */
export const TLS_FOLDER = "/etc/thanos/tls";

/** What each part of Thanos asks for. */
export function resources(cpu: string, memory: string, limit: string) {
  return { requests: { cpu, memory }, limits: { memory: limit } };
}

/** Values that hold for all parts of a release: without the parts that are on by default. */
export function commonValues({ secret, digest }: { readonly secret: string; readonly digest: pulumi.Input<string> }) {
  return {
    global: {
      podSecurityContext: restrictedPod(USER),
      podAnnotations: { "openchoreo.dev/start": digest },
      objstore: { secretName: secret, secretKey: BUCKET_KEY },
      // Each part may do with the bucket what it has to, and no more.
      serviceAccount: { create: false, perComponent: true, automountServiceAccountToken: false },
      // Rules that need the kinds of Prometheus' operator; those of `monitoring` do not.
      thanosRules: { enabled: false },
    },
    receive: { enabled: false },
  };
}

/** Values of one part: how often it runs, and that replicas are on different nodes and zones. */
export function partValues(release: string, component: string, replicas: number) {
  const labels = { "app.kubernetes.io/instance": release, "app.kubernetes.io/component": component };
  const several = {
    pdb: { enabled: true, maxUnavailable: 1 },
    topologySpreadConstraints: [...spreadOverZones(replicas, labels), ...spreadOverNodes(replicas, labels)],
  };
  return {
    replicaCount: replicas,
    // Some parts have a context of their own, which would hide the common one.
    podSecurityContext: restrictedPod(USER),
    ...(replicas > 1 ? several : {}),
  };
}

/** A Secret of certificates as a part mounts it. */
export function tlsVolume(secret: string) {
  return {
    extraVolumes: [{ name: "tls", secret: { secretName: secret } }],
    extraVolumeMounts: [{ name: "tls", mountPath: TLS_FOLDER, readOnly: true }],
  };
}

/** Arguments of a gRPC server that only answers whoever has a certificate of the mesh. */
export const SERVER_TLS = [
  `--grpc-server-tls-cert=${TLS_FOLDER}/tls.crt`,
  `--grpc-server-tls-key=${TLS_FOLDER}/tls.key`,
  `--grpc-server-tls-client-ca=${TLS_FOLDER}/ca.crt`,
];

/** Arguments of a client that speaks to such servers alone. */
export const CLIENT_TLS = [
  "--grpc-client-tls-secure",
  `--grpc-client-tls-cert=${TLS_FOLDER}/tls.crt`,
  `--grpc-client-tls-key=${TLS_FOLDER}/tls.key`,
  `--grpc-client-tls-ca=${TLS_FOLDER}/ca.crt`,
];

/** Endpoints of the cluster's own sidecars, each found by its name; none where Prometheus is not there. */
export function sidecarEndpoints(target: AddonTarget): string[] {
  if (!isOn(target, METRICS.prometheus.addon)) return [];
  return [`dnssrv+_grpc._tcp.${METRICS.sidecars}.${METRICS.namespace}.svc.${CLUSTER_DOMAIN}`];
}

/** Labels by which a query tells replicas apart. */
export const REPLICAS = { replicaLabels: [...REPLICA_LABELS] };

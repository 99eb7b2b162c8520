import { stringify } from "yaml";
import { words } from "../../settings";
import type { AddonTarget } from "../contract";
import { digest } from "../digest";
import { globalServiceAnnotations } from "../global-service";
import { IMAGES } from "../images";
import { OPENSEARCH, USERS } from "./names";
import type { OpenSearchConfig } from "./opensearch-config";
import { ADMINISTRATOR, NODE, subjectOf } from "./opensearch-security";
import { KEYSTORE, keystoreFiles, objectStoreSettings } from "./snapshots";

/** Objects that the chart's pods mount. */
export const SECRETS = {
  /** Certificate of the nodes, for their own connections and for clients. */
  tls: "opensearch-tls",
  /** Certificate of whoever changes users and roles. */
  administrator: "opensearch-administrator",
  /** Name and password of the administrator. */
  login: "opensearch-login",
  metrics: "opensearch-metrics",
  /** The security plugin's files. */
  security: "opensearch-security",
} as const;

/** Port of the metrics exporter beside each node. */
export const EXPORTER_PORT = "exporter";
const EXPORTER_IMAGE = IMAGES["opensearch-exporter"];

/** Where the image looks for its configuration, and the certificates' folder in it. */
const HOME = "/usr/share/opensearch/config";
const CERTIFICATES = "certificates";

/** Pod Security "restricted" of one container. */
const CONTAINER_SECURITY = {
  runAsNonRoot: true,
  runAsUser: 1000,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** Mebibytes of a size such as `1Gi`. */
function mebibytes(size: string): number {
  return Math.floor((words.quantityValue(size) ?? 0) / 2 ** 20);
}

/**
 * OpenSearch's Helm values. Sources: the chart's values.yaml; OpenSearch's documentation, "Configuring TLS certificates"
 * and "Security settings".
 */
export function opensearchValues(target: AddonTarget, config: OpenSearchConfig) {
  const heap = mebibytes(config.heap);
  const store = config.snapshots.enabled ? keystoreFiles(target) : undefined;
  return {
    fullnameOverride: OPENSEARCH.service,
    clusterName: "choreo-logs",
    masterService: OPENSEARCH.service,
    singleNode: config.nodes === 1,
    replicas: config.nodes,
    opensearchJavaOpts: `-Xms${heap}m -Xmx${heap}m`,
    // The heap is half of the memory: the other half is the page cache that searches live on.
    resources: { requests: { cpu: config.cpu, memory: `${2 * heap}Mi` }, limits: { memory: `${2 * heap}Mi` } },
    initResources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    // fsGroup gives the volume to OpenSearch; the chart's own way is a container that runs as root.
    persistence: { size: config.storage, enableInitChown: false },
    podSecurityContext: { runAsNonRoot: true, fsGroup: 1000, runAsUser: 1000, fsGroupChangePolicy: "OnRootMismatch" },
    securityContext: CONTAINER_SECURITY,
    rbac: { create: true },
    enableServiceLinks: false,
    extraEnvs: environment(),
    // The CA is read at the start only; what it signs is read anew when it changes.
    podAnnotations: { "openchoreo.dev/trust": target.trust.authority("platform").certificate.apply(digest) },
    secretMounts: [{ name: "tls", secretName: SECRETS.tls, path: `${HOME}/${CERTIFICATES}` }],
    securityConfig: { config: { securityConfigSecret: SECRETS.security } },
    config: { "opensearch.yml": stringify(settingsFile(target, config)) },
    service: { annotations: globalServiceAnnotations("pods") },
    topologySpreadConstraints: spread(config.nodes),
    ...(config.snapshots.enabled ? { plugins: { enabled: true, installList: [config.snapshots.plugin] } } : {}),
    ...(store === undefined ? {} : { keystore: [{ secretName: KEYSTORE }] }),
    extraContainers: [exporter()],
  };
}

/** Over zones first, then over nodes, as far as there are any. */
function spread(nodes: number) {
  if (nodes === 1) return [];
  const labelSelector = {
    matchLabels: { "app.kubernetes.io/name": "opensearch", "app.kubernetes.io/instance": OPENSEARCH.service },
  };
  const whenUnsatisfiable = "ScheduleAnyway";
  return [{ maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable, labelSelector }];
}

function environment() {
  return [
    // The image neither starts without the password, nor makes users of its own with the first line.
    { name: "DISABLE_INSTALL_DEMO_CONFIG", value: "true" },
    {
      name: "OPENSEARCH_INITIAL_ADMIN_PASSWORD",
      valueFrom: { secretKeyRef: { name: SECRETS.login, key: "password" } },
    },
    { name: "DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI", value: "true" },
  ];
}

/** opensearch.yml. Certificates are checked by who signed them and whom they name: nodes find each other by addresses. */
function settingsFile(target: AddonTarget, config: OpenSearchConfig): Record<string, unknown> {
  const files = (layer: "http" | "transport") => ({
    [`plugins.security.ssl.${layer}.pemcert_filepath`]: `${CERTIFICATES}/tls.crt`,
    [`plugins.security.ssl.${layer}.pemkey_filepath`]: `${CERTIFICATES}/tls.key`,
    // This cluster's own authority, not the mesh's roots: a certificate of another cluster is no node's here.
    [`plugins.security.ssl.${layer}.pemtrustedcas_filepath`]: `${CERTIFICATES}/authority.crt`,
  });
  return {
    "network.host": "0.0.0.0",
    "node.store.allow_mmap": config.memoryMap,
    ...files("transport"),
    "plugins.security.ssl.transport.enforce_hostname_verification": false,
    "plugins.security.ssl.http.enabled": true,
    ...files("http"),
    "plugins.security.ssl.http.clientauth_mode": "OPTIONAL",
    "plugins.security.ssl.certificates_hot_reload.enabled": true,
    "plugins.security.nodes_dn": [subjectOf(NODE)],
    "plugins.security.authcz.admin_dn": [subjectOf(ADMINISTRATOR)],
    "plugins.security.allow_default_init_securityindex": true,
    "plugins.security.restapi.roles_enabled": ["all_access"],
    // Else how people sign in could be changed by nothing but a script within a node.
    "plugins.security.unsupported.restapi.allow_securityconfig_modification": true,
    "plugins.security.system_indices.enabled": true,
    "plugins.security.audit.type": "internal_opensearch",
    "plugins.security.enable_snapshot_restore_privilege": true,
    ...(config.snapshots.enabled ? objectStoreSettings(target) : {}),
  };
}

/** OpenSearch itself serves no metrics that Prometheus reads. */
function exporter() {
  const fromSecret = (key: string) => ({ valueFrom: { secretKeyRef: { name: SECRETS.metrics, key } } });
  return {
    name: "exporter",
    image: EXPORTER_IMAGE,
    args: ["--es.uri=https://localhost:9200", "--es.ca=/certificates/ca.crt", "--web.listen-address=:9114"],
    env: [
      { name: "ES_USERNAME", value: USERS.metrics },
      { name: "ES_PASSWORD", ...fromSecret("password") },
    ],
    ports: [{ name: EXPORTER_PORT, containerPort: 9114 }],
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    securityContext: { ...CONTAINER_SECURITY, readOnlyRootFilesystem: true },
    volumeMounts: [{ name: "tls", mountPath: "/certificates", readOnly: true }],
  };
}

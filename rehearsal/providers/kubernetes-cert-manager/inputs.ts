/**
 * What the arguments of the real component know (v0.2.0), below the argument that they stand in. It
 * is written in Go with typed structs, so everything that is not listed is lost without a word.
 * `true` and `"any"` stand for any value, `"map"` for a map of any, a list of one for a list of such.
 */
export type Shape = true | "any" | "map" | readonly [Shape] | { readonly [key: string]: Shape };

const image = { registry: true, repository: true, tag: true, digest: true, pullPolicy: true } as const;
const serviceAccount = {
  create: true,
  name: true,
  annotations: true,
  automountServiceAccountToken: true,
} as const;
const pods = {
  affinity: true,
  extraArgs: true,
  image,
  nodeSelector: true,
  podAnnotations: true,
  podLabels: true,
  resources: true,
  serviceAccount,
  tolerations: true,
} as const;
const deployment = {
  ...pods,
  containerSecurityContext: true,
  deploymentAnnotations: true,
  replicaCount: true,
  strategy: true,
  timeoutSeconds: true,
} as const;

/** Arguments that may be outputs, in whole or in part. */
export const inputArgs: Readonly<Record<string, Shape>> = {
  global: {
    imagePullSecrets: true,
    priorityClassName: true,
    rbac: { create: true },
    podSecurityPolicy: { enabled: true, useAppArmor: true },
    logLevel: true,
    leaderElection: { namespace: true, leaseDuration: true, renewDeadline: true, retryPeriod: true },
  },
  image,
  serviceAccount,
  ingressShim: { defaultIssuerName: true, defaultIssuerKind: true, defaultIssuerGroup: true },
  prometheus: {
    enabled: true,
    // The chart's key is `servicemonitor`, and `string` is the component's name of scrapeTimeout.
    serviceMonitor: {
      enabled: true,
      prometheusInstance: true,
      targetPort: true,
      path: true,
      interval: true,
      string: true,
      labels: true,
    },
  },
  webhook: {
    ...deployment,
    hostNetwork: true,
    livenessProbe: true,
    loadBalancerIP: true,
    mutatingWebhookConfigurationAnnotations: true,
    readinessProbe: true,
    securePort: true,
    securityContext: true,
    serviceAnnotations: true,
    serviceLabels: true,
    serviceType: true,
    url: { host: true },
    validatingWebhookConfigurationAnnotations: true,
  },
  cainjector: { ...deployment, podSecurityContext: true },
  startupapicheck: {
    ...pods,
    backoffLimit: true,
    enabled: true,
    jobAnnotations: true,
    rbac: { annotations: true },
    securityContext: true,
    timeout: true,
  },
};

const seLinuxOptions = { level: true, role: true, type: true, user: true } as const;
const profile = { localhostProfile: true, type: true } as const;
const windowsOptions = {
  gmsaCredentialSpec: true,
  gmsaCredentialSpecName: true,
  hostProcess: true,
  runAsUserName: true,
} as const;
const anyContext = {
  appArmorProfile: profile,
  runAsGroup: true,
  runAsNonRoot: true,
  runAsUser: true,
  seLinuxOptions,
  seccompProfile: profile,
  windowsOptions,
} as const;
const expression = { key: true, operator: true, values: ["any"] } as const;
const nodeTerm = { matchExpressions: [expression], matchFields: [expression] } as const;
const labelSelector = { matchExpressions: [expression], matchLabels: "map" } as const;
const podTerm = {
  labelSelector,
  matchLabelKeys: ["any"],
  mismatchLabelKeys: ["any"],
  namespaceSelector: labelSelector,
  namespaces: ["any"],
  topologyKey: true,
} as const;
const podAffinity = {
  preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: podTerm, weight: true }],
  requiredDuringSchedulingIgnoredDuringExecution: [podTerm],
} as const;

/**
 * Arguments that must be plain values. Of those that are structs in Go, lists and maps that are not
 * given reach the chart empty. (Volumes are left out here: the chart has no `extraVolumes`.)
 */
export const plainArgs: Readonly<Record<string, Shape>> = {
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ preference: nodeTerm, weight: true }],
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] },
    },
    podAffinity,
    podAntiAffinity: podAffinity,
  },
  clusterResourceNamespace: true,
  containerSecurityContext: {
    ...anyContext,
    allowPrivilegeEscalation: true,
    capabilities: { add: ["any"], drop: ["any"] },
    privileged: true,
    procMount: true,
    readOnlyRootFilesystem: true,
  },
  deploymentAnnotations: true,
  extraArgs: true,
  extraEnv: true,
  extraVolumeMounts: true,
  extraVolumes: true,
  featureGates: true,
  http_proxy: true,
  https_proxy: true,
  installCRDs: true,
  no_proxy: true,
  // The chart wants labels here; the component's type lets none through.
  nodeSelector: { nodeSelectorTerms: [nodeTerm] },
  podAnnotations: true,
  podDnsConfig: { nameservers: ["any"], options: [{ name: true, value: true }], searches: ["any"] },
  podDnsPolicy: true,
  podLabels: true,
  replicaCount: true,
  resources: { claims: [{ name: true, request: true }], limits: "map", requests: "map" },
  securityContext: {
    ...anyContext,
    fsGroup: true,
    fsGroupChangePolicy: true,
    seLinuxChangePolicy: true,
    supplementalGroups: ["any"],
    supplementalGroupsPolicy: true,
    sysctls: [{ name: true, value: true }],
  },
  serviceAnnotations: true,
  serviceLabels: true,
  strategy: { rollingUpdate: { maxSurge: true, maxUnavailable: true }, type: true },
  tolerations: [{ effect: true, key: true, operator: true, tolerationSeconds: true, value: true }],
};

/** Options of the release that the component hands on, besides chart, repository and values. */
export const releaseOptions: readonly string[] = [
  "atomic",
  "cleanupOnFail",
  "createNamespace",
  "dependencyUpdate",
  "description",
  "devel",
  "disableCRDHooks",
  "disableOpenapiValidation",
  "disableWebhooks",
  "forceUpdate",
  "keyring",
  "lint",
  "manifest",
  "maxHistory",
  "name",
  "namespace",
  "postrender",
  "recreatePods",
  "renderSubchartNotes",
  "replace",
  "resetValues",
  "resourceNames",
  "reuseValues",
  "skipAwait",
  "skipCrds",
  "timeout",
  "verify",
  "version",
  "waitForJobs",
];

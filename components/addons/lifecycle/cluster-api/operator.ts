import type { Problem } from "../../../settings";
import { pathOf } from "../../../settings";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonTarget, PlatformCluster } from "../../contract";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../../restricted";
import { CLUSTER_API, type ClusterApiConfig, clusterApiSettings } from "./settings";

const KINDS = [
  ["CoreProvider", "coreproviders"],
  ["BootstrapProvider", "bootstrapproviders"],
  ["ControlPlaneProvider", "controlplaneproviders"],
  ["InfrastructureProvider", "infrastructureproviders"],
  ["AddonProvider", "addonproviders"],
  ["IPAMProvider", "ipamproviders"],
  ["RuntimeExtensionProvider", "runtimeextensionproviders"],
] as const;

/** The chart would make providers in hooks, which are no part of a release; they are resources of this program instead. */
export function operatorValues(_target: AddonTarget, { replicas }: ClusterApiConfig) {
  return {
    replicaCount: replicas,
    enableHelmHook: false,
    containerSecurityContext: { manager: { ...RESTRICTED_POD, ...RESTRICTED_CONTAINER } },
    resources: { manager: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } } },
  };
}

function problems(
  { enabled, infrastructure, awsCredentials }: ClusterApiConfig,
  clusters: Readonly<Record<string, PlatformCluster>>,
): Problem[] {
  const all = Object.entries(clusters);
  const control = all.find(([, { settings }]) => settings.planes.includes("control"));
  // Another stack's control plane has that stack's providers.
  if (control === undefined) return [];
  const wanted = all.flatMap(([name, { settings }]) => {
    const { provider } = settings;
    if (provider.kind !== "cluster-api" || name === control[0]) return [];
    return [{ name, infrastructure: provider.infrastructure }];
  });
  if (!enabled) {
    if (wanted.length === 0) return [];
    const names = wanted.map(({ name }) => name).join(", ");
    const message = `false, but Cluster API makes ${names}; leave it on while there are such clusters`;
    return [{ path: pathOf("platform", CLUSTER_API, "enabled"), message }];
  }
  const path = pathOf("platform", CLUSTER_API, "infrastructure");
  const missing = wanted.filter((one) => !infrastructure.includes(one.infrastructure));
  const absent = [...new Set(missing.map((one) => one.infrastructure))].map((one) => {
    const names = missing.flatMap(({ name, infrastructure: other }) => (other === one ? [name] : [])).join(", ");
    return { path, message: `lacks "${one}", which ${names} is made on; add it` };
  });
  const identified = awsCredentials !== undefined || control[1].settings.provider.kind === "eks";
  if (!infrastructure.includes("aws") || identified) return absent;
  const message = `required: pods of ${control[0]} have no identity in AWS, as it is not on EKS; name a secret with a key`;
  return [...absent, { path: pathOf("platform", CLUSTER_API, "awsCredentials"), message }];
}

export const clusterApiOperator = defineAddon({
  name: "cluster-api-operator",
  key: CLUSTER_API,
  title: "Cluster API: the operator that installs its providers",
  chart: PINS["cluster-api-operator"],
  namespace: { name: "capi-operator-system", podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("control"),
  // Its webhooks, and those of its providers, have certificates of cert-manager's.
  needs: ["cert-manager"],
  kinds: KINDS.map(([kind, plural]) => ({
    group: "operator.cluster.x-k8s.io",
    version: "v1alpha2",
    kind,
    plural,
    scope: "Namespaced" as const,
    registeredBy: "release" as const,
  })),
  keepsKinds: () => "kept by the operator's chart",
  config: clusterApiSettings,
  values: operatorValues,
  problems,
});

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CloudIdentity, Workload } from "../../../clusters";
import type { ClusterApiInfrastructure } from "../../../settings";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonScope, AddonTarget, PodSecurity } from "../../contract";
import type { Kind } from "../../gate";
import { makeNamespace } from "../../namespaces";
import { ACCOUNT_FORM } from "../../object-store";
import { secretObject } from "../../secret-object";
import { providerPolicy } from "./aws-policy";
import { CLUSTER_API, type ClusterApiConfig } from "./settings";

/** A provider of Cluster API, which the operator installs. */
interface Provider {
  /** What it is for: the end of its resource's name. */
  readonly why: string;
  /** The operator's kind for it. */
  readonly kind: "CoreProvider" | "BootstrapProvider" | "ControlPlaneProvider" | "InfrastructureProvider";
  /** Name by which the operator knows where its components are. */
  readonly name: string;
  readonly namespace: string;
  /** The Deployment of its components. */
  readonly deployment: string;
  readonly version: string;
}

const { version } = PINS["cluster-api"];

/** Core, and how machines become nodes: kubeadm for both. Namespaces and Deployments are upstream's own. */
const CORE: readonly Provider[] = [
  {
    why: "core",
    kind: "CoreProvider",
    name: "cluster-api",
    namespace: "capi-system",
    deployment: "capi-controller-manager",
    version,
  },
  {
    why: "bootstrap",
    kind: "BootstrapProvider",
    name: "kubeadm",
    namespace: "capi-kubeadm-bootstrap-system",
    deployment: "capi-kubeadm-bootstrap-controller-manager",
    version,
  },
  {
    why: "control-plane",
    kind: "ControlPlaneProvider",
    name: "kubeadm",
    namespace: "capi-kubeadm-control-plane-system",
    deployment: "capi-kubeadm-control-plane-controller-manager",
    version,
  },
];

/** Kinds of Cluster API that this program makes objects of; its providers bring more of them. */
const CORE_KINDS = [
  kindOf("Cluster", "clusters", "cluster.x-k8s.io"),
  kindOf("MachineDeployment", "machinedeployments", "cluster.x-k8s.io"),
  kindOf("MachineHealthCheck", "machinehealthchecks", "cluster.x-k8s.io"),
  kindOf("KubeadmConfigTemplate", "kubeadmconfigtemplates", "bootstrap.cluster.x-k8s.io"),
  kindOf("KubeadmControlPlane", "kubeadmcontrolplanes", "controlplane.cluster.x-k8s.io"),
];

function kindOf(kind: string, plural: string, group: string): Kind {
  return { group, version: "v1beta2", kind, plural, scope: "Namespaced", registeredBy: "operator" };
}

function workloadsOf(providers: readonly Provider[]): Workload[] {
  return providers.map(({ namespace, deployment }) => ({ kind: "Deployment", namespace, name: deployment }));
}

/** Tells the operator to install a provider; what it reads of the environment comes from a Secret. */
function makeProvider(
  { name, opts, config }: AddonScope<ClusterApiConfig>,
  provider: Provider,
  secret?: kubernetes.core.v1.Secret,
): pulumi.Resource {
  const { kind, namespace } = provider;
  const configSecret = secret === undefined ? {} : { configSecret: { name: secret.metadata.name } };
  return new kubernetes.apiextensions.CustomResource(
    `${name}-${provider.why}`,
    {
      apiVersion: "operator.cluster.x-k8s.io/v1alpha2",
      kind,
      metadata: { name: provider.name, namespace },
      spec: { version: provider.version, deployment: { replicas: config.replicas }, ...configSecret },
    },
    { ...opts, ...(secret === undefined ? {} : { dependsOn: secret }) },
  );
}

/** The add-on's own namespace is there already; each of the others is made here. */
function prepareCore(scope: AddonScope<ClusterApiConfig>): pulumi.Resource[] {
  return CORE.flatMap((provider) => {
    if (provider.namespace === scope.namespace) return [makeProvider(scope, provider)];
    const wanted = { name: provider.namespace, podSecurity: "restricted" } as const;
    const namespace = makeNamespace(`${scope.name}-${provider.namespace}`, wanted, scope.opts);
    const opts = { ...scope.opts, dependsOn: namespace };
    return [namespace, makeProvider({ ...scope, opts }, provider)];
  });
}

const KEEPS = () => "brought by a provider of Cluster API, which the operator leaves";

/**
 * Core, bootstrap and control plane. They have no chart: the operator installs them when it is told to, so their kinds
 * appear at run time, and their webhooks have to answer before the first cluster is made.
 */
export const clusterApi = defineAddon({
  name: "cluster-api",
  key: CLUSTER_API,
  title: "Cluster API: core, and kubeadm for control planes and nodes",
  namespace: { name: "capi-system", podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("control"),
  needs: ["cluster-api-operator"],
  kinds: CORE_KINDS,
  keepsKinds: KEEPS,
  values: (_target, _config: ClusterApiConfig) => ({}),
  prepare: prepareCore,
  workloads: () => workloadsOf(CORE),
});

/** What differs between the providers of infrastructure. */
interface InfrastructureAddon {
  readonly infrastructure: ClusterApiInfrastructure;
  readonly title: string;
  readonly provider: Provider;
  readonly podSecurity: PodSecurity;
  readonly kinds: readonly Kind[];
  readonly secret?: (scope: AddonScope<ClusterApiConfig>) => kubernetes.core.v1.Secret;
  readonly identities?: (target: AddonTarget, config: ClusterApiConfig) => CloudIdentity[];
}

function infrastructureAddon({ infrastructure, provider, secret, identities, ...facts }: InfrastructureAddon) {
  return defineAddon({
    name: `cluster-api-${infrastructure}`,
    key: CLUSTER_API,
    title: facts.title,
    namespace: { name: provider.namespace, podSecurity: facts.podSecurity },
    on: ({ planes }) => planes.includes("control"),
    when: ({ infrastructure: wanted }: ClusterApiConfig) => wanted.includes(infrastructure),
    needs: ["cluster-api"],
    kinds: facts.kinds,
    keepsKinds: KEEPS,
    values: (_target, _config: ClusterApiConfig) => ({}),
    ...(identities === undefined ? {} : { identities }),
    ...(secret === undefined ? {} : { secrets: accountForm }),
    prepare: (scope) => {
      const made = secret?.(scope);
      return [...(made === undefined ? [] : [made]), makeProvider(scope, provider, made)];
    },
    workloads: () => workloadsOf([provider]),
  });
}

function accountForm({ awsCredentials }: ClusterApiConfig) {
  return awsCredentials === undefined ? {} : { [awsCredentials]: ["accessKeyId", "secretAccessKey"] };
}

const AWS: Provider = {
  why: "infrastructure",
  kind: "InfrastructureProvider",
  name: "aws",
  namespace: "capa-system",
  deployment: "capa-controller-manager",
  version: PINS["cluster-api-provider-aws"].version,
};

export const clusterApiAws = infrastructureAddon({
  infrastructure: "aws",
  title: "Cluster API: machines on EC2",
  provider: AWS,
  podSecurity: "baseline",
  kinds: [
    kindOf("AWSCluster", "awsclusters", "infrastructure.cluster.x-k8s.io"),
    kindOf("AWSMachineTemplate", "awsmachinetemplates", "infrastructure.cluster.x-k8s.io"),
  ],
  secret: awsSecret,
  identities: ({ connection: { cloud }, fleet }, { awsCredentials }) => {
    if (cloud === undefined || awsCredentials !== undefined) return [];
    const unique = (all: readonly string[]) => [...new Set(all)].sort();
    const regions = fleet.clusters.flatMap(({ clusterApi: plan }) => plan?.region ?? []);
    const volumeKeys = fleet.clusters.flatMap(({ clusterApi: plan }) => plan?.volumeKey ?? []);
    const statements = providerPolicy(cloud, unique([...regions, cloud.region]), unique(volumeKeys));
    return [{ namespace: AWS.namespace, serviceAccount: AWS.deployment, statements }];
  },
});

/** The provider asks for a file of credentials; an empty one leaves it to the identity of its pods. */
function awsSecret({ name, namespace, config, opts }: AddonScope<ClusterApiConfig>): kubernetes.core.v1.Secret {
  const { awsCredentials: key } = config;
  const file = key === undefined ? pulumi.secret("\n") : credentialsFile(key);
  const encoded = file.apply((text) => Buffer.from(text).toString("base64"));
  return new kubernetes.core.v1.Secret(
    `${name}-variables`,
    { metadata: { name: "aws-variables", namespace }, stringData: { AWS_B64ENCODED_CREDENTIALS: encoded } },
    opts,
  );
}

function credentialsFile(key: string): pulumi.Output<string> {
  const account = secretObject(key, ACCOUNT_FORM);
  return account.apply(({ accessKeyId, secretAccessKey }) =>
    ["[default]", `aws_access_key_id = ${accessKeyId}`, `aws_secret_access_key = ${secretAccessKey}`, ""].join("\n"),
  );
}

export const clusterApiDocker = infrastructureAddon({
  infrastructure: "docker",
  title: "Cluster API: machines that are containers, for trials",
  provider: {
    why: "infrastructure",
    kind: "InfrastructureProvider",
    name: "docker",
    namespace: "capd-system",
    deployment: "capd-controller-manager",
    version,
  },
  // It works with the socket of the host's Docker.
  podSecurity: "privileged",
  kinds: [
    kindOf("DockerCluster", "dockerclusters", "infrastructure.cluster.x-k8s.io"),
    kindOf("DockerMachineTemplate", "dockermachinetemplates", "infrastructure.cluster.x-k8s.io"),
  ],
});

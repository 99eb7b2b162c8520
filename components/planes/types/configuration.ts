import { cel, IS_PLACED, inCell, NAMESPACE_OF, type ResourceTemplate, tenantOf, text } from "./cel";
import { TENANT_LABEL } from "./edges";

/** Where an object's name is the one that OpenChoreo gave to it, as the container refers to it by that name. */
const named = (loop: string) => ({ name: cel(`${loop}.resourceName`), namespace: cel(NAMESPACE_OF) });

/** What both kinds of secret have in common; how often they are read anew is ExternalSecret's own field. */
function externalSecret(loop: string, data: unknown) {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: named(loop),
    spec: {
      refreshInterval: "1m",
      secretStoreRef: { kind: "ClusterSecretStore", name: cel("dataplane.secretStore") },
      target: { name: cel(`${loop}.resourceName`), creationPolicy: "Owner" },
      data,
    },
  };
}

const PROPERTY = (ref: string) => `has(${ref}.property) ? ${ref}.property : oc_omit()`;

/**
 * A workload's variables and files, plain and secret, of every component type. Names and lists come from OpenChoreo's own
 * functions, on which the containers below rely too. Source: OpenChoreo's documentation, "Helper functions".
 */
export const CONFIGURATION: readonly ResourceTemplate[] = [
  {
    id: "variables",
    forEach: cel("configurations.toConfigEnvsByContainer()"),
    var: "entry",
    template: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: named("entry"),
      data: cel("entry.envs.transformMapEntry(i, one, {one.name: one.value})"),
    },
  },
  {
    id: "files",
    forEach: cel("configurations.toConfigFileList()"),
    var: "entry",
    template: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: named("entry"),
      data: { [cel("entry.name")]: cel("entry.value") },
    },
  },
  {
    id: "secret-variables",
    forEach: cel("configurations.toSecretEnvsByContainer()"),
    var: "entry",
    template: externalSecret(
      "entry",
      cel(
        `entry.envs.map(one, {"secretKey": one.name, "remoteRef": {"key": one.remoteRef.key, "property": ${PROPERTY("one.remoteRef")}}})`,
      ),
    ),
  },
  {
    id: "secret-files",
    forEach: cel("configurations.toSecretFileList()"),
    var: "entry",
    template: externalSecret("entry", [
      {
        secretKey: cel("entry.name"),
        remoteRef: { key: cel("entry.remoteRef.key"), property: cel(PROPERTY("entry.remoteRef")) },
      },
    ]),
  },
];

/** The pod's own account: who it is in the mesh, and nobody for the API server. */
export const ACCOUNT: ResourceTemplate = {
  id: "account",
  template: {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: inCell(cel("metadata.componentName")),
    automountServiceAccountToken: false,
    imagePullSecrets: cel('parameters.pullSecret != "" ? [{"name": parameters.pullSecret}] : oc_omit()'),
  },
};

/** A value of the environment where there is one, else the component's. */
const either = (path: string) => `has(environmentConfigs.${path}) ? environmentConfigs.${path} : parameters.${path}`;

export const REPLICAS = either("replicas");

/** A command where the workload has one; otherwise the image's own. */
const own = (part: "command" | "args") =>
  cel(`has(workload.container.${part}) ? workload.container.${part} : oc_omit()`);

/** Asks the path that the component names, if it names one. */
const probe = (seconds: number) =>
  cel(
    `parameters.health.path != "" ? {"httpGet": {"path": parameters.health.path, "port": parameters.health.port}, "periodSeconds": ${seconds}} : oc_omit()`,
  );

/** Variables whose values stand in Secrets that others made, such as those of a database that it calls. */
const SECRET_VARIABLES =
  'parameters.secretVariables.map(one, {"name": one.name, "valueFrom": {"secretKeyRef": {"name": one.secret, "key": one.key}}})';

/** What the platform tells a placed component: a ConfigMap and a Secret of its name, where there are any. */
const VARIABLES = 'metadata.componentName + "-variables"';
const OWN_VARIABLES = `${IS_PLACED} ? [{"configMapRef": {"name": ${VARIABLES}, "optional": true}}, {"secretRef": {"name": ${VARIABLES}, "optional": true}}] : []`;

/** The pod of every component type; passes Pod Security "restricted". */
export function podTemplate(kind: "long-running" | "task"): object {
  const cpu = cel(either("resources.cpu"));
  const memory = cel(either("resources.memory"));
  const container = {
    name: "main",
    image: cel("workload.container.image"),
    imagePullPolicy: "IfNotPresent",
    command: own("command"),
    args: own("args"),
    resources: { requests: { cpu, memory }, limits: { memory } },
    env: cel(`dyn(dependencies.toContainerEnvs()) + dyn(${SECRET_VARIABLES})`),
    envFrom: cel(`dyn(configurations.toContainerEnvFrom()) + dyn(${OWN_VARIABLES})`),
    volumeMounts: cel("configurations.toContainerVolumeMounts() + dependencies.toContainerVolumeMounts()"),
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    ...(kind === "long-running" ? { readinessProbe: probe(10), livenessProbe: probe(20) } : {}),
  };
  const labels = cel(
    `oc_merge(metadata.podSelectors, {"choreo.dev/component": metadata.componentName, "choreo.dev/project": metadata.projectName, "${TENANT_LABEL}": ${tenantOf("metadata.componentNamespace")}})`,
  );
  return {
    metadata: {
      labels,
      annotations: { "choreo.dev/project": text("{{metadata.componentNamespace}}/{{metadata.projectName}}") },
    },
    spec: {
      serviceAccountName: cel("metadata.componentName"),
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      ...(kind === "long-running" ? { topologySpreadConstraints: SPREAD } : { restartPolicy: "OnFailure" }),
      containers: [container],
      volumes: cel("configurations.toVolumes() + dependencies.toVolumes()"),
    },
  };
}

/** Replicas keep to different zones, as far as there are several. */
const SPREAD = [
  {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: cel("metadata.podSelectors") },
  },
];

import { cel, field, inCell, type ResourceTemplate, schema } from "./cel";
import { ACCOUNT, CONFIGURATION, podTemplate, REPLICAS } from "./configuration";
import { EXPOSURE, NETWORK } from "./exposure";
import { TRAITS, type TraitName } from "./traits";

/** Component types by the names that tenants know, and the kind of workload that OpenChoreo calls them by. */
export const COMPONENT_WORKLOADS = {
  service: "deployment",
  "web-application": "deployment",
  worker: "deployment",
  "scheduled-task": "cronjob",
} as const;
export type ComponentTypeName = keyof typeof COMPONENT_WORKLOADS;

const resources = field.object(
  { cpu: field.text("100m", "CPU that it asks for."), memory: field.text("256Mi", "Memory that it may use.") },
  "What one pod gets.",
);

/** What an environment may change; absent is as the component says. */
const environmentResources = field.object(
  { cpu: { type: "string" }, memory: { type: "string" } },
  "What one pod gets in this environment.",
);

const metrics = field.object(
  { port: field.number(0, "Port on which Prometheus asks it for /metrics; 0 for none.") },
  "What it says of itself.",
);

const health = field.object(
  {
    path: field.text("", "Path that answers while it is well; empty for none."),
    port: field.number(8080, "Port of that path."),
  },
  "How the platform sees that it is well.",
);

const expose = field.object(
  {
    hosts: field.texts("Host names beside the generated one."),
    environments: field.texts("Environments that have those host names. Default: all."),
    paths: { type: "array", items: { type: "string" }, default: ["/"], description: "Paths that lead to it." },
    rewrite: field.text("", "What the path's prefix becomes; empty leaves it."),
    timeout: field.text("", "How long a request may take, such as 30s; empty for the gateway's own limit."),
    headers: field.map("Headers that requests get on their way."),
  },
  "How it is reached from outside.",
);

const callers = {
  type: "object",
  additionalProperties: { type: "array", items: { type: "string" } },
  default: {},
  description:
    "Identities beyond the project that may call it, by environment: cluster.local/ns/<namespace>/sa/<component>.",
};

/** What tenants' settings say of a component; whoever makes one by hand leaves it out. */
const placed = {
  namespaces: field.map("Namespace by OpenChoreo's environment, where it is not the one that OpenChoreo makes."),
  secretVariables: {
    type: "array",
    default: [],
    items: {
      type: "object",
      required: ["name", "secret", "key"],
      properties: { name: { type: "string" }, secret: { type: "string" }, key: { type: "string" } },
    },
    description: "Environment variables from Secrets of the namespace.",
  },
  pullSecret: field.text("", "Secret with the registry's login, by which images are pulled; empty for none."),
};

const autoscaling = field.object(
  {
    min: field.number(1, "Fewest pods.", 1),
    max: field.number(0, "Most pods; 0 leaves the number as it is."),
    cpuPercent: field.number(70, "Share of its CPU request that a pod works at.", 1),
  },
  "Follows the load with the number of pods.",
);

const global = field.truth(false, "Whether its Service is one with those of its name on other clusters.");

const longRunning = {
  replicas: field.number(1, "Number of pods."),
  autoscaling,
  resources,
  health,
  metrics,
  global,
  ...placed,
};
const serving = { ...longRunning, expose, callers };

const ENVIRONMENT = schema({ replicas: { type: "integer", minimum: 0 }, resources: environmentResources });

const deployment: ResourceTemplate = {
  id: "deployment",
  template: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: inCell(cel("metadata.name")),
    spec: {
      // Else OpenChoreo would set it back, time and again.
      replicas: cel(`parameters.autoscaling.max > 0 ? oc_omit() : (${REPLICAS})`),
      selector: { matchLabels: cel("metadata.podSelectors") },
      template: podTemplate("long-running"),
    },
  },
};

const scaling: ResourceTemplate = {
  id: "scaling",
  includeWhen: cel("parameters.autoscaling.max > 0"),
  template: {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: inCell(cel("metadata.name")),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: cel("metadata.name") },
      minReplicas: cel("parameters.autoscaling.min"),
      maxReplicas: cel("parameters.autoscaling.max"),
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: cel("parameters.autoscaling.cpuPercent") },
          },
        },
      ],
    },
  },
};

const budget: ResourceTemplate = {
  id: "disruptions",
  includeWhen: cel(`(${REPLICAS}) > 1 || parameters.autoscaling.min > 1`),
  template: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: inCell(cel("metadata.name")),
    spec: { maxUnavailable: 1, selector: { matchLabels: cel("metadata.podSelectors") } },
  },
};

const cronJob: ResourceTemplate = {
  id: "cronjob",
  template: {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: inCell(cel("metadata.name")),
    spec: {
      schedule: cel("has(environmentConfigs.schedule) ? environmentConfigs.schedule : parameters.schedule"),
      concurrencyPolicy: "Forbid",
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: cel("metadata.labels") },
        spec: {
          backoffLimit: cel("parameters.retries"),
          activeDeadlineSeconds: cel("parameters.deadlineSeconds"),
          template: podTemplate("task"),
        },
      },
    },
  },
};

const COMMON: readonly ResourceTemplate[] = [ACCOUNT, ...CONFIGURATION];

/** A type or a trait: what it is for, and its specification. */
export interface ComponentTypeSpec {
  readonly description: string;
  readonly spec: object;
}

function componentType(
  name: ComponentTypeName,
  description: string,
  traits: readonly TraitName[],
  more: object,
): ComponentTypeSpec {
  const allowedTraits = traits.map((trait) => ({ kind: "ClusterTrait", name: trait }));
  return { description, spec: { workloadType: COMPONENT_WORKLOADS[name], allowedTraits, ...more } };
}

const HAS_ENDPOINT = "size(workload.endpoints) > 0";
const HTTP = 'workload.endpoints.exists(name, one, one.type == "HTTP")';

/** Every component type of the platform, by name. */
export function componentTypes(): Readonly<Record<ComponentTypeName, ComponentTypeSpec>> {
  const all = TRAITS;
  const served = [deployment, ...COMMON, scaling, budget, ...NETWORK, ...EXPOSURE];
  return {
    service: componentType("service", "Serves requests on one or more endpoints", all, {
      parameters: schema(serving),
      environmentConfigs: ENVIRONMENT,
      validations: [{ rule: cel(HAS_ENDPOINT), message: "a service has an endpoint; a worker has none" }],
      resources: served,
    }),
    "web-application": componentType("web-application", "Serves people's browsers over HTTP", all, {
      parameters: schema(serving),
      environmentConfigs: ENVIRONMENT,
      validations: [{ rule: cel(HTTP), message: "a web application has an endpoint of type HTTP" }],
      resources: served,
    }),
    worker: componentType(
      "worker",
      "Runs all the time and serves nobody",
      all.filter((trait) => trait !== "traffic"),
      {
        parameters: schema(longRunning),
        environmentConfigs: ENVIRONMENT,
        validations: [{ rule: cel(`!(${HAS_ENDPOINT})`), message: "a worker has no endpoint; a service has one" }],
        resources: [deployment, ...COMMON, scaling, budget, ...NETWORK],
      },
    ),
    "scheduled-task": componentType("scheduled-task", "Runs to its end on a schedule", ["egress", "instrumentation"], {
      parameters: schema(
        {
          schedule: { type: "string", description: "When it runs: five cron fields, UTC." },
          retries: field.number(3, "How often it is tried again."),
          deadlineSeconds: field.number(3600, "How long it may take.", 1),
          resources,
          ...placed,
        },
        ["schedule"],
      ),
      environmentConfigs: schema({ schedule: { type: "string" }, resources: environmentResources }),
      resources: [cronJob, ...COMMON],
    }),
  };
}

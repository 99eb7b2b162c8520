import { alert } from "./alert";
import { cel, field, schema } from "./cel";
import { traffic } from "./traffic";
import { made, type TraitSpec } from "./trait";

/** Traits of the platform, in the order of the documentation. */
export const TRAITS = ["autoscaling", "storage", "traffic", "egress", "instrumentation", "alert"] as const;
export type TraitName = (typeof TRAITS)[number];

const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment" };

const autoscaling: TraitSpec = {
  description: "Follows the load with the number of pods",
  spec: {
    environmentConfigs: schema({
      min: field.number(1, "Fewest pods.", 1),
      max: field.number(5, "Most pods.", 1),
      cpuPercent: field.number(70, "Share of its CPU request that a pod works at.", 1),
    }),
    validations: [{ rule: cel("environmentConfigs.min <= environmentConfigs.max"), message: "min is larger than max" }],
    creates: [
      {
        template: made("HorizontalPodAutoscaler", {
          apiVersion: "autoscaling/v2",
          spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: cel("metadata.name") },
            minReplicas: cel("environmentConfigs.min"),
            maxReplicas: cel("environmentConfigs.max"),
            metrics: [
              {
                type: "Resource",
                resource: {
                  name: "cpu",
                  target: { type: "Utilization", averageUtilization: cel("environmentConfigs.cpuPercent") },
                },
              },
            ],
          },
        }),
      },
    ],
    // Else OpenChoreo would set it back, time and again.
    patches: [{ target: DEPLOYMENT, operations: [{ op: "remove", path: "/spec/replicas" }] }],
  },
};

const storage: TraitSpec = {
  description: "A volume that outlives the pods",
  spec: {
    parameters: schema(
      {
        mountPath: { type: "string", description: "Where the container has it." },
        tier: field.choice(["standard", "fast", "archive", "shared"], "standard", "The platform's storage tier."),
      },
      ["mountPath"],
    ),
    environmentConfigs: schema({ size: field.text("10Gi", "Size of the volume.") }),
    creates: [
      {
        template: made("PersistentVolumeClaim", {
          apiVersion: "v1",
          spec: {
            accessModes: cel('parameters.tier == "shared" ? ["ReadWriteMany"] : ["ReadWriteOnce"]'),
            storageClassName: cel("parameters.tier"),
            resources: { requests: { storage: cel("environmentConfigs.size") } },
          },
        }),
      },
    ],
    patches: [
      {
        target: DEPLOYMENT,
        operations: [
          {
            op: "add",
            path: "/spec/template/spec/volumes/-",
            value: {
              name: cel("trait.instanceName"),
              persistentVolumeClaim: {
                claimName: cel("oc_generate_name(metadata.componentName, trait.instanceName)"),
              },
            },
          },
          {
            op: "add",
            path: "/spec/template/spec/containers[?(@.name=='main')]/volumeMounts/-",
            value: { name: cel("trait.instanceName"), mountPath: cel("parameters.mountPath") },
          },
        ],
      },
    ],
  },
};

const egress: TraitSpec = {
  description: "Reaches addresses outside the platform, which is closed otherwise",
  spec: {
    parameters: schema({
      ranges: {
        type: "array",
        items: { type: "string" },
        default: ["0.0.0.0/0"],
        description: "Ranges of addresses, in CIDR notation. Those of the platform's own pods are never among them.",
      },
      ports: { type: "array", items: { type: "integer" }, default: [443], description: "TCP ports." },
    }),
    creates: [
      {
        template: made("CiliumNetworkPolicy", {
          apiVersion: "cilium.io/v2",
          spec: {
            endpointSelector: { matchLabels: cel("metadata.podSelectors") },
            egress: [
              {
                // Pods and nodes are known by their identities: a rule on ranges does not open them.
                toCIDRSet: cel(
                  'parameters.ranges.map(one, {"cidr": one, "except": one == "0.0.0.0/0" ? ["169.254.0.0/16"] : []})',
                ),
                toPorts: [{ ports: cel('parameters.ports.map(one, {"port": string(one), "protocol": "TCP"})') }],
              },
            ],
          },
        }),
      },
    ],
  },
};

/** Annotation of OpenTelemetry's operator for each language that it instruments. */
const LANGUAGES = ["java", "nodejs", "python", "dotnet"] as const;

const instrumentation: TraitSpec = {
  description: "Spans and metrics of the language's runtime, without a change of the code",
  spec: {
    parameters: schema({ language: { type: "string", enum: [...LANGUAGES], description: "What it is written in." } }, [
      "language",
    ]),
    patches: [
      {
        target: DEPLOYMENT,
        operations: [
          {
            op: "add",
            path: cel(
              '"/spec/template/metadata/annotations/instrumentation.opentelemetry.io~1inject-" + parameters.language',
            ),
            value: "tracing/choreo",
          },
        ],
      },
    ],
  },
};

/** Every trait of the platform, by name. */
export function traits(): Readonly<Record<TraitName, TraitSpec>> {
  return { autoscaling, storage, traffic, egress, instrumentation, alert };
}

import { z } from "zod";
import type { Profile } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import type { Kind } from "../gate";
import { restrictedPod } from "../restricted";
import { instrumentation } from "./instrumentation";
import { READ_ONLY_CONTAINER, TRACES_NAMESPACE } from "./names";

const KINDS: readonly (readonly [kind: string, plural: string, version: string])[] = [
  ["OpenTelemetryCollector", "opentelemetrycollectors", "v1beta1"],
  ["Instrumentation", "instrumentations", "v1alpha1"],
  ["OpAMPBridge", "opampbridges", "v1alpha1"],
  ["TargetAllocator", "targetallocators", "v1alpha1"],
];

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(profile === "production" ? 2 : 1)
        .describe("Replicas of the operator; its webhook instruments pods as they are made."),
    })
    .describe("OpenTelemetry operator: instruments pods that ask for it.");
export type OperatorConfig = z.output<ReturnType<typeof config>>;

/** The operator's Helm values. Source: the chart's values.yaml. */
export function operatorValues(_target: AddonTarget, { replicas }: OperatorConfig) {
  return {
    replicaCount: replicas,
    pdb: { create: replicas > 1 },
    crds: { create: true },
    manager: {
      resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      securityContext: { ...READ_ONLY_CONTAINER, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    },
    // Its certificate is cert-manager's, by an issuer of the chart's own: public authorities sign no names of Services.
    admissionWebhooks: {
      certManager: { enabled: true },
      autoGenerateCert: { enabled: false },
      // The cluster's own pods never wait for it.
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["kube-system"] }],
      },
    },
    securityContext: restrictedPod(65532),
    topologySpreadConstraints: replicas > 1 ? [spread()] : [],
  };
}

function spread() {
  const labelSelector = { matchLabels: { "app.kubernetes.io/name": "opentelemetry-operator" } };
  return { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector };
}

export const otelOperator = defineAddon({
  name: "opentelemetry-operator",
  key: "openTelemetryOperator",
  title: "Instruments pods that ask for it, in Java, Node.js, Python and .NET",
  chart: PINS["opentelemetry-operator"],
  namespace: { name: TRACES_NAMESPACE, podSecurity: "restricted" },
  on: () => true,
  needs: ["cert-manager"],
  kinds: KINDS.map(
    ([kind, plural, version]): Kind => ({
      group: "opentelemetry.io",
      version,
      kind,
      plural,
      scope: "Namespaced",
      registeredBy: "release",
    }),
  ),
  config,
  values: operatorValues,
  resources: ({ name, opts }) => [instrumentation(`${name}-instrumentation`, opts)],
});

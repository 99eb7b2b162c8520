import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Profile, words } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, isOn } from "../contract";
import type { Monitoring } from "../monitoring";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../restricted";

const KINDS = [
  ["VerticalPodAutoscaler", "verticalpodautoscalers"],
  ["VerticalPodAutoscalerCheckpoint", "verticalpodautoscalercheckpoints"],
] as const;

const workload = z.strictObject({
  kind: z.enum(["Deployment", "StatefulSet", "DaemonSet"]),
  namespace: words.label("namespace"),
  name: words.label("workload's name"),
});
type Rightsized = z.output<typeof workload>;

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(3)
        .default(profile === "production" ? 2 : 1),
      workloads: z
        .array(workload)
        .default([])
        .describe("Workloads to give recommendations for, on every cluster, beside the platform's own."),
    })
    .describe("The recommender of the Vertical Pod Autoscaler: it says what pods need, and changes none.");
export type VerticalPodAutoscalerConfig = z.output<ReturnType<typeof config>>;

/** Neither its updater nor its webhook is installed: nothing evicts a pod or changes one at admission. */
export function verticalPodAutoscalerValues(_target: AddonTarget, { replicas }: VerticalPodAutoscalerConfig) {
  return {
    podSecurityContext: { ...RESTRICTED_POD, runAsUser: 65534 },
    containerSecurityContext: RESTRICTED_CONTAINER,
    admissionController: { enabled: false },
    updater: { enabled: false },
    recommender: {
      replicas,
      podDisruptionBudget: { enabled: replicas > 1 },
      resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "1Gi" } },
    },
  };
}

/**
 * The platform's own workloads whose needs grow with the cluster, by the add-on that brings them. All of them are in
 * kube-system, which is always there: nothing has to come before.
 */
const PLATFORM: Readonly<Record<string, readonly Rightsized[]>> = {
  cilium: [
    { kind: "DaemonSet", namespace: "kube-system", name: "cilium" },
    { kind: "Deployment", namespace: "kube-system", name: "cilium-operator" },
  ],
  "metrics-server": [{ kind: "Deployment", namespace: "kube-system", name: "metrics-server" }],
};

function resources(scope: AddonScope<VerticalPodAutoscalerConfig>): pulumi.Resource[] {
  const own = Object.entries(PLATFORM).flatMap(([addon, workloads]) => (isOn(scope, addon) ? workloads : []));
  return [...own, ...scope.config.workloads].map(({ kind, namespace, name }) => {
    return new kubernetes.apiextensions.CustomResource(
      `${scope.name}-${namespace}.${name}`,
      {
        apiVersion: "autoscaling.k8s.io/v1",
        kind: "VerticalPodAutoscaler",
        metadata: { name, namespace },
        spec: { targetRef: { apiVersion: "apps/v1", kind, name }, updatePolicy: { updateMode: "Off" } },
      },
      scope.opts,
    );
  });
}

function monitoring(): Monitoring {
  const labels = { "app.kubernetes.io/name": "vertical-pod-autoscaler", "app.kubernetes.io/component": "recommender" };
  return { scrapes: [{ name: "vpa-recommender", of: "pods", labels, port: "prometheus" }] };
}

export const verticalPodAutoscaler = defineAddon({
  name: "vertical-pod-autoscaler",
  key: "verticalPodAutoscaler",
  title: "Recommendations of what pods need",
  chart: PINS["vertical-pod-autoscaler"],
  namespace: { name: "vpa", podSecurity: "restricted" },
  on: () => true,
  needs: ["cilium"],
  // Its figures come from the metrics API, which may be someone else's.
  uses: ["metrics-server"],
  kinds: KINDS.map(([kind, plural]) => ({
    group: "autoscaling.k8s.io",
    version: "v1",
    kind,
    plural,
    scope: "Namespaced" as const,
    registeredBy: "release" as const,
  })),
  keepsKinds: () => "in the chart's crds folder, which Helm never removes",
  config,
  values: verticalPodAutoscalerValues,
  monitoring,
  resources,
});

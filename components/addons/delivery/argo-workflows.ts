import { z } from "zod";
import type { Profile } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import type { Kind } from "../gate";
import type { Monitoring } from "../monitoring";
import { RESTRICTED_CONTAINER } from "../restricted";
import { BUILD_NAMESPACE } from "./names";

/** The kinds that Argo Workflows brings, whoever installs it. */
export const WORKFLOW_KINDS: readonly Kind[] = (
  [
    ["Workflow", "workflows", "Namespaced"],
    ["WorkflowTemplate", "workflowtemplates", "Namespaced"],
    ["ClusterWorkflowTemplate", "clusterworkflowtemplates", "Cluster"],
    ["CronWorkflow", "cronworkflows", "Namespaced"],
  ] as const
).map(([kind, plural, scope]) => ({
  group: "argoproj.io",
  version: "v1alpha1",
  kind,
  plural,
  scope,
  registeredBy: "release",
}));

const config = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(production ? 2 : 1)
        .describe("Replicas of the controller; one works, the others stand by."),
      keepKinds: z
        .boolean()
        .default(production)
        .describe("Keep the kinds, and with them every Workflow, when it is removed."),
    })
    .describe("Argo Workflows, where OpenChoreo's workflow plane does not bring it.");
};
export type ArgoWorkflowsConfig = z.output<ReturnType<typeof config>>;

/**
 * What Argo's own containers run with in every pod of a workflow; the default is nothing, which neither a restricted
 * namespace admits nor the policy of builds.
 */
export const EXECUTOR = { ...RESTRICTED_CONTAINER, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

/** Argo Workflows' values. Source: the chart's values.yaml; its default downloads the kinds at install (`crds.full`). */
function values(_target: AddonTarget, { replicas, keepKinds }: ArgoWorkflowsConfig) {
  return {
    crds: { install: true, keep: keepKinds, full: false },
    controller: {
      replicas,
      pdb: { enabled: replicas > 1, minAvailable: 1 },
      workflowNamespaces: [BUILD_NAMESPACE],
      metricsConfig: { enabled: true },
      podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
    },
    executor: { securityContext: EXECUTOR },
    // Its interface would be one more way in; `argo` and kubectl read the same objects.
    server: { enabled: false },
    workflow: { serviceAccount: { create: false }, rbac: { create: false } },
  };
}

export const argoWorkflows = defineAddon({
  name: "argo-workflows",
  key: "argoWorkflows",
  title: "Workflows of builds and drills",
  chart: PINS["argo-workflows"],
  namespace: { name: "argo", podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("workflow"),
  supersededBy: "openchoreo-workflow-plane",
  needs: ["cilium"],
  kinds: WORKFLOW_KINDS,
  config,
  keepsKinds: ({ keepKinds }) =>
    keepKinds ? "kept by argoWorkflows.keepKinds, and every Workflow with it" : undefined,
  values,
  monitoring: (): Monitoring => ({
    scrapes: [
      {
        name: "controller",
        of: "pods",
        labels: { "app.kubernetes.io/component": "workflow-controller" },
        port: "metrics",
      },
    ],
    alerts: [
      {
        alert: "WorkflowsFail",
        expr: 'increase(argo_workflows_total_count{phase="Failed"}[1h]) > 5',
        for: "0m",
        severity: "warning",
        summary: "More than five workflows failed within an hour.",
      },
    ],
  }),
});

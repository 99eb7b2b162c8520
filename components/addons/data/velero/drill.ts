import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { defineAddon } from "../../addon";
import { type AddonScope, isOn } from "../../contract";
import { readableClusters } from "./locations";
import type { VeleroSettings } from "./settings";

/** Name of the WorkflowTemplate, of its account, and the beginning of each CronWorkflow's. */
const DRILL = "choreo-restore-drill";

/** Namespaces of a drill begin with it. */
const PREFIX = "drill-";

/** What is restored: data and what names it, and nothing that runs, serves or signs in. */
const RESTORED = ["configmaps", "serviceaccounts", "persistentvolumeclaims", "persistentvolumes"];

/** A restore that takes longer did not work, in seconds. */
const DEADLINE = 3 * 3600;

const parameter = (name: string) => `{{workflow.parameters.${name}}}`;

/**
 * Restores the newest good backup of a schedule into a namespace of its own, looks whether anything came of it, and removes
 * it again. Sources: Velero's API, Restore (`scheduleName` takes the newest backup that completed); Argo Workflows'
 * documentation, "Kubernetes resources" and "Exit handlers".
 */
export function drillTemplate(namespace: string): object {
  const restored = `${PREFIX}{{inputs.parameters.namespace}}`;
  const restore = {
    apiVersion: "velero.io/v1",
    kind: "Restore",
    metadata: { generateName: PREFIX, namespace },
    spec: {
      scheduleName: parameter("schedule"),
      includedNamespaces: ["{{inputs.parameters.namespace}}"],
      includedResources: RESTORED,
      namespaceMapping: { "{{inputs.parameters.namespace}}": restored },
      restorePVs: true,
    },
  };
  const gone = (kind: string, name: string, apiVersion: string) =>
    JSON.stringify({ apiVersion, kind, metadata: { name, ...(kind === "Namespace" ? {} : { namespace }) } });
  return {
    entrypoint: "drill",
    onExit: "clean",
    serviceAccountName: DRILL,
    activeDeadlineSeconds: DEADLINE,
    ttlStrategy: { secondsAfterCompletion: 7 * 24 * 3600 },
    arguments: {
      parameters: [
        { name: "schedule", description: "Velero's schedule, whose newest good backup is restored." },
        { name: "namespace", description: "Namespace of the backup that is restored, as drill-<namespace>." },
      ],
    },
    metrics: {
      prometheus: [
        {
          name: "restore_drill_result",
          help: "1 where the last restore of a schedule's backup worked, else 0",
          labels: [{ key: "schedule", value: parameter("schedule") }],
          gauge: { realtime: false, value: '{{=workflow.status == "Succeeded" ? 1 : 0}}' },
        },
      ],
    },
    templates: [
      {
        name: "drill",
        steps: [[{ name: "restore", template: "restore", arguments: { parameters: [NAMESPACE_ARGUMENT] } }]],
      },
      {
        name: "restore",
        inputs: { parameters: [{ name: "namespace" }] },
        resource: {
          action: "create",
          manifest: JSON.stringify(restore),
          // Of nothing nothing is proven: a restore of no object fails by the deadline.
          successCondition: "status.phase == Completed,status.progress.itemsRestored > 0",
          failureCondition: "status.phase in (Failed,PartiallyFailed,FailedValidation)",
        },
      },
      {
        name: "clean",
        steps: [[{ name: "namespace", template: "remove", arguments: { parameters: [NAMESPACE_ARGUMENT] } }]],
      },
      {
        name: "remove",
        inputs: { parameters: [{ name: "namespace" }] },
        resource: {
          action: "delete",
          flags: ["--ignore-not-found=true"],
          manifest: gone("Namespace", restored, "v1"),
        },
      },
    ],
  };
}

const NAMESPACE_ARGUMENT = { name: "namespace", value: parameter("namespace") };

/** One drill a week for each cluster whose backups are seen here. */
export function drills(
  clusters: readonly string[],
  { platform, drill }: Pick<VeleroSettings, "platform" | "drill">,
): { readonly name: string; readonly spec: object }[] {
  return clusters.map((cluster) => ({
    name: `${DRILL}-${cluster}`,
    spec: {
      schedules: [drill.schedule],
      timezone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      workflowSpec: {
        workflowTemplateRef: { name: DRILL },
        arguments: {
          parameters: [
            { name: "schedule", value: `${cluster}-platform-${platform}` },
            { name: "namespace", value: drill.namespace },
          ],
        },
      },
    },
  }));
}

function account(scope: AddonScope<VeleroSettings>): pulumi.Resource[] {
  const { name, namespace, config, opts } = scope;
  const metadata = { name: DRILL, namespace };
  const subjects = [{ kind: "ServiceAccount", name: DRILL, namespace }];
  const rules = [
    { apiGroups: ["velero.io"], resources: ["restores"], verbs: ["create", "get", "list", "watch"] },
    { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
  ];
  // It may remove what it makes, and no other namespace.
  const own = [
    {
      apiGroups: [""],
      resources: ["namespaces"],
      resourceNames: [`${PREFIX}${config.drill.namespace}`],
      verbs: ["get", "delete"],
    },
  ];
  const role = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: DRILL });
  return [
    new kubernetes.core.v1.ServiceAccount(`${name}-account`, { metadata }, opts),
    new kubernetes.rbac.v1.Role(`${name}-role`, { metadata, rules }, opts),
    new kubernetes.rbac.v1.RoleBinding(`${name}-binding`, { metadata, roleRef: role("Role"), subjects }, opts),
    new kubernetes.rbac.v1.ClusterRole(`${name}-cleaner`, { metadata: { name: DRILL }, rules: own }, opts),
    new kubernetes.rbac.v1.ClusterRoleBinding(
      `${name}-cleaner-binding`,
      { metadata: { name: DRILL }, roleRef: role("ClusterRole"), subjects },
      opts,
    ),
  ];
}

function resources(scope: AddonScope<VeleroSettings>): pulumi.Resource[] {
  const { name, namespace, cluster, config, opts } = scope;
  if (!hasWorkflows(scope)) return [];
  const rights = account(scope);
  const template = new kubernetes.apiextensions.CustomResource(
    `${name}-template`,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { name: DRILL, namespace },
      spec: drillTemplate(namespace),
    },
    { ...opts, dependsOn: rights },
  );
  const clusters = [cluster.name, ...readableClusters(scope)];
  return [
    ...rights,
    template,
    ...drills(clusters, config).map(
      (drill) =>
        new kubernetes.apiextensions.CustomResource(
          `${name}-${drill.name.slice(DRILL.length + 1)}`,
          {
            apiVersion: "argoproj.io/v1alpha1",
            kind: "CronWorkflow",
            metadata: { name: drill.name, namespace },
            spec: drill.spec,
          },
          { ...opts, dependsOn: template },
        ),
    ),
  ];
}

function hasWorkflows(scope: AddonScope<VeleroSettings>): boolean {
  return isOn(scope, "argo-workflows") || isOn(scope, "openchoreo-workflow-plane");
}

/** Whether backups can be restored, tried every week where workflows run. */
export const restoreDrill = defineAddon<VeleroSettings, object>({
  name: "restore-drill",
  key: "velero",
  title: "A restore of each cluster's newest backup, tried every week",
  namespace: { name: "velero", podSecurity: "privileged" },
  on: ({ planes }) => planes.includes("workflow"),
  needs: ["velero"],
  uses: ["argo-workflows", "openchoreo-workflow-plane"],
  kinds: [],
  when: ({ drill }) => drill.enabled,
  values: () => ({}),
  resources,
  monitoring: () => ({
    alerts: [
      {
        alert: "RestoreDrillFailed",
        expr: "argo_workflows_restore_drill_result == 0",
        for: "0m",
        severity: "critical",
        summary: "The last restore of {{ $labels.schedule }}'s newest backup did not work: it is not known to be good.",
      },
    ],
  }),
});

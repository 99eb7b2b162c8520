import type { CloudIdentity } from "../../../clusters";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonTarget } from "../../contract";
import type { Monitoring } from "../../monitoring";
import { ACCOUNT_FORM } from "../../object-store";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../../restricted";
import {
  PULUMI_OPERATOR,
  type PulumiOperatorSettings,
  pulumiOperatorProblems,
  pulumiOperatorSettings,
} from "./settings";
import { shardObjects, WORKSPACE_ACCOUNT, workspaceObjects } from "./stacks";

const NAMESPACE = "pulumi-kubernetes-operator";

const KINDS = [
  ["pulumi.com", "v1", "Stack", "stacks"],
  ["pulumi.com", "v1", "Program", "programs"],
  ["auto.pulumi.com", "v1alpha1", "Workspace", "workspaces"],
  ["auto.pulumi.com", "v1alpha1", "Update", "updates"],
] as const;

/** Source: the chart's values.yaml. */
function values(_target: AddonTarget, { replicas }: PulumiOperatorSettings) {
  return {
    replicaCount: replicas,
    controller: {
      logFormat: "json",
      // Prometheus would need a certificate that the operator makes for itself at every start.
      metricsSecure: false,
    },
    podSecurityContext: { ...RESTRICTED_POD, runAsUser: 65532, runAsGroup: 65532 },
    securityContext: RESTRICTED_CONTAINER,
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  };
}

/** Workspaces take the role that `up` runs as, and are nothing else in AWS. */
function identities(_target: AddonTarget, { role }: PulumiOperatorSettings): CloudIdentity[] {
  if (role === undefined) return [];
  const statements = [{ actions: ["sts:AssumeRole", "sts:TagSession"], resources: [role] }];
  return [{ namespace: NAMESPACE, serviceAccount: WORKSPACE_ACCOUNT, statements }];
}

/** Source: the operator's metrics, `stacks_active`, `stacks_failing` and `stacks_reconciling`. */
function monitoring(): Monitoring {
  return {
    scrapes: [
      { name: "operator", of: "services", labels: { "app.kubernetes.io/name": NAMESPACE }, port: "http-metrics" },
    ],
    alerts: [
      {
        alert: "TenantShardFails",
        expr: "max by (namespace, name) (stacks_failing) > 0",
        for: "15m",
        severity: "warning",
        summary: "Stack {{ $labels.name }} of tenants cannot be brought up; its tenants stay as they were.",
        runbook: "kubectl -n {{ $labels.namespace }} describe stack {{ $labels.name }}",
      },
    ],
    dashboards: {
      "tenant-shards": {
        title: "Tenant shards",
        panels: [
          { title: "Stacks", queries: { "{{cluster}}": "max by (cluster) (stacks_active)" } },
          { title: "Failing", queries: { "{{name}}": "max by (name) (stacks_failing)" } },
        ],
      },
    },
  };
}

export const pulumiOperator = defineAddon({
  name: "pulumi-kubernetes-operator",
  key: PULUMI_OPERATOR,
  title: "Shards of tenants brought up from the control plane (Pulumi Kubernetes Operator)",
  chart: PINS["pulumi-kubernetes-operator"],
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("control"),
  needs: ["cilium"],
  kinds: KINDS.map(([group, version, kind, plural]) => {
    return { group, version, kind, plural, scope: "Namespaced" as const, registeredBy: "release" as const };
  }),
  keepsKinds: () => "in the chart's crds folder, which Helm never removes",
  config: pulumiOperatorSettings,
  secrets: ({ credentials, program }) => ({
    ...(credentials === undefined ? {} : { [credentials]: ACCOUNT_FORM }),
    ...(program?.credentials === undefined ? {} : { [program.credentials]: ["username", "password"] }),
  }),
  values,
  identities,
  prepare: workspaceObjects,
  resources: shardObjects,
  monitoring,
  problems: pulumiOperatorProblems,
});

import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import { EXECUTOR } from "../delivery/argo-workflows";
import { agentValues, prepareAgent } from "./agent";
import { WORKFLOW_KINDS } from "./kinds";
import { NAMESPACES, planeAddon } from "./names";
import type { OpenchoreoConfig } from "./settings";

/** The workflow plane's Helm values. Source: the chart's values.yaml, and that of argo-workflows in it. */
export function workflowPlaneValues(target: AddonTarget, config: OpenchoreoConfig) {
  return {
    "argo-workflows": {
      // The whole definitions would be downloaded by a Job at every install and upgrade.
      crds: { full: false },
      executor: { securityContext: EXECUTOR },
      controller: {
        replicas: config.replicas,
        podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
        // The chart's default is a role for workflows in the namespace "default".
        workflowNamespaces: [],
        metricsConfig: { enabled: true },
        pdb: { enabled: config.replicas > 1 },
        // The defaults (64Mi) are for a handful of workflows.
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
      },
    },
    clusterAgent: {
      ...agentValues(target, "workflow", config),
      podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
    },
  };
}

export const workflowPlane = defineAddon({
  name: planeAddon("workflow"),
  key: "openchoreo",
  title: "OpenChoreo's workflow plane: Argo Workflows and the agent that starts builds",
  chart: PINS["openchoreo-workflow-plane"],
  namespace: { name: NAMESPACES.workflow, podSecurity: "restricted" },
  on: ({ planes }) => planes.includes("workflow"),
  needs: ["cert-manager"],
  kinds: WORKFLOW_KINDS,
  values: workflowPlaneValues,
  prepare: (scope) => prepareAgent(scope, "workflow"),
});

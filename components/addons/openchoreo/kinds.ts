import type { Kind } from "../gate";

const CLUSTER = [
  ["ClusterAuthzRole", "clusterauthzroles"],
  ["ClusterAuthzRoleBinding", "clusterauthzrolebindings"],
  ["ClusterComponentType", "clustercomponenttypes"],
  ["ClusterDataPlane", "clusterdataplanes"],
  ["ClusterObservabilityPlane", "clusterobservabilityplanes"],
  ["ClusterProjectType", "clusterprojecttypes"],
  ["ClusterResourceType", "clusterresourcetypes"],
  ["ClusterTrait", "clustertraits"],
  ["ClusterWorkflow", "clusterworkflows"],
  ["ClusterWorkflowPlane", "clusterworkflowplanes"],
] as const;

const NAMESPACED = [
  ["AuthzRole", "authzroles"],
  ["AuthzRoleBinding", "authzrolebindings"],
  ["Component", "components"],
  ["ComponentRelease", "componentreleases"],
  ["ComponentType", "componenttypes"],
  ["DataPlane", "dataplanes"],
  ["DeploymentPipeline", "deploymentpipelines"],
  ["Environment", "environments"],
  ["ObservabilityAlertsNotificationChannel", "observabilityalertsnotificationchannels"],
  ["ObservabilityPlane", "observabilityplanes"],
  ["Project", "projects"],
  ["ProjectRelease", "projectreleases"],
  ["ProjectReleaseBinding", "projectreleasebindings"],
  ["ProjectType", "projecttypes"],
  ["ReleaseBinding", "releasebindings"],
  ["RenderedRelease", "renderedreleases"],
  ["Resource", "resources"],
  ["ResourceRelease", "resourcereleases"],
  ["ResourceReleaseBinding", "resourcereleasebindings"],
  ["ResourceType", "resourcetypes"],
  ["SecretReference", "secretreferences"],
  ["Trait", "traits"],
  ["Workflow", "workflows"],
  ["WorkflowPlane", "workflowplanes"],
  ["WorkflowRun", "workflowruns"],
  ["Workload", "workloads"],
] as const;

const ARGO = [
  ["ClusterWorkflowTemplate", "clusterworkflowtemplates", "Cluster"],
  ["CronWorkflow", "cronworkflows", "Namespaced"],
  ["Workflow", "workflows", "Namespaced"],
  ["WorkflowArtifactGCTask", "workflowartifactgctasks", "Namespaced"],
  ["WorkflowEventBinding", "workfloweventbindings", "Namespaced"],
  ["WorkflowTaskResult", "workflowtaskresults", "Namespaced"],
  ["WorkflowTaskSet", "workflowtasksets", "Namespaced"],
  ["WorkflowTemplate", "workflowtemplates", "Namespaced"],
] as const;

function openchoreo(names: readonly (readonly [string, string])[], scope: Kind["scope"]): Kind[] {
  return names.map(([kind, plural]) => {
    return { group: "openchoreo.dev", version: "v1alpha1", kind, plural, scope, registeredBy: "release" };
  });
}

/** Kinds that the control plane's chart brings: all that developers and platform engineers write. */
export const CONTROL_KINDS: readonly Kind[] = [
  ...openchoreo(CLUSTER, "Cluster"),
  ...openchoreo(NAMESPACED, "Namespaced"),
];

/** The one kind of the observability plane's chart. */
export const OBSERVABILITY_KINDS: readonly Kind[] = openchoreo(
  [["ObservabilityAlertRule", "observabilityalertrules"]],
  "Namespaced",
);

/** Kinds of Argo Workflows, which the workflow plane's chart holds. */
export const WORKFLOW_KINDS: readonly Kind[] = ARGO.map(([kind, plural, scope]) => {
  return { group: "argoproj.io", version: "v1alpha1", kind, plural, scope, registeredBy: "release" };
});

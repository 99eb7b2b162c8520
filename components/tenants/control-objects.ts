import { type Manifest, REGISTRY_LOGIN } from "../addons";
import { COMPONENT_WORKLOADS, environmentName, organizationNamespace, PIPELINE, PLACED_PROJECT_TYPE } from "../planes";
import { databaseVariables } from "./configuration";
import { imagePlace } from "./delivery/layout";
import { type Edges, isWorkload } from "./edges";
import type { PlannedComponent, PlannedProject, PlannedTenant } from "./plan";
import { needsLogin, type TenantSites } from "./site";

/**
 * Objects of OpenChoreo on the control plane: what there is, and how it is to run. What runs of it, and where, is Git's:
 * Workload, ComponentRelease and ReleaseBinding are never made here.
 */

const API = "openchoreo.dev/v1alpha1";

/** A tenant's projects and components, in that order. */
export function controlObjects(tenant: PlannedTenant, edges: Edges, sites: TenantSites): Manifest[] {
  return tenant.projects.flatMap((project) => {
    const components = componentsOf(project);
    if (components.length === 0) return [];
    return [
      projectObject(project),
      ...components.map((environments) => componentObject(environments, { tenant, edges, sites })),
    ];
  });
}

/** A project's components that OpenChoreo runs, each in all of its environments. */
function componentsOf({ components }: PlannedProject): [PlannedComponent, ...PlannedComponent[]][] {
  const byName = new Map<string, [PlannedComponent, ...PlannedComponent[]]>();
  for (const component of components.filter(({ deploy }) => deploy === "openchoreo")) {
    const others = byName.get(component.name);
    if (others === undefined) byName.set(component.name, [component]);
    else others.push(component);
  }
  return [...byName.values()];
}

function projectObject({ tenant, name }: PlannedProject): Manifest {
  return {
    apiVersion: API,
    kind: "Project",
    metadata: { name, namespace: organizationNamespace(tenant) },
    spec: {
      deploymentPipelineRef: { kind: "DeploymentPipeline", name: PIPELINE },
      type: { kind: "ClusterProjectType", name: PLACED_PROJECT_TYPE },
    },
  };
}

interface Surroundings {
  readonly tenant: PlannedTenant;
  readonly edges: Edges;
  readonly sites: TenantSites;
}

function componentObject(environments: [PlannedComponent, ...PlannedComponent[]], around: Surroundings): Manifest {
  const [{ name, tenant, project, settings }] = environments;
  const { type } = settings;
  return {
    apiVersion: API,
    kind: "Component",
    metadata: { name, namespace: organizationNamespace(tenant) },
    spec: {
      owner: { projectName: project },
      componentType: { kind: "ClusterComponentType", name: `${COMPONENT_WORKLOADS[type]}/${type}` },
      parameters: parametersOf(environments, around),
      ...traitsOf(settings),
      ...workflowOf(environments[0], around),
    },
  };
}

/** The parameters of the component's type; see components/planes/types. */
function parametersOf(environments: [PlannedComponent, ...PlannedComponent[]], { edges, sites }: Surroundings): object {
  const [first] = environments;
  const { type, schedule, replicas, autoscaling, resources, health, monitoring, port } = first.settings;
  const placed = {
    resources,
    namespaces: namespacesOf(environments, sites),
    secretVariables: databaseVariables(first, edges.of(first)),
    ...(environments.some(({ clusters }) => needsLogin(clusters, sites)) ? { pullSecret: REGISTRY_LOGIN } : {}),
  };
  if (type === "scheduled-task") return { schedule, ...placed };
  return {
    ...placed,
    replicas,
    ...(autoscaling && { autoscaling: { min: autoscaling.min, max: autoscaling.max, cpuPercent: autoscaling.cpu } }),
    ...(health && { health: { path: health.path, port: health.port ?? port } }),
    ...(monitoring.port === undefined ? {} : { metrics: { port: monitoring.port } }),
    global: environments.some((component) => isGlobal(component, edges)),
  };
}

/** The namespace of each environment of OpenChoreo: an environment of the tenant's on one data plane. */
function namespacesOf(environments: readonly PlannedComponent[], sites: TenantSites): Record<string, string> {
  const entries = environments.flatMap(({ environment, namespace, clusters }) =>
    clusters.flatMap((cluster) => {
      const plane = sites.clusters.get(cluster)?.plane;
      return plane === undefined ? [] : [[environmentName(environment, plane), namespace] as const];
    }),
  );
  return Object.fromEntries(entries);
}

/** Whether a component is on several clusters, or is called from one that it is not on. */
export function isGlobal(component: PlannedComponent, edges: Edges): boolean {
  const own = new Set(component.clusters);
  const callers = edges.of(component).in.flatMap(({ from }) => (isWorkload(from) ? from.clusters : []));
  return own.size > 1 || callers.some((cluster) => !own.has(cluster));
}

function traitsOf({ language, type }: PlannedComponent["settings"]) {
  if (language === undefined || type === "scheduled-task") return {};
  const instrumentation = { kind: "ClusterTrait", name: "instrumentation", instanceName: "traces" };
  return { traits: [{ ...instrumentation, parameters: { language } }] };
}

/** How it is built from the console; absent where nothing builds, or nobody says where a new image goes. */
function workflowOf({ name, project, deploy, settings }: PlannedComponent, { tenant, sites }: Surroundings) {
  const { source, type } = settings;
  const { repository, environments } = tenant;
  const builds = [...sites.clusters.values()].some((site) => site.has("builds"));
  if (source === undefined || repository === undefined || !builds) return {};
  const first = environments[0]?.name ?? "";
  const place = imagePlace(repository.path, { project, component: name, deploy, type }, first);
  return {
    workflow: {
      kind: "ClusterWorkflow",
      name: source.build,
      parameters: {
        repository: { url: source.git, revision: { branch: source.revision }, appPath: source.path },
        deploy: { repository: repository.git, ...place },
      },
    },
  };
}

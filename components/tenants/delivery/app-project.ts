import { ARGO_CD_NAMESPACE } from "../../addons";

/** What Argo CD may do for a tenant. */
export interface AppProjectArgs {
  readonly tenant: string;
  readonly owners: readonly string[];
  /** HTTPS URLs of the repositories that its applications are read from. */
  readonly repositories: readonly string[];
  readonly destinations: readonly Destination[];
  /** Names of environments that are production. */
  readonly production: readonly string[];
}

/** A namespace of a cluster, by the name that Argo CD knows the cluster by. */
export interface Destination {
  readonly cluster: string;
  readonly namespace: string;
}

/** Name by which Argo CD knows the cluster that it runs on. */
export const IN_CLUSTER = "in-cluster";

/** Label of an application, and of what it brings. */
export const ENVIRONMENT_LABEL = "choreo.dev/environment";

/**
 * Kinds that a component may be made of. Network, mesh, gateway, quota and rights are guard rails, which are the
 * platform's.
 */
const KINDS: readonly (readonly [group: string, kinds: readonly string[]])[] = [
  ["", ["ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount"]],
  ["apps", ["Deployment", "StatefulSet"]],
  ["batch", ["CronJob", "Job"]],
  ["autoscaling", ["HorizontalPodAutoscaler"]],
  ["policy", ["PodDisruptionBudget"]],
  ["monitoring.coreos.com", ["PodMonitor", "ServiceMonitor"]],
  ["openchoreo.dev", ["ComponentRelease", "ReleaseBinding", "Workload"]],
];

/** The AppProject of a tenant. */
export function appProject({ tenant, owners, repositories, destinations, production }: AppProjectArgs) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: tenant, namespace: ARGO_CD_NAMESPACE, labels: { "choreo.dev/tenant": tenant } },
    spec: {
      description: `What tenant ${tenant} brings by Git`,
      sourceRepos: [...new Set(repositories)],
      destinations: destinations.map(({ cluster, namespace }) => ({ name: cluster, namespace })),
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: KINDS.flatMap(([group, kinds]) => kinds.map((kind) => ({ group, kind }))),
      orphanedResources: { warn: false },
      roles: [
        {
          name: "owner",
          description: "Looks at the tenant's applications, brings them up to date and back",
          groups: [...owners],
          policies: ["get", "sync", "action/*"].map(
            (action) => `p, proj:${tenant}:owner, applications, ${action}, ${tenant}/*, allow`,
          ),
        },
      ],
      ...(production.length === 0 ? {} : { syncWindows: [byHand(production)] }),
    },
  };
}

/** What is production is brought up to date by one of the owners, and never by itself, whatever an application says. */
function byHand(production: readonly string[]) {
  return {
    kind: "deny",
    schedule: "0 0 * * *",
    duration: "24h",
    timeZone: "UTC",
    manualSync: true,
    applications: production.map((environment) => applicationName("*", environment, "*")),
    description: "Production waits for one of the owners",
  };
}

/** Name of an application: parts are joined by dots, which none of them can hold. */
export function applicationName(component: string, environment: string, cluster: string): string {
  return `${component}.${environment}.${cluster}`;
}

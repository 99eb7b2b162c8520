import { ARGO_CD_NAMESPACE } from "../../addons";
import { applicationName, ENVIRONMENT_LABEL, IN_CLUSTER } from "./app-project";
import { environmentFolder, RELEASE, releaseFolder } from "./layout";

/** A component, and where it runs. */
export interface DeployedComponent {
  readonly project: string;
  readonly component: string;
  readonly deploy: "openchoreo" | "plain";
  readonly environments: readonly DeployedEnvironment[];
}

export interface DeployedEnvironment {
  readonly name: string;
  readonly production: boolean;
  /** How far the environment is from where promotion begins. */
  readonly rank: number;
  /** Namespace of its pods; the same on every cluster. */
  readonly namespace: string;
  readonly clusters: readonly string[];
}

/** What of a tenant comes from Git. */
export interface ApplicationSetArgs {
  readonly tenant: string;
  readonly repository: { readonly git: string; readonly revision: string; readonly path: string };
  /** Namespace of the tenant's objects of OpenChoreo. */
  readonly organization: string;
  readonly components: readonly DeployedComponent[];
  /** The name that Argo CD knows a cluster by. */
  readonly destination: (cluster: string) => string;
  /** Secret that images are pulled by. Default: none is needed. */
  readonly pullSecret?: string;
}

/** One application. Every value is text, as generators have them. */
export interface ApplicationElement extends Readonly<Record<string, string>> {
  readonly name: string;
  readonly project: string;
  readonly component: string;
  readonly environment: string;
  /** The cluster that the pods are on, or `release`: what all of them have in common. */
  readonly cluster: string;
  readonly path: string;
  /** Where Argo CD brings it. */
  readonly destination: string;
  readonly namespace: string;
  readonly deploy: "openchoreo" | "plain";
  /** `true` or `false`. */
  readonly automated: string;
  readonly rank: string;
}

/** Every application of a tenant, in the order of promotion. */
export function applications(args: ApplicationSetArgs): ApplicationElement[] {
  const all = args.components.flatMap((component) => [
    ...(component.deploy === "openchoreo" ? [release(args, component)] : []),
    ...component.environments.flatMap((environment) =>
      environment.clusters.map((cluster) => application(args, component, environment, cluster)),
    ),
  ]);
  return all.sort((a, b) => Number(a.rank) - Number(b.rank));
}

function application(
  { repository, organization, destination }: ApplicationSetArgs,
  deployed: DeployedComponent,
  { name, production, rank, namespace }: DeployedEnvironment,
  cluster: string,
): ApplicationElement {
  const { project, component, deploy } = deployed;
  const plain = deploy === "plain";
  return {
    name: applicationName(`${project}.${component}`, name, cluster),
    project,
    component,
    environment: name,
    cluster,
    path: environmentFolder(repository.path, deployed, name, cluster),
    // OpenChoreo is told what runs where, and runs it itself.
    destination: plain ? destination(cluster) : IN_CLUSTER,
    namespace: plain ? namespace : organization,
    deploy,
    automated: String(!production),
    rank: String(rank + 1),
  };
}

/** What is released belongs to no environment: bindings say which release an environment has. */
function release({ repository, organization }: ApplicationSetArgs, deployed: DeployedComponent): ApplicationElement {
  const { project, component, deploy } = deployed;
  return {
    name: applicationName(`${project}.${component}`, RELEASE, RELEASE),
    project,
    component,
    environment: RELEASE,
    cluster: RELEASE,
    path: releaseFolder(repository.path, deployed),
    destination: IN_CLUSTER,
    namespace: organization,
    deploy,
    automated: "true",
    rank: "0",
  };
}

/** The ApplicationSet of a tenant. Source: Argo CD's documentation, "Template Patch" and "Go Template". */
export function applicationSet(args: ApplicationSetArgs) {
  const { tenant, repository } = args;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: { name: tenant, namespace: ARGO_CD_NAMESPACE, labels: { "choreo.dev/tenant": tenant } },
    spec: {
      goTemplate: true,
      goTemplateOptions: ["missingkey=error"],
      generators: [{ list: { elements: applications(args) } }],
      template: {
        metadata: {
          name: `${tenant}.{{ .name }}`,
          labels: {
            "choreo.dev/tenant": tenant,
            "choreo.dev/project": "{{ .project }}",
            "choreo.dev/component": "{{ .component }}",
            [ENVIRONMENT_LABEL]: "{{ .environment }}",
            "choreo.dev/cluster": "{{ .cluster }}",
            "choreo.dev/promotion": "{{ .rank }}",
          },
          // What an application brought goes with it.
          finalizers: ["resources-finalizer.argocd.argoproj.io"],
        },
        spec: {
          project: tenant,
          source: { repoURL: repository.git, targetRevision: repository.revision, path: "{{ .path }}" },
          destination: { name: "{{ .destination }}", namespace: "{{ .namespace }}" },
          // Each is a state that `argocd app rollback` goes back to.
          revisionHistoryLimit: 10,
          syncPolicy: {
            syncOptions: ["CreateNamespace=false", "ServerSideApply=true", "ApplyOutOfSyncOnly=true", "PruneLast=true"],
            retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
          },
        },
      },
      templatePatch: patch(args),
    },
  };
}

/**
 * What differs from application to application. Pods that are deployed plainly get the labels by which policies know a
 * component; OpenChoreo's types give them to theirs.
 */
function patch({ tenant, pullSecret }: ApplicationSetArgs): string {
  return `spec:
{{- if eq .automated "true" }}
  syncPolicy:
    automated: { prune: true, selfHeal: true }
{{- end }}
{{- if eq .deploy "plain" }}
  source:
    kustomize:
      labelWithoutSelector: true
      labelIncludeTemplates: true
      commonLabels:
        choreo.dev/tenant: ${tenant}
        choreo.dev/project: {{ .project }}
        choreo.dev/component: {{ .component }}
        ${ENVIRONMENT_LABEL}: {{ .environment }}
${pullSecret === undefined ? "" : pullPatch(pullSecret)}{{- end }}
`;
}

/** Accounts pull images by the registry's login; OpenChoreo's types say so of theirs. */
function pullPatch(secret: string): string {
  const operation = { op: "add", path: "/imagePullSecrets", value: [{ name: secret }] };
  return `      patches:
        - target: { kind: ServiceAccount }
          patch: '${JSON.stringify([operation])}'
`;
}

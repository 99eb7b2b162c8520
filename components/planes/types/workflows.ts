import { BUILD_NAMESPACE, BUILD_TEMPLATE } from "../../addons";
import { cel, field, schema, tenantOf, text } from "./cel";

/** How components are built; the names are those of the tenants' settings. */
export const WORKFLOWS = ["buildpacks", "dockerfile"] as const;
export type WorkflowName = (typeof WORKFLOWS)[number];

/**
 * What developers may say: the build's steps are scripts in which these texts stand. OpenChoreo tells whoever fills in
 * a form; what a build is started with is checked by the policy of the builds' namespace (builds.ts).
 */
export const SAFE = {
  url: "^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+$",
  revision: "^[A-Za-z0-9][A-Za-z0-9._/-]*$",
  commit: "^([0-9a-f]{7,64})?$",
  path: "^(\\.|\\.?[A-Za-z0-9_-][A-Za-z0-9._-]*(/\\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)*)$",
  key: "^(\\.[A-Za-z0-9_-]+|\\[[0-9]+\\])+$",
} as const;

/** OpenChoreo's extensions tell the console, and the automatic builds, which parameter is which. */
const repository = {
  type: "object",
  required: ["url"],
  description: "The source.",
  properties: {
    url: {
      ...field.matching(SAFE.url, "HTTPS URL of the repository."),
      "x-openchoreo-component-parameter-repository-url": true,
    },
    revision: {
      type: "object",
      default: {},
      description: "What of it.",
      properties: {
        branch: {
          ...field.matching(SAFE.revision, "Branch or tag."),
          default: "main",
          "x-openchoreo-component-parameter-repository-branch": true,
        },
        commit: {
          ...field.matching(SAFE.commit, "Commit; empty for the newest."),
          default: "",
          "x-openchoreo-component-parameter-repository-commit": true,
        },
      },
    },
    appPath: {
      ...field.matching(SAFE.path, "Folder of the component."),
      default: ".",
      "x-openchoreo-component-parameter-repository-app-path": true,
    },
  },
};

const deploy = {
  type: "object",
  required: ["repository", "path"],
  description: "Where the new image is written; promotion begins there.",
  properties: {
    repository: field.matching(SAFE.url, "HTTPS URL of the repository that Argo CD reads."),
    path: field.matching(SAFE.path, "File in it that names the image."),
    key: { ...field.matching(SAFE.key, "Where in the file."), default: ".spec.container.image" },
  },
};

const TENANT = tenantOf("metadata.namespaceName");
const PROJECT = "metadata.labels['openchoreo.dev/project']";
const COMPONENT = "metadata.labels['openchoreo.dev/component']";

/** What the build is told, by the template's own names. The image follows from the component: no build writes another's. */
function told(build: WorkflowName, registry: string): readonly (readonly [name: string, value: string])[] {
  const { commit, branch } = {
    commit: "parameters.repository.revision.commit",
    branch: "parameters.repository.revision.branch",
  };
  return [
    ["component", text(`{{${TENANT}}}.{{${PROJECT}}}.{{${COMPONENT}}}`)],
    ["repository", cel("parameters.repository.url")],
    ["revision", cel(`${commit} != "" ? ${commit} : ${branch}`)],
    ["path", cel("parameters.repository.appPath")],
    ["build", build],
    ["image", text(`${registry}/{{${TENANT}}}/{{${PROJECT}}}/{{${COMPONENT}}}`)],
    ["deploy-repository", cel("parameters.deploy.repository")],
    ["deploy-path", cel("parameters.deploy.path")],
    ["deploy-key", cel("parameters.deploy.key")],
  ];
}

/**
 * The build itself, as the manifest that Argo's step creates. Values arrive as Argo's parameters, which are JSON texts:
 * nothing that a developer writes can become a part of the manifest.
 */
function manifest(names: readonly string[]): string {
  const workflow = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    metadata: {
      generateName: "build-",
      namespace: BUILD_NAMESPACE,
      labels: { "openchoreo.dev/workflowrun": "{{workflow.name}}" },
    },
    spec: {
      workflowTemplateRef: { name: BUILD_TEMPLATE },
      arguments: { parameters: names.map((name) => ({ name, value: `@@${name}@@` })) },
    },
  };
  return names.reduce(
    (whole, name) => whole.replace(`"@@${name}@@"`, `{{=toJson(workflow.parameters["${name}"])}}`),
    JSON.stringify(workflow),
  );
}

/** Where builds run, and what they fill. */
export interface BuildSite {
  /** Name of the workflow plane. */
  readonly plane: string;
  /** Host of the registry, with a path where images share it with others. */
  readonly registry: string;
}

/**
 * A workflow of OpenChoreo that hands over to the platform's build. It has to run in a namespace of the organization's;
 * the build, which runs what the source says, is in one of its own that admits nothing else.
 */
export function workflow(build: WorkflowName, { plane, registry }: BuildSite): object {
  const parameters = told(build, registry);
  const names = parameters.map(([name]) => name);
  return {
    workflowPlaneRef: { kind: "ClusterWorkflowPlane", name: plane },
    ttlAfterCompletion: "7d",
    parameters: schema({ repository, deploy }, ["repository", "deploy"]),
    runTemplate: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { name: cel("metadata.workflowRunName"), namespace: cel("metadata.namespace") },
      spec: {
        serviceAccountName: "workflow-sa",
        entrypoint: "hand-over",
        activeDeadlineSeconds: 7200,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
        podSpecPatch: JSON.stringify({
          containers: [
            { name: "main", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
          ],
        }),
        arguments: { parameters: parameters.map(([name, value]) => ({ name, value })) },
        templates: [
          {
            name: "hand-over",
            resource: {
              action: "create",
              successCondition: "status.phase == Succeeded",
              failureCondition: "status.phase in (Failed, Error)",
              manifest: manifest(names),
            },
          },
        ],
      },
    },
  };
}

import {
  type BuildTemplateArgs,
  checkout,
  dockerfile,
  ecrLogin,
  GIT_LOGINS,
  given,
  promote,
  scan,
  sign,
  WORKSPACE,
} from "./build-steps";
import { BUILD_ACCOUNT, BUILD_TEMPLATE, gitLogin, REGISTRY_LOGIN, SIGNING_KEY } from "./names";

export type { BuildTemplateArgs } from "./build-steps";

/** What a build is told; every one is text, as workflows have them. */
const PARAMETERS: readonly (readonly [name: string, description: string, value?: string])[] = [
  ["component", "Name of the component: tenant, project and component joined by dots."],
  ["repository", "HTTPS URL of the source."],
  ["revision", "Branch, tag or commit of the source.", "main"],
  ["path", "Folder of the component in the source.", "."],
  ["build", "How it is built: buildpacks or dockerfile.", "buildpacks"],
  ["image", "Image without a tag, such as registry.example.com/shop/api."],
  ["deploy-repository", "HTTPS URL of the repository that Argo CD reads; empty for no promotion.", ""],
  ["deploy-path", "File in it that names the image, and where promotion begins.", ""],
  ["deploy-key", "Path of the image in that file, as yq spells it.", ".spec.container.image"],
];

/** How long a build may take as a whole, in seconds. */
const DEADLINE = 3600;

/** A value in the manifest of a resource step, as JSON: nothing in it can become another part of the manifest. */
function asJson(expression: string): string {
  return `{{=toJson(${expression})}}`;
}

const parameter = (name: string) => `workflow.parameters["${name}"]`;

/**
 * What kpack builds: one Build for a run, of the commit that was checked out, so that its state is of no other run. It goes
 * with the workflow. Source: kpack, docs/build.md.
 */
function kpackBuild(builder: string): string {
  const values: readonly (readonly [mark: string, expression: string])[] = [
    ["@component", parameter("component")],
    ["@repository", parameter("repository")],
    ["@path", parameter("path")],
    ["@tag", `${parameter("image")} + ":" + inputs.parameters.tag`],
    ["@cache", `${parameter("image")} + ":build-cache"`],
  ];
  const build = {
    apiVersion: "kpack.io/v1alpha2",
    kind: "Build",
    // Names of tenant, project and component together are longer than a label's value.
    metadata: { generateName: "build-", annotations: { "choreo.dev/component": "@component" } },
    spec: {
      tags: ["@tag"],
      serviceAccountName: BUILD_ACCOUNT,
      builder: { image: builder },
      source: { git: { url: "@repository", revision: "{{inputs.parameters.commit}}" }, subPath: "@path" },
      cache: { registry: { tag: "@cache" } },
      activeDeadlineSeconds: DEADLINE,
    },
  };
  return values.reduce((text, [mark, value]) => text.replace(`"${mark}"`, asJson(value)), JSON.stringify(build));
}

const buildpacks = ({ builder }: BuildTemplateArgs) => ({
  name: "buildpacks",
  inputs: given("commit", "tag"),
  outputs: {
    parameters: [{ name: "digest", valueFrom: { jqFilter: '.status.latestImage | split("@") | .[1]' } }],
  },
  resource: {
    action: "create",
    setOwnerReference: true,
    successCondition: "status.conditions.0.status == True",
    failureCondition: "status.conditions.0.status == False",
    manifest: kpackBuild(builder),
  },
});

/** The values that a step of a list of steps is given, by name. */
function values(given: Readonly<Record<string, string>>) {
  return { parameters: Object.entries(given).map(([name, value]) => ({ name, value })) };
}

const output = (step: string, name: string) => `{{steps.${step}.outputs.parameters.${name}}}`;
const BUILT = { commit: output("build", "commit"), digest: output("build", "digest") };

/** One of the two ways; what comes after takes the digest of whichever ran. */
function buildImage({ ecr }: BuildTemplateArgs): object {
  const source = { commit: output("checkout", "commit"), tag: output("checkout", "tag") };
  const way = (build: string, given: Readonly<Record<string, string>>) => ({
    name: `with-${build}`,
    template: build,
    when: `{{workflow.parameters.build}} == ${build}`,
    arguments: values(given),
  });
  const digest =
    'steps["with-buildpacks"]?.status == "Succeeded" ? steps["with-buildpacks"].outputs.parameters.digest : steps["with-dockerfile"].outputs.parameters.digest';
  return {
    name: "build-image",
    outputs: {
      parameters: [
        { name: "commit", valueFrom: { parameter: source.commit } },
        { name: "digest", valueFrom: { expression: digest } },
      ],
    },
    steps: [
      [{ name: "checkout", template: "checkout" }],
      ...(ecr === undefined ? [] : [[{ name: "log-in", template: "registry-login" }]]),
      [way("buildpacks", source), way("dockerfile", { tag: source.tag })],
    ],
  };
}

const deployComponent = {
  name: "deploy-component",
  inputs: given("commit", "digest"),
  steps: [
    [
      {
        name: "promote",
        template: "promote",
        arguments: values({ commit: "{{inputs.parameters.commit}}", digest: "{{inputs.parameters.digest}}" }),
      },
    ],
  ],
};

/** The steps by the names that the source document gives, and what they are made of. */
const buildAndDeploy = {
  name: "build-and-deploy",
  steps: [
    [{ name: "build", template: "build-image" }],
    [{ name: "scan", template: "scan", arguments: values({ digest: BUILT.digest }) }],
    [{ name: "publish", template: "sign", arguments: values(BUILT) }],
    [{ name: "deploy", template: "deploy-component", arguments: values(BUILT) }],
  ],
};

/** Secrets that steps mount; one that is not there is left out. */
function secretVolumes(gitHosts: readonly string[]): object[] {
  const logins = gitHosts.map((host) => ({
    secret: {
      name: gitLogin(host),
      items: ["username", "password"].map((key) => ({ key, path: `${host}/${key}` })),
    },
  }));
  const login = { items: [{ key: ".dockerconfigjson", path: "config.json" }] };
  return [
    logins.length === 0
      ? { name: GIT_LOGINS.name, emptyDir: {} }
      : { name: GIT_LOGINS.name, projected: { sources: logins } },
    { name: "signing", secret: { secretName: SIGNING_KEY } },
    { name: "registry", secret: { secretName: REGISTRY_LOGIN, optional: true, ...login } },
  ];
}

/** Specification of the WorkflowTemplate. */
export function buildTemplate(args: BuildTemplateArgs): object {
  return {
    entrypoint: "build-and-deploy",
    serviceAccountName: BUILD_ACCOUNT,
    activeDeadlineSeconds: DEADLINE,
    ttlStrategy: { secondsAfterSuccess: 3600, secondsAfterFailure: 7 * 86_400 },
    // A volume goes with its build, also with one that failed, or it would keep the quota from the next builds. Kubernetes
    // keeps it as long as there are pods of it; what they wrote is in the platform's logs.
    podGC: { strategy: "OnWorkflowCompletion", deleteDelayDuration: "1h" },
    volumeClaimGC: { strategy: "OnWorkflowCompletion" },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    workflowMetadata: { labels: { "choreo.dev/template": BUILD_TEMPLATE } },
    arguments: {
      parameters: PARAMETERS.map(([name, description, value]) => ({
        name,
        description,
        ...(value === undefined ? {} : { value }),
      })),
    },
    volumeClaimTemplates: [
      {
        metadata: { name: WORKSPACE.name },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
      },
    ],
    volumes: secretVolumes(args.gitHosts),
    templates: [
      buildAndDeploy,
      buildImage(args),
      deployComponent,
      checkout,
      ...ecrLogin(args),
      buildpacks(args),
      dockerfile(args),
      scan(args),
      sign(args),
      promote,
    ],
  };
}

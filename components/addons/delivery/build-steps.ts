import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD_IMAGES } from "./images";

/** Severities of findings that stop a build. */
const STOPPING = "CRITICAL,HIGH";

/** Where the steps of one build keep the source and what they tell each other. */
export const WORKSPACE = { name: "workspace", mountPath: "/workspace" };

/** Where Git's logins are, a folder for each host. */
export const GIT_LOGINS = { name: "git", mountPath: "/git" };

const SIGNING = { name: "signing", mountPath: "/signing" };
const REGISTRY = { name: "registry", mountPath: "/registry" };

/** What depends on the cluster's registry. */
export interface BuildTemplateArgs {
  /** Whether the registry speaks plain HTTP. */
  readonly insecure: boolean;
  /** Host of the registry, and its region, where it is ECR; builds log in by their identity in the cloud. */
  readonly ecr?: { readonly host: string; readonly region: string };
  /** Image of the builder `choreo-builder`. */
  readonly builder: string;
  /** Hosts that Git has a login for. */
  readonly gitHosts: readonly string[];
}

/** The scripts of a step, one after the other. */
export function scriptOf(...names: readonly string[]): string {
  return names.map((name) => readFileSync(join(__dirname, "build-scripts", `${name}.sh`), "utf8")).join("\n");
}

export const fromWorkflow = (name: string) => `{{workflow.parameters.${name}}}`;

/** Parameters that a step is given. */
export function given(...names: readonly string[]) {
  return { parameters: names.map((name) => ({ name })) };
}

/** What a step leaves in files of the workspace. */
function told(...names: readonly string[]) {
  return { parameters: names.map((name) => ({ name, valueFrom: { path: `${WORKSPACE.mountPath}/${name}` } })) };
}

const RESTRICTED = {
  runAsUser: 1000,
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** What a step runs with, beside its script. */
interface Step {
  readonly image: string;
  /** Values reach a script by its environment alone, so that none of them can become a part of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly mounts?: readonly object[];
  readonly more?: object;
}

/** A step that runs scripts. Argo runs a file: what the shell is told of failures stands in the command. */
function step(name: string, scripts: readonly string[], { image, env, mounts = [], more = {} }: Step) {
  return {
    name,
    script: {
      image,
      command: ["sh", "-eu"],
      source: scriptOf(...scripts),
      env: Object.entries({ WORKSPACE: WORKSPACE.mountPath, ...env }).map(([key, value]) => ({ name: key, value })),
      securityContext: RESTRICTED,
      volumeMounts: [WORKSPACE, ...mounts],
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
      ...more,
    },
  };
}

const GIT = { HOME: WORKSPACE.mountPath, GIT_LOGINS: GIT_LOGINS.mountPath, GIT_ALLOW_PROTOCOL: "https" };

/** The registry's login: of ECR a token in the workspace, otherwise a Secret, which is absent where none is needed. */
function registryLogin({ ecr }: BuildTemplateArgs) {
  return ecr === undefined
    ? { env: { DOCKER_CONFIG: REGISTRY.mountPath }, mounts: [REGISTRY] }
    : { env: { DOCKER_CONFIG: `${WORKSPACE.mountPath}/.registry` }, mounts: [] };
}

export const checkout = {
  ...step("checkout", ["git", "checkout"], {
    image: BUILD_IMAGES.tools,
    env: { ...GIT, REPOSITORY: fromWorkflow("repository"), REVISION: fromWorkflow("revision") },
    mounts: [GIT_LOGINS],
  }),
  outputs: told("commit", "tag"),
};

/** Logs in with ECR. The host is the platform's own: whoever has the token can push. */
export function ecrLogin(args: BuildTemplateArgs): object[] {
  if (args.ecr === undefined) return [];
  const { host, region } = args.ecr;
  const env = { HOME: WORKSPACE.mountPath, REGISTRY_HOST: host, AWS_REGION: region, ...registryLogin(args).env };
  return [step("registry-login", ["registry-login"], { image: BUILD_IMAGES.tools, env })];
}

/** BuildKit without root: what it needs beyond the other steps is what the builds' policy leaves to its image. */
export function dockerfile(args: BuildTemplateArgs): object {
  const { env, mounts } = registryLogin(args);
  return {
    ...step("dockerfile", ["dockerfile"], {
      image: BUILD_IMAGES.buildkit,
      env: {
        ...env,
        SOURCE_PATH: fromWorkflow("path"),
        IMAGE: fromWorkflow("image"),
        TAG: "{{inputs.parameters.tag}}",
        INSECURE: String(args.insecure),
        BUILDKITD_FLAGS: "--oci-worker-no-process-sandbox",
      },
      mounts,
      more: {
        securityContext: {
          runAsUser: 1000,
          runAsGroup: 1000,
          runAsNonRoot: true,
          seccompProfile: { type: "Unconfined" },
          appArmorProfile: { type: "Unconfined" },
        },
        resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "4Gi" } },
      },
    }),
    inputs: given("tag"),
    outputs: told("digest"),
  };
}

export function scan(args: BuildTemplateArgs): object {
  const { env, mounts } = registryLogin(args);
  const own = { SEVERITIES: STOPPING, IMAGE: fromWorkflow("image"), DIGEST: "{{inputs.parameters.digest}}" };
  return {
    ...step("scan", ["scan"], {
      image: BUILD_IMAGES.scanner,
      env: { ...env, ...own, TRIVY_NON_SSL: String(args.insecure) },
      mounts,
    }),
    inputs: given("digest"),
  };
}

export function sign(args: BuildTemplateArgs): object {
  const { env, mounts } = registryLogin(args);
  return {
    ...step("sign", ["sign"], {
      image: BUILD_IMAGES.cosign,
      env: {
        ...env,
        SIGNING_KEY: `${SIGNING.mountPath}/key.pem`,
        INSECURE: String(args.insecure),
        COMPONENT: fromWorkflow("component"),
        COMMIT: "{{inputs.parameters.commit}}",
        IMAGE: fromWorkflow("image"),
        DIGEST: "{{inputs.parameters.digest}}",
      },
      mounts: [...mounts, SIGNING],
    }),
    inputs: given("commit", "digest"),
  };
}

export const promote = {
  ...step("promote", ["git", "promote"], {
    image: BUILD_IMAGES.tools,
    env: {
      ...GIT,
      DEPLOY_REPOSITORY: fromWorkflow("deploy-repository"),
      DEPLOY_PATH: fromWorkflow("deploy-path"),
      DEPLOY_KEY: fromWorkflow("deploy-key"),
      COMPONENT: fromWorkflow("component"),
      COMMIT: "{{inputs.parameters.commit}}",
      IMAGE: fromWorkflow("image"),
      DIGEST: "{{inputs.parameters.digest}}",
    },
    mounts: [GIT_LOGINS],
  }),
  inputs: given("commit", "digest"),
};

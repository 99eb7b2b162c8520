import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { BUILD_ACCOUNT, BUILD_NAMESPACE, BUILD_TEMPLATE, BUILDER } from "../../addons";
import type { ComponentSettings } from "../../settings";

/** What is known of a component's build. */
export interface BuildArgs {
  readonly tenant: string;
  readonly project: string;
  readonly component: string;
  readonly source: NonNullable<ComponentSettings["source"]>;
  /** What every image begins with. */
  readonly registry: pulumi.Input<string>;
  /** Where a new image is written, and promotion begins; absent where the tenant has no repository. */
  readonly deploy?: DeployTarget;
}

/** The place of an image in the repository that Argo CD reads. */
export interface DeployTarget {
  readonly repository: string;
  /** File in it. */
  readonly path: string;
  /** Path of the image in the file, as yq spells it. */
  readonly key: string;
}

/** An object of a build, as data. */
export interface BuildObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

/** What a build is called: parts joined by dots, which none of them can hold. */
export function buildName({ tenant, project, component }: Omit<BuildArgs, "source" | "registry">): string {
  return `${tenant}.${project}.${component}`;
}

/** A component's image without a tag: in the tenant's own part of the registry, which the builds' policy holds it to. */
export function imageOf({ tenant, project, component, registry }: Omit<BuildArgs, "source">): pulumi.Input<string> {
  const path = `${tenant}/${project}/${component}`;
  return typeof registry === "string" ? `${registry}/${path}` : pulumi.interpolate`${registry}/${path}`;
}

/** How a component is built: by kpack, which follows the source, or every night by the platform's workflow. */
export function buildObject(args: BuildArgs): BuildObject {
  return args.source.build === "buildpacks" ? kpackImage(args) : nightlyBuild(args);
}

function metadata(args: BuildArgs, name: string) {
  const { tenant, project, component } = args;
  const labels = {
    "choreo.dev/tenant": tenant,
    "choreo.dev/project": project,
    "choreo.dev/component": component,
  };
  return { name, namespace: BUILD_NAMESPACE, labels };
}

/** kpack builds whenever the revision moves, and when the builder has a new buildpack or base. */
function kpackImage(args: BuildArgs): BuildObject {
  const { git, revision, path } = args.source;
  return {
    apiVersion: "kpack.io/v1alpha2",
    kind: "Image",
    metadata: metadata(args, `${buildName(args)}-image`),
    spec: {
      tag: imageOf(args),
      serviceAccountName: BUILD_ACCOUNT,
      builder: { kind: "ClusterBuilder", name: BUILDER },
      source: { git: { url: git, revision }, ...(path === "." ? {} : { subPath: path }) },
      failedBuildHistoryLimit: 3,
      successBuildHistoryLimit: 3,
    },
  };
}

/** Nobody tells the workflow of a change: it builds every night, and whenever `argo submit --from` asks. */
function nightlyBuild(args: BuildArgs): BuildObject {
  const name = `${buildName(args)}-build`;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "CronWorkflow",
    metadata: metadata(args, name),
    spec: {
      schedules: [nightly(name)],
      timezone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 2,
      workflowMetadata: { labels: metadata(args, name).labels },
      workflowSpec: {
        workflowTemplateRef: { name: BUILD_TEMPLATE },
        arguments: { parameters: parameters(args).map(([key, value]) => ({ name: key, value })) },
      },
    },
  };
}

function parameters(args: BuildArgs): (readonly [name: string, value: pulumi.Input<string>])[] {
  const { git, revision, path, build } = args.source;
  return [
    ["component", buildName(args)],
    ["repository", git],
    ["revision", revision],
    ["path", path],
    ["build", build],
    ["image", imageOf(args)],
    ["deploy-repository", args.deploy?.repository ?? ""],
    ["deploy-path", args.deploy?.path ?? ""],
    ["deploy-key", args.deploy?.key ?? ""],
  ];
}

/** A minute between one and five o'clock that is the same for the same build, so that they do not all begin at once. */
function nightly(name: string): string {
  const minute = createHash("sha256").update(name).digest().readUInt16BE(0) % 240;
  return `${minute % 60} ${1 + Math.floor(minute / 60)} * * *`;
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  componentTypes,
  PLACED_PROJECT_TYPE,
  PROJECT_TYPE,
  placedProjectType,
  projectType,
  traits,
  WORKFLOWS,
  workflow,
} from "./types";

/** Arguments of {@link PlatformTypes}. */
export interface PlatformTypesArgs {
  /** Absent where the fleet has no builds. */
  readonly builds?: { readonly plane: string; readonly registry: pulumi.Input<string> };
  /** What the types come after: OpenChoreo's kinds, and the webhooks that check them. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** What all organizations of a control plane make their projects and components of. */
export class PlatformTypes extends pulumi.ComponentResource {
  constructor(
    private readonly types: string,
    { builds, after }: PlatformTypesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:planes:PlatformTypes", types, {}, opts);
    const own = { parent: this, dependsOn: after };
    this.make("ClusterProjectType", PROJECT_TYPE, "A project's namespaces, with their guard rails", projectType(), own);
    const placed = "A project whose components run in the namespaces of its tenant";
    this.make("ClusterProjectType", PLACED_PROJECT_TYPE, placed, placedProjectType(), own);
    for (const [name, { description, spec }] of Object.entries(traits())) {
      this.make("ClusterTrait", name, description, spec, own);
    }
    if (builds !== undefined) this.workflows(builds, own);
    const allowedWorkflows = builds === undefined ? [] : WORKFLOWS.map((name) => ({ kind: "ClusterWorkflow", name }));
    for (const [name, { description, spec }] of Object.entries(componentTypes())) {
      this.make("ClusterComponentType", name, description, { ...spec, allowedWorkflows }, own);
    }
    this.registerOutputs();
  }

  private workflows({ plane, registry }: NonNullable<PlatformTypesArgs["builds"]>, opts: pulumi.CustomResourceOptions) {
    // The plane of a workflow cannot be changed: another plane is another object of the same name.
    const replaced = { ...opts, replaceOnChanges: ["spec.workflowPlaneRef"], deleteBeforeReplace: true };
    for (const name of WORKFLOWS) {
      const spec = pulumi.output(registry).apply((host) => workflow(name, { plane, registry: host }));
      this.make("ClusterWorkflow", name, DESCRIPTIONS[name], spec, replaced);
    }
  }

  private make(
    kind: string,
    name: string,
    description: string,
    spec: pulumi.Input<object>,
    opts: pulumi.CustomResourceOptions,
  ): void {
    // A project type and a trait may have the same name.
    const why = kind
      .replace("Cluster", "")
      .replace(/(?<=[a-z])([A-Z])/g, "-$1")
      .toLowerCase();
    // No empty labels: the API server drops them, and each preview would add them anew.
    const labels = kind === "ClusterWorkflow" ? { labels: { "openchoreo.dev/workflow-type": "component" } } : {};
    new kubernetes.apiextensions.CustomResource(
      `${this.types}-${why}-${name}`,
      {
        apiVersion: "openchoreo.dev/v1alpha1",
        kind,
        metadata: { name, ...labels, annotations: { "openchoreo.dev/description": description } },
        spec,
      },
      opts,
    );
  }
}

const DESCRIPTIONS = {
  buildpacks: "Builds with Cloud Native Buildpacks; the source needs no Dockerfile",
  dockerfile: "Builds what the source's Dockerfile says, without root",
} as const;

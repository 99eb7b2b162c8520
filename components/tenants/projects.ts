import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../addons";

/** Arguments of {@link TenantProjects}. */
export interface TenantProjectsArgs {
  readonly tenant: string;
  /** Projects before their components. */
  readonly objects: readonly Manifest[];
  /** OpenChoreo's control plane, and the tenant's organization on it. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** A tenant's projects and components on the control plane. */
export class TenantProjects extends pulumi.ComponentResource {
  constructor(name: string, { tenant, objects, after }: TenantProjectsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:tenants:Projects", name, {}, opts);
    const projects: pulumi.Resource[] = [];
    for (const { apiVersion, kind, metadata, spec } of objects) {
      const isProject = kind === "Project";
      const made = new kubernetes.apiextensions.CustomResource(
        `${name}.${metadata.name}`,
        { apiVersion, kind, metadata, spec },
        isProject ? { parent: this, dependsOn: after } : { parent: this, dependsOn: [...projects] },
      );
      if (isProject) projects.push(made);
    }
    this.registerOutputs({ tenant });
  }
}

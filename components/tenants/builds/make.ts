import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imagePlace } from "../delivery/layout";
import type { PlannedComponent, PlannedTenant } from "../plan";
import type { TenantSite, TenantSites } from "../site";
import { type BuildArgs, buildObject } from "./build";

/** The builds of a tenant, on the cluster that builds. */
export class TenantBuilds extends pulumi.ComponentResource {
  constructor(
    name: string,
    {
      tenant,
      builds,
      site,
    }: { readonly tenant: string; readonly builds: readonly BuildArgs[]; readonly site: TenantSite },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:tenants:TenantBuilds", name, {}, opts);
    for (const args of builds) {
      const { apiVersion, kind, metadata, spec } = buildObject(args);
      new kubernetes.apiextensions.CustomResource(
        `${name}-${args.project}.${args.component}`,
        { apiVersion, kind, metadata: { ...metadata }, spec },
        { parent: this, dependsOn: site.after("builds") },
      );
    }
    this.registerOutputs({ tenant });
  }
}

/**
 * The builds of a tenant's components: one each, however many environments there are, as every environment runs the same
 * image.
 */
export function buildsOf(tenant: PlannedTenant, registry: BuildArgs["registry"]): BuildArgs[] {
  const first = tenant.environments[0]?.name;
  return tenant.projects.flatMap(({ name: project, components }) =>
    components
      .filter(({ environment }) => environment === first)
      .flatMap((component) => {
        const { source } = component.settings;
        if (source === undefined) return [];
        const base = { tenant: tenant.name, project, component: component.name, source, registry };
        const { repository } = tenant;
        return [
          repository === undefined ? base : { ...base, deploy: deployTarget(component, repository, first ?? "") },
        ];
      }),
  );
}

function deployTarget(
  { project, name, deploy, settings }: PlannedComponent,
  { git, path }: NonNullable<PlannedTenant["repository"]>,
  first: string,
) {
  return { repository: git, ...imagePlace(path, { project, component: name, deploy, type: settings.type }, first) };
}

/** Makes the builds of tenants, where a cluster builds. */
export function makeBuilds(planned: readonly PlannedTenant[], sites: TenantSites): void {
  const site = [...sites.clusters.values()].find((one) => one.has("builds") && one.registry !== undefined);
  if (site?.registry === undefined) return;
  for (const tenant of planned) {
    const all = buildsOf(tenant, site.registry.prefix);
    // The workflow's own kinds may be absent where only kpack builds.
    const builds = all.filter(({ source }) => source.build === "buildpacks" || hasWorkflows(site));
    if (builds.length === 0) continue;
    new TenantBuilds(
      `${site.name}.${tenant.name}.builds`,
      { tenant: tenant.name, builds, site },
      { providers: [site.provider] },
    );
  }
}

/** Whether `choreo-build-deploy` is on the cluster. */
function hasWorkflows(site: TenantSite): boolean {
  return WORKFLOWS.some((addon) => site.has(addon));
}

const WORKFLOWS = ["argo-workflows", "openchoreo-workflow-plane"];

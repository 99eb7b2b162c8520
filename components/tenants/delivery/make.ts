import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { REGISTRY_LOGIN } from "../../addons";
import { organizationNamespace } from "../../planes";
import type { PlannedTenant, TenantEnvironment } from "../plan";
import { type ControlSite, needsLogin, type TenantSites } from "../site";
import { type AppProjectArgs, appProject, type Destination, IN_CLUSTER } from "./app-project";
import { type ApplicationSetArgs, applicationSet, type DeployedComponent } from "./application-set";

/** What Argo CD is told of a tenant: what it may do, and what it brings. */
export class TenantDelivery extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { readonly tenant: PlannedTenant; readonly control: ControlSite; readonly pullSecret?: string },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:tenants:TenantDelivery", name, {}, opts);
    const { tenant, control, pullSecret } = args;
    const after = control.after("argo-cd");
    const destination = destinationOn(control);
    const project = appProject(projectArgs(tenant, destination));
    const made = new kubernetes.apiextensions.CustomResource(`${name}-project`, project, {
      parent: this,
      dependsOn: after,
    });
    const { repository } = tenant;
    if (repository !== undefined) {
      const set = applicationSet({ ...setArgs(tenant, repository, destination), pullSecret });
      new kubernetes.apiextensions.CustomResource(`${name}-applications`, set, { parent: this, dependsOn: [made] });
    }
    this.registerOutputs({ tenant: tenant.name });
  }
}

/** The cluster that Argo CD is on is known to it by another name than all others. */
function destinationOn({ name }: ControlSite): (cluster: string) => string {
  return (cluster) => (cluster === name ? IN_CLUSTER : cluster);
}

function projectArgs(tenant: PlannedTenant, destination: (cluster: string) => string): AppProjectArgs {
  const components = tenant.projects.flatMap((project) => project.components);
  const plain = components.filter(({ deploy }) => deploy === "plain");
  const own: Destination[] =
    plain.length === components.length ? [] : [{ cluster: IN_CLUSTER, namespace: organizationNamespace(tenant.name) }];
  const places = plain.flatMap(({ namespace, clusters }) =>
    clusters.map((cluster) => ({ cluster: destination(cluster), namespace })),
  );
  const each = new Map(places.map((place) => [`${place.cluster} ${place.namespace}`, place]));
  return {
    tenant: tenant.name,
    owners: tenant.owners,
    repositories: tenant.repository === undefined ? [] : [tenant.repository.git],
    destinations: [...own, ...each.values()],
    production: tenant.environments.filter(({ production }) => production).map(({ name }) => name),
  };
}

function setArgs(
  tenant: PlannedTenant,
  repository: ApplicationSetArgs["repository"],
  destination: (cluster: string) => string,
): ApplicationSetArgs {
  const ranks = ranksOf(tenant.environments);
  return {
    tenant: tenant.name,
    repository,
    destination,
    organization: organizationNamespace(tenant.name),
    components: tenant.projects.flatMap((project) => deployedComponents(project, ranks)),
  };
}

/** How far environments are from the one that promotion begins at. */
function ranksOf(environments: readonly TenantEnvironment[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  // They are in the order of promotion, so that whatever comes before has its rank already.
  for (const { name, promotesFrom } of environments) {
    ranks.set(name, promotesFrom === undefined ? 0 : 1 + (ranks.get(promotesFrom) ?? 0));
  }
  return ranks;
}

function deployedComponents(
  { name: project, components }: PlannedTenant["projects"][number],
  ranks: ReadonlyMap<string, number>,
): DeployedComponent[] {
  const names = [...new Set(components.map(({ name }) => name))];
  return names.map((name) => {
    const placed = components.filter((one) => one.name === name);
    return {
      project,
      component: name,
      deploy: placed[0]?.deploy ?? "plain",
      environments: placed.map(({ environment, production, namespace, clusters }) => ({
        ...{ name: environment, production, namespace, clusters },
        rank: ranks.get(environment) ?? 0,
      })),
    };
  });
}

/** Makes what Argo CD is told of tenants, where it is. */
export function makeDelivery(planned: readonly PlannedTenant[], sites: TenantSites): void {
  const { control } = sites;
  if (control === undefined || !control.has("argo-cd")) return;
  for (const tenant of planned) {
    const clusters = tenant.environments.flatMap((environment) => environment.clusters);
    const pullSecret = needsLogin(clusters, sites) ? REGISTRY_LOGIN : undefined;
    new TenantDelivery(
      `${control.name}.${tenant.name}.delivery`,
      { tenant, control, pullSecret },
      { providers: [control.provider] },
    );
  }
}

import { type Problem, pathOf } from "../../problems";
import type { ComponentSettings, DatabaseSettings, TenantSettings } from "../../tenants";
import { eachComponent, eachDatabase, own, type TenantPlatform, type TenantWorld } from "./world";

type Clusters = TenantPlatform["clusters"];

/** Everything runs on clusters that have the data plane, and somewhere. */
export function placementProblems(tenant: string, settings: TenantSettings, platform?: TenantPlatform): Problem[] {
  if (platform === undefined) return [];
  const { clusters } = platform;
  const data = Object.keys(clusters).filter((name) => clusters[name]?.planes.includes("data"));
  if (data.length === 0) return [];
  const check = (path: readonly PropertyKey[], name: string) => clusterProblem(path, name, { clusters, data });
  return [
    ...Object.entries(settings.environments).flatMap(([name, environment]) =>
      (environment.clusters ?? []).flatMap((cluster, index) =>
        check(["tenants", tenant, "environments", name, "clusters", index], cluster),
      ),
    ),
    ...eachComponent(tenant, settings, (component, path) => {
      const wrong = (component.clusters ?? []).flatMap((name, index) => check([...path, "clusters", index], name));
      return wrong.length > 0
        ? wrong
        : [...nowhere(component, path, settings), ...weightProblems(component, path, data)];
    }),
    ...eachDatabase(tenant, settings, (database, path) => databasePlacement(database, path, check)),
  ];
}

function clusterProblem(
  path: readonly PropertyKey[],
  name: string,
  { clusters, data }: { readonly clusters: Clusters; readonly data: readonly string[] },
): Problem[] {
  if (data.includes(name)) return [];
  const what = own(clusters, name) === undefined ? "is no cluster" : "has no data plane";
  return [{ path: pathOf(...path), message: `"${name}" ${what}; choose from ${data.join(", ")}` }];
}

/** A component that is on none of its environments' clusters would be left out without a word. */
function nowhere(
  { clusters }: ComponentSettings,
  path: readonly string[],
  { environments }: TenantSettings,
): Problem[] {
  const runs = Object.values(environments).some(
    (environment) =>
      clusters === undefined ||
      environment.clusters === undefined ||
      environment.clusters.some((name) => clusters.includes(name)),
  );
  if (runs) return [];
  return [{ path: pathOf(...path, "clusters"), message: "no environment is on any of these clusters" }];
}

function weightProblems({ expose, clusters }: ComponentSettings, path: readonly string[], data: readonly string[]) {
  const places = clusters ?? data;
  return Object.keys(expose?.spread.weights ?? {})
    .filter((name) => !places.includes(name))
    .map((name) => ({
      path: pathOf(...path, "expose", "spread", "weights", name),
      message: `it does not run on "${name}"; it runs on ${places.join(", ")}`,
    }));
}

function databasePlacement(
  { cluster, replica }: DatabaseSettings,
  path: readonly string[],
  check: (path: readonly PropertyKey[], name: string) => Problem[],
): Problem[] {
  const wrong = [
    ...(cluster === undefined ? [] : check([...path, "cluster"], cluster)),
    ...(replica === undefined ? [] : check([...path, "replica"], replica)),
  ];
  if (wrong.length > 0 || replica === undefined) return wrong;
  const at = pathOf(...path, "replica");
  if (cluster === undefined) return [{ path: at, message: "say also on which cluster the database itself is" }];
  return cluster === replica ? [{ path: at, message: "is the database's own cluster; choose another" }] : [];
}

/** One problem, however many components have nowhere to run. */
export function dataPlaneProblems({ tenants, platform }: TenantWorld): Problem[] {
  const projects = Object.values(tenants).flatMap((tenant) => Object.values(tenant.projects));
  const runs = projects.some(({ components }) => Object.keys(components).length > 0);
  if (!runs || platform === undefined) return [];
  if (Object.values(platform.clusters).some(({ planes }) => planes.includes("data"))) return [];
  const message = 'no cluster has the plane "data", so no component can run; give it to one';
  return [{ path: pathOf("platform", "clusters"), message }];
}

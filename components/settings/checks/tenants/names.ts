import { cellNamespace, dataNamespace } from "../../namespaces";
import { type Problem, pathOf } from "../../problems";
import type { TenantSettings, TenantsSettings } from "../../tenants";
import { eachComponent, eachDatabase, own, type Visit } from "./world";

/** Names that begin namespaces of the platform, such as envoy-gateway-system: no namespace of a tenant can be one of those. */
export const KEPT_NAMES = [
  "argo",
  "aws",
  "capi",
  "cert",
  "choreo",
  "cilium",
  "cnpg",
  "default",
  "envoy",
  "external",
  "istio",
  "kube",
  "opencost",
  "openchoreo",
  "opensearch",
  "pulumi",
  "tenant",
  "vertical",
  "workflows",
] as const;

const KEPT: readonly string[] = KEPT_NAMES;

/** Names that would be taken twice: of a component and a database, and of namespaces. */
export function nameProblems(tenants: TenantsSettings): Problem[] {
  return [
    ...Object.keys(tenants)
      .filter((name) => KEPT.includes(name))
      .map((name) => ({ path: pathOf("tenants", name), message: "a name that the platform keeps; choose another" })),
    ...Object.entries(tenants).flatMap(([tenant, settings]) => [
      ...keptNames(tenant, settings),
      ...sharedNames(tenant, settings),
      ...doubledNames(tenant, settings),
    ]),
    ...namespaceProblems(tenants),
  ];
}

/** Names of accounts and policies that a namespace has beside those of its components. */
const KEPT_IN_NAMESPACE: readonly string[] = ["default", "default-deny", "waypoint"];

function keptNames(tenant: string, settings: TenantSettings): Problem[] {
  const message = "a name that is kept for the namespace's own; choose another";
  const kept: Visit<unknown> = (_, path) =>
    KEPT_IN_NAMESPACE.includes(path.at(-1) ?? "") ? [{ path: pathOf(...path), message }] : [];
  const former: Visit<{ readonly renamedFrom?: string | undefined }> = ({ renamedFrom = "" }, path) =>
    KEPT_IN_NAMESPACE.includes(renamedFrom) ? [{ path: pathOf(...path, "renamedFrom"), message }] : [];
  return [
    ...eachComponent(tenant, settings, kept),
    ...eachDatabase(tenant, settings, kept),
    ...eachDatabase(tenant, settings, former),
  ];
}

/** OpenChoreo knows a tenant's components by their names alone, whatever their project. */
function sharedNames(tenant: string, settings: TenantSettings): Problem[] {
  const holders = new Map<string, string>();
  return eachComponent(tenant, settings, (_, path) => {
    const name = path.at(-1) ?? "";
    const holder = holders.get(name);
    if (holder === undefined) holders.set(name, pathOf(...path));
    const message = `is the name of ${holder} too; components of one tenant have different names`;
    return holder === undefined ? [] : [{ path: pathOf(...path), message }];
  });
}

function doubledNames(tenant: string, settings: TenantSettings): Problem[] {
  return Object.entries(settings.projects).flatMap(([project, { components, databases }]) =>
    Object.keys(databases)
      .filter((name) => own(components, name) !== undefined)
      .map((name) => ({
        path: pathOf("tenants", tenant, "projects", project, "databases", name),
        message: "a component of the project has this name already; connections could not tell them apart",
      })),
  );
}

/** "a-b" and "c" make the namespace that "a" and "b-c" make. */
function namespaceProblems(tenants: TenantsSettings): Problem[] {
  const holders = new Map<string, string>();
  return Object.entries(tenants).flatMap(([tenant, { projects, environments, renamedFrom: before = tenant }]) =>
    Object.entries(projects).flatMap(([project, { renamedFrom: former = project }]) =>
      Object.keys(environments).flatMap((environment) => {
        const path = pathOf("tenants", tenant, "projects", project);
        const what = `${path} in ${environment}`;
        const names = [cellNamespace(tenant, project, environment), dataNamespace(before, former, environment)];
        const [taken] = names.filter((name) => holders.has(name));
        for (const name of names) if (!holders.has(name)) holders.set(name, what);
        if (taken === undefined) return [];
        return [{ path, message: `its namespace "${taken}" is that of ${holders.get(taken)}; rename one of them` }];
      }),
    ),
  );
}

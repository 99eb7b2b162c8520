import { type Problem, pathOf } from "../../problems";
import { isShared, type Reference, readReference } from "../../references";
import type { ComponentSettings, TenantSettings } from "../../tenants";
import { eachComponent, find, homeOf, own, type TenantWorld, usesOf } from "./world";

/** Connections lead to something that can be called, and that may be. Another stack's are checked when that is read. */
export function referenceProblems(tenant: string, settings: TenantSettings, world: TenantWorld): Problem[] {
  return eachComponent(tenant, settings, (component, path) => [
    ...usesOf(component, path).flatMap((reference, index) => {
      const message = reference.stack === undefined ? referenceProblem(component, reference, tenant, world) : undefined;
      return message === undefined ? [] : [{ path: pathOf(...path, "uses", index), message }];
    }),
    ...permissionProblems(component, path, world),
    ...secretProblems(component, path, tenant),
  ]);
}

/** The store holds the secrets of all tenants: what is a tenant's begins with its name. */
function secretProblems({ secrets }: ComponentSettings, path: readonly string[], tenant: string): Problem[] {
  return Object.entries(secrets)
    .filter(([, key]) => !key.startsWith(`${tenant}/`) && !key.startsWith(`${tenant}.`))
    .map(([name, key]) => ({
      path: pathOf(...path, "secrets", name),
      message: `"${key}" is not the tenant's; its secrets begin with "${tenant}/" or "${tenant}."`,
    }));
}

function referenceProblem(
  from: ComponentSettings,
  reference: Reference,
  user: string,
  { tenants, complete }: TenantWorld,
): string | undefined {
  const { tenant: owner, project, name } = reference;
  if (own(tenants, owner) === undefined && !complete) return undefined;
  const full = `"${owner}/${project}/${name}"`;
  const used = find(reference, tenants);
  if (used === undefined) return `no component or database ${full}`;
  if (used.settings === from) return "is the component itself";
  if (used.kind === "component" && used.settings.port === undefined)
    return `${full} serves on no port, so nothing can call it`;
  if (!isShared(owner, used.settings, user))
    return `${full} is not shared with "${user}"; its owner names the tenant in sharedWith`;
  return undefined;
}

/** A permission is of somebody who has the connection. */
function permissionProblems(component: ComponentSettings, path: readonly string[], { tenants, complete }: TenantWorld) {
  const full = [...homeParts(path), path[5]].join("/");
  return Object.keys(component.mesh?.permissions ?? {}).flatMap((text): Problem[] => {
    const reference = readReference(text, homeOf(path));
    const caller = find(reference, tenants);
    // A tenant that is not here, and that it is shared with, is one of another stack.
    const isForeign =
      own(tenants, reference.tenant) === undefined && isShared(homeOf(path).tenant, component, reference.tenant);
    if (caller === undefined && (!complete || reference.stack !== undefined || isForeign)) return [];
    const at = pathOf(...path, "mesh", "permissions", text);
    if (caller?.kind !== "component") return [{ path: at, message: "no component of this name" }];
    const calls = caller.settings.uses.map((used) => readReference(used, reference));
    const called = calls.map(({ stack, tenant, project, name }) =>
      (stack === undefined ? [tenant, project, name] : []).join("/"),
    );
    return called.includes(full) ? [] : [{ path: at, message: "has no connection to it; it names it in its uses" }];
  });
}

function homeParts(path: readonly string[]): string[] {
  const { tenant, project } = homeOf(path);
  return [tenant, project];
}

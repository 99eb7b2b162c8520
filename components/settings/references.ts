/** What a connection names: something of this stack, or of another one. */
export interface Reference {
  /** Fully qualified name of the other stack; absent for the own one. */
  readonly stack?: string;
  readonly tenant: string;
  readonly project: string;
  readonly name: string;
}

const STACK = "stack://";

/**
 * Reads `name`, `project/name`, `tenant/project/name` or `stack://organization/project/stack/tenant/project/name`, completed
 * by where it stands.
 */
export function readReference(text: string, home: { readonly tenant: string; readonly project: string }): Reference {
  if (text.startsWith(STACK)) {
    const parts = text.slice(STACK.length).split("/");
    const [tenant = "", project = "", name = ""] = parts.slice(3);
    return { stack: parts.slice(0, 3).join("/"), tenant, project, name };
  }
  const parts = text.split("/");
  const [tenant = "", project = "", name = ""] = [home.tenant, home.project].slice(0, 3 - parts.length).concat(parts);
  return { tenant, project, name };
}

/** Whether a tenant may use what another one owns. */
export function isShared(
  owner: string,
  { sharedWith }: { readonly sharedWith: readonly string[] },
  user: string,
): boolean {
  return owner === user || sharedWith.includes(user) || sharedWith.includes("*");
}

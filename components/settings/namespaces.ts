import { createHash } from "node:crypto";

/** Names of tenants' namespaces: the same on every cluster, so that a Service on several clusters is one. */

const MAX = 63;
const DATA = "-data";

/** Namespace of a project's components in one environment: `<tenant>-<project>-<environment>`. */
export function cellNamespace(tenant: string, project: string, environment: string): string {
  return bounded(`${tenant}-${project}-${environment}`, MAX - DATA.length);
}

/** Namespace of the databases of a project in one environment. */
export function dataNamespace(tenant: string, project: string, environment: string): string {
  return `${cellNamespace(tenant, project, environment)}${DATA}`;
}

/** A name of at most `max` characters: one that is longer ends in a hash of the whole. */
export function bounded(name: string, max = MAX): string {
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, max - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

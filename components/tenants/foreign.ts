import { type ComponentSettings, type DatabaseSettings, tenantSchema } from "../settings";
import type { SharedWorkload } from "../stacks";
import type { OutsideEnd } from "./edges";
import type { PlannedComponent, PlannedDatabase, Workload } from "./plan";
import type { ResolvedUse } from "./references";

/** Where the gateways of other platforms answer. */
const HTTPS = 443;

/** What a connection to another stack leads to, as an end of an edge. */
export function foreignEnd({ way, workload }: ResolvedUse): Workload | OutsideEnd {
  if (way === "service" || workload.host === undefined) return foreignWorkload(workload);
  return { kind: "outside", host: workload.host, ports: [HTTPS] };
}

/** Another stack's component or database as one of ours, as far as policies ask for it. */
export function foreignWorkload(workload: SharedWorkload): Workload {
  const { tenant, project, name, environment, production, namespace, clusters, host } = workload;
  const home = { tenant, project, environment, production, namespace, name, clusters };
  const settings = settingsOf(workload);
  if (settings.kind === "component") {
    const component: PlannedComponent = {
      ...home,
      kind: "component",
      deploy: "openchoreo",
      host,
      settings: settings.settings,
    };
    return component;
  }
  const database: PlannedDatabase = {
    ...home,
    kind: "database",
    name: workload.madeAs ?? name,
    calledAs: name,
    connection: workload.connection,
    members: 1,
    strictZones: false,
    settings: settings.settings,
  };
  return database;
}

type ForeignSettings =
  | { readonly kind: "component"; readonly settings: ComponentSettings }
  | { readonly kind: "database"; readonly settings: DatabaseSettings };

/** The settings that it may have, by what is known of it; completed as a tenant's file is. */
function settingsOf(workload: SharedWorkload): ForeignSettings {
  const { kind, name, port, engine, sharedWith, waypoint, permissions } = workload;
  const mesh = waypoint ? { mesh: { permissions } } : {};
  const project =
    kind === "component"
      ? { components: { [name]: { image: "of-another-stack", port, sharedWith, ...mesh } } }
      : { databases: { [name]: { engine, size: "1Gi", sharedWith } } };
  const { components, databases } =
    tenantSchema.parse({ owners: ["other"], projects: { one: project } }).projects.one ?? {};
  const [component] = Object.values(components ?? {});
  if (component !== undefined) return { kind: "component", settings: component };
  const [database] = Object.values(databases ?? {});
  if (database === undefined) throw new Error(`neither a component nor a database: ${name}`);
  return { kind: "database", settings: database };
}

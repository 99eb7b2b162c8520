import { type Reference, readReference } from "../settings";
import type { PlannedComponent, PlannedDatabase, PlannedTenant, Workload } from "./plan";

/**
 * Who calls whom: the one list that network policies and the mesh's authorization are both made of, so that they cannot
 * disagree. What is not in it is closed.
 */

/** Ends of the platform's own edges; what pods and identities they are is in platform-ends.ts. */
export type PlatformName =
  | "gateway"
  | "dns"
  | "collector"
  | "prometheus"
  | "api-server"
  | "object-store"
  | "postgresql-operator"
  | "mongodb-operator"
  | "redis-operator";

/** One end of an edge. */
export type End =
  | Workload
  | { readonly kind: "platform"; readonly name: PlatformName }
  | { readonly kind: "outside"; readonly host?: string; readonly range?: string };

export interface Port {
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** Something of another stack that is called as anything outside the platform is. */
export interface OutsideEnd {
  readonly kind: "outside";
  readonly host: string;
  readonly ports: readonly number[];
}

/** Somebody may call somebody on some ports. Ports are those of the pods that are called. */
export interface Edge {
  readonly from: End;
  readonly to: End;
  readonly ports: readonly Port[];
}

/** The edges of one component or database. */
export interface OwnEdges {
  /** From others to it. */
  readonly in: readonly Edge[];
  /** From it to others. */
  readonly out: readonly Edge[];
}

/** Ports of databases: what clients dial, and what their operator and members say to each other beside it. */
export const DATABASE_PORTS = {
  postgresql: { client: 5432, members: [5432, 8000], operator: [8000], metrics: 9187 },
  mongodb: { client: 27017, members: [27017], operator: [27017], metrics: 9216 },
  redis: { client: 6379, members: [6379, 26379], operator: [6379, 26379], metrics: 9121 },
} as const satisfies Record<PlannedDatabase["settings"]["engine"], DatabasePorts>;

interface DatabasePorts {
  readonly client: number;
  readonly members: readonly number[];
  readonly operator: readonly number[];
  readonly metrics: number;
}

/** What stands for the platform where edges are planned. */
export interface EdgeOptions {
  /** Finds what a connection of another stack names. Default: nothing, and the connection is left out here. */
  readonly foreign?: (reference: Reference, from: PlannedComponent) => Workload | OutsideEnd | undefined;
}

/** Every edge of a set of tenants, in time that grows with their number. */
export class Edges {
  private readonly into = new Map<Workload, Edge[]>();
  private readonly outOf = new Map<Workload, Edge[]>();

  constructor(readonly all: readonly Edge[]) {
    for (const edge of all) {
      if (isWorkload(edge.from)) push(this.outOf, edge.from, edge);
      if (isWorkload(edge.to)) push(this.into, edge.to, edge);
    }
  }

  /** The edges of one component or database; nothing of a workload that is not among the tenants. */
  of(workload: Workload): OwnEdges {
    return { in: this.into.get(workload) ?? [], out: this.outOf.get(workload) ?? [] };
  }
}

/** Whether an end is a component or a database. */
export function isWorkload(end: End): end is Workload {
  return end.kind === "component" || end.kind === "database";
}

/** Plans the edges of tenants among each other and with the platform. References are valid already. */
export function planEdges(tenants: readonly PlannedTenant[], { foreign = () => undefined }: EdgeOptions = {}): Edges {
  const index = new WorkloadIndex(tenants);
  const projects = tenants.flatMap((tenant) => tenant.projects);
  return new Edges([
    ...projects.flatMap(({ components }) =>
      components.flatMap((component) => [
        ...platformEdges(component),
        ...component.settings.uses.flatMap((text): Edge[] => {
          const reference = readReference(text, component);
          const to = reference.stack === undefined ? index.find(reference, component) : foreign(reference, component);
          if (to === undefined) return [];
          if (to.kind === "outside") {
            return [{ from: component, to: { kind: "outside" as const, host: to.host }, ports: tcp(...to.ports) }];
          }
          return [{ from: component, to, ports: tcp(servedPort(to)) }];
        }),
      ]),
    ),
    ...projects.flatMap(({ databases }) => databases.flatMap(databaseEdges)),
  ]);
}

/** The port that callers dial. */
export function servedPort(workload: Workload): number | undefined {
  return workload.kind === "component" ? workload.settings.port : DATABASE_PORTS[workload.settings.engine].client;
}

/** What every component has: names and traces, and the gateway and Prometheus where it asks for them. */
function platformEdges(component: PlannedComponent): Edge[] {
  const { settings, host } = component;
  return [
    { from: component, to: platform("dns"), ports: DNS },
    { from: component, to: platform("collector"), ports: tcp(4317, 4318) },
    ...(host === undefined ? [] : [{ from: platform("gateway"), to: component, ports: tcp(settings.port) }]),
    ...(settings.monitoring.port === undefined
      ? []
      : [{ from: platform("prometheus"), to: component, ports: tcp(settings.monitoring.port) }]),
    ...settings.egress.map(({ host: name, range, ports }) => ({
      from: component,
      to: { kind: "outside" as const, host: name, range },
      ports: tcp(...ports),
    })),
  ];
}

function databaseEdges(database: PlannedDatabase): Edge[] {
  const { engine } = database.settings;
  const { members, operator, metrics } = DATABASE_PORTS[engine];
  return [
    { from: database, to: platform("dns"), ports: DNS },
    { from: database, to: database, ports: tcp(...members) },
    { from: platform(`${engine}-operator`), to: database, ports: tcp(...operator) },
    // Members, and what backs them up, ask the API server who they are to be.
    { from: database, to: platform("api-server"), ports: tcp(443, 6443) },
    { from: platform("prometheus"), to: database, ports: tcp(metrics) },
    { from: database, to: platform("object-store"), ports: [] },
  ];
}

const DNS: readonly Port[] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

function tcp(...ports: readonly (number | undefined)[]): Port[] {
  return ports.flatMap((port) => (port === undefined ? [] : [{ port, protocol: "TCP" as const }]));
}

function platform(name: PlatformName) {
  return { kind: "platform", name } as const;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Finds what references name. */
export class WorkloadIndex {
  private readonly byName = new Map<string, Workload[]>();

  constructor(tenants: readonly PlannedTenant[]) {
    for (const { projects } of tenants) {
      for (const { components, databases } of projects) {
        for (const component of components) push(this.byName, nameOf(component), component);
        // A renamed database is called by its new name; its objects have the old one.
        for (const database of databases) push(this.byName, nameOf({ ...database, name: database.calledAs }), database);
      }
    }
  }

  /**
   * What a component's connection leads to: in the environment of the same name, else in one of the same kind (production
   * or not), else in the last one in the order of promotion.
   */
  find(reference: Omit<Reference, "stack">, from: Pick<PlannedComponent, "environment" | "production">) {
    return counterpart(this.byName.get(nameOf(reference)) ?? [], from);
  }
}

/** Of one thing in several environments, that which a caller's environment goes with. */
export function counterpart<T extends { readonly environment: string; readonly production: boolean }>(
  candidates: readonly T[],
  from: { readonly environment: string; readonly production: boolean },
): T | undefined {
  return (
    candidates.find(({ environment }) => environment === from.environment) ??
    candidates.find(({ production }) => production === from.production) ??
    candidates.at(-1)
  );
}

/** What something of a tenant is called by. */
type Named = Pick<Workload, "tenant" | "project" | "name">;

/** What settings call a component or a database that are those of `user`: no more than it takes. */
export function shortNameOf(
  { tenant, project, name }: Named,
  user: Pick<Named, "tenant" | "project">,
): readonly string[] {
  if (tenant !== user.tenant) return [tenant, project, name];
  return project === user.project ? [name] : [project, name];
}

/** What settings of other tenants call a component or a database. */
export function nameOf({ tenant, project, name }: Named): string {
  return `${tenant}/${project}/${name}`;
}

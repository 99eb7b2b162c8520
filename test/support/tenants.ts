import type { Json } from "./settings";

/** Tenants by the number, the same for the same number: for what is checked of many, and measured. */
export interface GeneratedTenants {
  readonly tenants: Record<string, Json>;
  /** Every connection that settings declare, as `tenant/project/name`. */
  readonly declared: ReadonlySet<string>;
  readonly components: readonly GeneratedComponent[];
}

/** A component, or a database, as the settings have it. */
export interface GeneratedComponent {
  readonly tenant: string;
  readonly project: string;
  readonly name: string;
  readonly clusters: readonly string[];
  readonly kind: "component" | "database";
  /** Of a database. */
  readonly engine?: Engine;
  /** What callers dial; absent where nobody can. */
  readonly port?: number;
  readonly exposed: boolean;
  readonly metrics?: number;
}

export interface GenerateArgs {
  readonly count: number;
  /** Components of each tenant. Default: 5. */
  readonly size?: number;
  /** Clusters with the data plane. */
  readonly clusters: readonly string[];
  /** Environments of each tenant, as settings have them. Default: that of tenants that name none. */
  readonly environments?: Json;
  /** Engines of databases, in turn. Default: PostgreSQL. */
  readonly engines?: readonly Engine[];
}

/** What runs a database, and the ports that callers and Prometheus find it on. */
const ENGINES = {
  postgresql: { port: 5432, metrics: 9187 },
  mongodb: { port: 27017, metrics: 9216 },
  redis: { port: 6379, metrics: 9121 },
} as const;
export type Engine = keyof typeof ENGINES;

/** A pair of ends as one text. */
export function pairOf(from: string, to: string): string {
  return `${from} → ${to}`;
}

/** Name of a component in the form of references. */
export function fullName({ tenant, project, name }: Pick<GeneratedComponent, "tenant" | "project" | "name">): string {
  return `${tenant}/${project}/${name}`;
}

/**
 * Generates tenants with connections in their projects, between projects, and between tenants. Every fifth tenant has two
 * projects, every fourth a database; some components are exposed, watched, on some clusters only, or behind a waypoint.
 */
export function generateTenants(args: GenerateArgs): GeneratedTenants {
  const { count, size = 5, clusters, environments, engines = ["postgresql"] } = args;
  const random = generator(count * 31 + size);
  const made: GeneratedTenants & { components: GeneratedComponent[] } = {
    tenants: {},
    declared: new Set(),
    components: [],
  };
  const shared: GeneratedComponent[] = [];
  for (let number = 0; number < count; number += 1) {
    const tenant = `team-${number}`;
    const own = Array.from({ length: size }, (_, index): Made => {
      const last = index === size - 1;
      const project = number % 5 === 0 && index >= size / 2 ? "back" : "front";
      return component({ tenant, project, name: `c${index}`, port: 8000 + index, last }, random, clusters);
    });
    const engine = number % 4 === 0 ? engines[(number / 4) % engines.length] : undefined;
    const database = engine && databaseOf(tenant, engine, clusters[number % clusters.length] ?? "");
    connect(own, { shared, database: database?.facts, random, declared: made.declared as Set<string> });
    const projects = projectsOf([...own, ...(database ? [database] : [])]);
    made.tenants[tenant] = { owners: [tenant], ...(environments && { environments }), projects };
    made.components.push(...own.map(({ facts }) => facts), ...(database ? [database.facts] : []));
    shared.push(...own.slice(-1).map(({ facts }) => facts));
  }
  return made;
}

/** A component with its settings. */
interface Made {
  readonly facts: GeneratedComponent;
  readonly settings: Json;
}

interface Start extends Pick<GeneratedComponent, "tenant" | "project" | "name"> {
  readonly port: number;
  /** Whether it is the tenant's last one, which others may use. */
  readonly last: boolean;
}

function component({ port, last, ...name }: Start, random: () => number, clusters: readonly string[]): Made {
  const chosen = random() < 0.6 ? clusters : clusters.filter(() => random() < 0.5);
  const places = chosen.length > 0 ? chosen : clusters;
  const [exposed, watched, behind] = [random() < 0.3, random() < 0.3, random() < 0.1];
  const settings: Json = {
    image: `registry.test/${name.name}`,
    port,
    ...(places.length < clusters.length ? { clusters: [...places] } : {}),
    ...(last ? { sharedWith: ["*"] } : {}),
    ...(exposed ? { expose: { host: `${name.name}-${name.tenant}.choreo.test` } } : {}),
    ...(watched ? { monitoring: { port: 9100 } } : {}),
    ...(behind ? { mesh: { timeout: "5s" } } : {}),
  };
  const facts = { ...name, kind: "component" as const, clusters: places, port, exposed };
  return { facts: watched ? { ...facts, metrics: 9100 } : facts, settings };
}

function databaseOf(tenant: string, engine: Engine, cluster: string): Made {
  const name = { tenant, project: "front", name: "store" };
  const settings = { engine, size: "1Gi", cluster };
  return {
    facts: { ...name, kind: "database", engine, clusters: [cluster], exposed: false, ...ENGINES[engine] },
    settings,
  };
}

interface Others {
  /** Components of other tenants that may be used. */
  readonly shared: readonly GeneratedComponent[];
  readonly database?: GeneratedComponent;
  readonly random: () => number;
  readonly declared: Set<string>;
}

/** Each calls one before it, now and then one of another tenant; the last one uses the database. */
function connect(own: readonly Made[], { shared, database, random, declared }: Others): void {
  const pick = (list: readonly GeneratedComponent[]) => list[Math.floor(random() * list.length)];
  own.forEach(({ facts, settings }, index) => {
    const earlier = own.slice(0, index).map((one) => one.facts);
    const used = [
      random() < 0.6 ? pick(earlier) : undefined,
      random() < 0.2 ? pick(shared) : undefined,
      index === own.length - 1 ? database : undefined,
    ].flatMap((one) => (one === undefined ? [] : [fullName(one)]));
    settings.uses = used;
    for (const name of used) declared.add(pairOf(fullName(facts), name));
  });
}

function projectsOf(all: readonly Made[]): Json {
  const projects: Record<string, { components: Json; databases: Json }> = {};
  for (const { facts, settings } of all) {
    const project = projects[facts.project] ?? { components: {}, databases: {} };
    project[facts.kind === "database" ? "databases" : "components"][facts.name] = settings;
    projects[facts.project] = project;
  }
  return projects;
}

/** Numbers between 0 and 1 that look random and are the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../../addons";
import type { Cell } from "../cells";
import { type Edges, isWorkload } from "../edges";
import type { PlannedDatabase } from "../plan";
import type { TenantSite } from "../site";
import { connectionName } from "./connection";
import { both } from "./database-cell";
import type { DatabaseKeys } from "./keys";
import {
  connectionSecret,
  databaseStore,
  fetchedConnection,
  isTold,
  reader,
  type SharedDatabase,
} from "./shared-connection";

/** The databases that the components of a cell call, each once. */
export function databasesOf({ components }: Pick<Cell, "components">, edges: Edges): PlannedDatabase[] {
  const called = components.flatMap((component) => edges.of(component).out.map(({ to }) => to));
  const databases = called.filter((to) => isWorkload(to)).filter((to) => to.kind === "database");
  // One of another stack is another object for each component that uses it.
  return [...new Map(databases.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** Arguments of {@link connectionsOf}. */
interface ConnectionsOfArgs extends Pick<DatabaseConnectionsArgs, "cell" | "keys"> {
  readonly edges: Edges;
  readonly site: TenantSite;
}

/** The databases that a cell signs in to: its tenant's, and others' that it can be told of; of the rest it is said why not. */
export function connectionsOf({
  cell,
  edges,
  site,
  keys,
}: ConnectionsOfArgs): Pick<DatabaseConnectionsArgs, "own" | "others"> {
  const called = databasesOf(cell, edges);
  // A tenant of the same name may be in another stack, whose keys are not known here.
  const isOwn = ({ tenant, namespace }: PlannedDatabase) => tenant === cell.tenant && keys.has(namespace);
  const own = called.filter(isOwn);
  const foreign = called.filter((database) => !isOwn(database));
  const fetches = site.has("external-secrets");
  for (const database of foreign) {
    const why = isTold(database) ? "there is no external-secrets" : "its stack was brought up by an older program";
    if (!fetches || !isTold(database)) sayUntold(cell, database, why);
  }
  return { own, others: fetches ? foreign.filter(isTold) : [] };
}

function sayUntold({ cluster, namespace }: Cell, { tenant, project, calledAs }: PlannedDatabase, why: string): void {
  const database = `${tenant}/${project}/${calledAs}`;
  pulumi.log.warn(`${cluster}/${namespace}: nothing tells how to sign in to database ${database}, as ${why}`);
}

/** Arguments of {@link DatabaseConnections}. */
export interface DatabaseConnectionsArgs {
  /** One that holds components. */
  readonly cell: Cell;
  /** Databases of the same tenant. */
  readonly own: readonly PlannedDatabase[];
  /** Databases of other tenants, whoever makes them. */
  readonly others: readonly SharedDatabase[];
  /** Keys by the namespaces of the tenant's databases. */
  readonly keys: ReadonlyMap<string, DatabaseKeys>;
  /** The namespace. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** What the components of a cell sign in to their databases with: one Secret for each database. */
export class DatabaseConnections extends pulumi.ComponentResource {
  private readonly own: pulumi.CustomResourceOptions;

  constructor(
    private readonly prefix: string,
    { cell, own, others, keys, after }: DatabaseConnectionsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:tenants:DatabaseConnections", prefix, {}, opts);
    this.own = { parent: this, dependsOn: after };
    for (const database of own) this.tell(cell, database, keys.get(database.namespace));
    if (others.length > 0) this.fetch(cell, others);
    this.registerOutputs({ tenant: cell.tenant });
  }

  private tell(cell: Cell, database: PlannedDatabase, keys: DatabaseKeys | undefined): void {
    if (keys === undefined) throw new Error(`no keys of ${database.namespace}`);
    const name = nameIn(cell, database);
    const secret = connectionSecret({ name, namespace: cell.namespace }, database, keys);
    new kubernetes.core.v1.Secret(`${this.prefix}-${name}`, secret, this.own);
  }

  /** The account that reads, a store for each namespace, and what is read of it. */
  private fetch(cell: Cell, others: readonly SharedDatabase[]): void {
    const { namespace } = cell;
    const account = new kubernetes.core.v1.ServiceAccount(`${this.prefix}-reader`, reader(namespace), this.own);
    const stores = [...new Set(others.map((database) => database.namespace))].map((from) => {
      return [from, this.custom(`${this.prefix}-${from}`, databaseStore(from, namespace), [account])] as const;
    });
    const known = new Map(stores);
    for (const database of others) {
      const name = nameIn(cell, database);
      const store = [known.get(database.namespace)].flatMap((one) => one ?? []);
      this.custom(`${this.prefix}-${name}`, fetchedConnection(name, database, namespace), store);
    }
  }

  private custom(name: string, { apiVersion, kind, metadata, spec }: Manifest, after: pulumi.Resource[]) {
    const { dependsOn } = this.own;
    return new kubernetes.apiextensions.CustomResource(
      name,
      { apiVersion, kind, metadata, spec },
      { ...this.own, dependsOn: both(dependsOn, after) },
    );
  }
}

/** The name by which a cell's components know a database. */
function nameIn(cell: Cell, { tenant, project, calledAs }: PlannedDatabase): string {
  return connectionName(cell, { tenant, project, name: calledAs });
}

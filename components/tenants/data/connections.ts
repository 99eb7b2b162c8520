import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cell } from "../cells";
import { type Edges, isWorkload } from "../edges";
import type { PlannedDatabase } from "../plan";
import { connectionData, connectionName } from "./connection";
import type { DatabaseKeys } from "./keys";
import { calledDatabase } from "./planned";

/** The databases that the components of a cell call, each once. */
export function databasesOf({ components }: Pick<Cell, "components">, edges: Edges): PlannedDatabase[] {
  const called = components.flatMap((component) => edges.of(component).out.map(({ to }) => to));
  return [...new Set(called)].filter((to) => isWorkload(to)).filter((to) => to.kind === "database");
}

/** Arguments of {@link DatabaseConnections}. */
export interface DatabaseConnectionsArgs {
  /** One that holds components. */
  readonly cell: Cell;
  readonly databases: readonly PlannedDatabase[];
  /** Keys by the namespaces of databases. */
  readonly keys: ReadonlyMap<string, DatabaseKeys>;
  /** The namespace. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** What the components of a cell sign in to their databases with: one Secret for each database. */
export class DatabaseConnections extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseConnectionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:tenants:DatabaseConnections", name, {}, opts);
    const { cell, databases, keys, after } = args;
    for (const database of databases) {
      const own = keys.get(database.namespace);
      if (own === undefined) throw new Error(`no keys of ${database.namespace}`);
      const { tenant, project, calledAs } = database;
      const physical = connectionName(cell, { tenant, project, name: calledAs });
      const both = pulumi.all([own.password(database.name), own.authority.certificate]);
      const stringData = both.apply(([password, ca]) => connectionData(calledDatabase(database), password, ca));
      const labels = { "choreo.dev/tenant": cell.tenant, "choreo.dev/database": database.name };
      new kubernetes.core.v1.Secret(
        `${name}-${physical}`,
        { metadata: { name: physical, namespace: cell.namespace, labels }, stringData },
        { parent: this, dependsOn: after },
      );
    }
    this.registerOutputs({ tenant: cell.tenant });
  }
}

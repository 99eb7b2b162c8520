import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { NOT_AWAITED, type ObjectStore } from "../../addons";
import type { Cell } from "../cells";
import type { Edges } from "../edges";
import type { PlannedDatabase } from "../plan";
import type { TenantSite, TenantSites } from "../site";
import { ACCOUNT_KEYS, DATABASE_ISSUER, type DatabaseObject } from "./database";
import { Database } from "./database-resources";
import { type Keeping, kept, TAKEN_OVER } from "./kept";
import type { DatabaseKeys } from "./keys";
import { databaseMonitor } from "./objects";
import { ACCOUNT_SECRET, accountOfOther, argsOf, calledDatabase } from "./planned";
import { calledServices } from "./services";
import { isTold, SharedConnection } from "./shared-connection";

/** Arguments of {@link DatabaseCell}. */
export interface DatabaseCellArgs {
  /** One that holds databases. */
  readonly cell: Cell;
  readonly site: TenantSite;
  readonly sites: TenantSites;
  readonly keys: DatabaseKeys;
  readonly edges: Edges;
  /** The namespace and its guard rails. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** The databases of a project in one environment on one cluster, and the way to those that are on other ones. */
export class DatabaseCell extends pulumi.ComponentResource {
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    private readonly prefix: string,
    { cell, site, sites, keys, edges, after }: DatabaseCellArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:tenants:DatabaseCell", prefix, {}, opts);
    const { namespace, tenant } = cell;
    const here = cell.databases;
    this.options = { parent: this, dependsOn: after, ...kept(keepingOf(cell)) };
    if (here.length > 0) {
      const common = [
        ...this.authority(namespace, keys, site),
        ...this.accounts(namespace, here, site, sites),
        ...(site.has("kube-prometheus-stack")
          ? [this.custom(databaseMonitor(namespace), site.after("kube-prometheus-stack"))]
          : []),
      ];
      for (const database of here) {
        const other = database.clusters.find((cluster) => cluster !== site.name);
        new Database(
          `${prefix}.${database.name}`,
          {
            args: argsOf(database, site, other === undefined ? undefined : sites.clusters.get(other)),
            isPrimary: database.clusters[0] === site.name,
            password: keys.password(database.name),
            ...{ site, sites, common, keeping: keepingOf(cell) },
          },
          { parent: this },
        );
      }
    }
    const elsewhere = cell.elsewhere.flatMap((one) => (one.kind === "database" ? [one] : []));
    for (const database of elsewhere) this.wayTo(database);
    for (const database of [...here, ...elsewhere].filter(isTold)) {
      const callers = callersOf(database, edges, site.name);
      const args = { database, keys, callers, after };
      new SharedConnection(`${prefix}.${database.name}.connection`, args, { parent: this });
    }
    this.registerOutputs({ tenant });
  }

  /** The key that cert-manager signs servers' certificates with. */
  private authority(namespace: string, { authority }: DatabaseKeys, site: TenantSite): pulumi.Resource[] {
    const secret = new kubernetes.core.v1.Secret(
      `${this.prefix}-authority`,
      {
        metadata: { name: "databases-authority", namespace, annotations: TAKEN_OVER },
        type: "kubernetes.io/tls",
        stringData: { "tls.crt": authority.certificate, "tls.key": authority.key },
      },
      this.options,
    );
    const issuer = this.custom(
      {
        why: "issuer",
        apiVersion: "cert-manager.io/v1",
        kind: "Issuer",
        metadata: { name: DATABASE_ISSUER, namespace },
        spec: { ca: { secretName: "databases-authority" } },
      },
      site.after("cert-manager"),
    );
    return [secret, issuer];
  }

  /** Accounts of the object stores that databases write to and read from, each once. */
  private accounts(
    namespace: string,
    here: readonly PlannedDatabase[],
    site: TenantSite,
    sites: TenantSites,
  ): pulumi.Resource[] {
    const others = new Set(here.flatMap(({ clusters }) => clusters.filter((cluster) => cluster !== site.name)));
    const stores: (readonly [secret: string, store: ObjectStore | undefined])[] = [
      [ACCOUNT_SECRET, site.backups],
      ...[...others].map((cluster) => [accountOfOther(cluster), sites.clusters.get(cluster)?.backups] as const),
    ];
    return stores.flatMap(([name, store]) => {
      if (store?.credentials === undefined) return [];
      const { accessKeyId, secretAccessKey } = store.credentials;
      return [
        new kubernetes.core.v1.Secret(
          `${this.prefix}-${name}`,
          {
            metadata: { name, namespace, annotations: TAKEN_OVER },
            stringData: {
              [ACCOUNT_KEYS.id]: accessKeyId,
              [ACCOUNT_KEYS.secret]: secretAccessKey,
              [ACCOUNT_KEYS.region]: store.region,
            },
          },
          this.options,
        ),
      ];
    });
  }

  private custom({ why, apiVersion, kind, metadata, spec }: DatabaseObject, after: pulumi.Input<pulumi.Resource[]>) {
    const { dependsOn } = this.options;
    return new kubernetes.apiextensions.CustomResource(
      `${this.prefix}-${why}`,
      { apiVersion, kind, metadata: { ...metadata, annotations: { ...TAKEN_OVER } }, spec },
      { ...this.options, dependsOn: both(dependsOn, after) },
    );
  }

  /** Services of a database on other clusters: callers here dial it by the same names. */
  private wayTo(database: PlannedDatabase): void {
    const { namespace } = database;
    for (const { name, labels, port } of calledServices(calledDatabase(database), "elsewhere")) {
      new kubernetes.core.v1.Service(
        `${this.prefix}-${name}`,
        {
          metadata: { name, namespace, labels: { ...labels }, annotations: NOT_AWAITED },
          spec: { ports: [{ name: "tcp", port, protocol: "TCP" }] },
        },
        { parent: this, dependsOn: this.options.dependsOn },
      );
    }
  }
}

/** Namespaces of other tenants from which a database is called on a cluster. */
function callersOf(database: PlannedDatabase, edges: Edges, cluster: string): string[] {
  const callers = edges.of(database).in.flatMap(({ from }) => (from.kind === "component" ? [from] : []));
  const others = callers.filter(({ tenant, clusters }) => tenant !== database.tenant && clusters.includes(cluster));
  return [...new Set(others.map(({ namespace }) => namespace))];
}

/** What decides how long the things of a cell of databases are kept. */
export function keepingOf({ production, databases, elsewhere }: Cell): Keeping {
  const [one] = [...databases, ...elsewhere.filter((other) => other.kind === "database")];
  return { production, purge: one?.purge };
}

type Dependencies = pulumi.CustomResourceOptions["dependsOn"];

/** Two lists of dependencies as one. */
export function both(first: Dependencies, second: Dependencies): pulumi.Output<pulumi.Resource[]> {
  const list = (some: unknown) => (Array.isArray(some) ? some : some === undefined ? [] : [some]);
  return pulumi.all([first, second]).apply(([a, b]) => [...list(a), ...list(b)]) as unknown as pulumi.Output<
    pulumi.Resource[]
  >;
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DATABASE_ADDONS, joined, NOT_AWAITED } from "../../addons";
import type { TenantSite, TenantSites } from "../site";
import { certificateNames, connectionOf } from "./connection";
import { certificateSecret, DATABASE_ISSUER, type DatabaseArgs, type DatabaseObject, userSecret } from "./database";
import { type Keeping, kept, TAKEN_OVER } from "./kept";
import { databaseObjects } from "./objects";
import { redisBackupName, redisBackupSpec } from "./redis-backup";
import { calledServices } from "./services";

/** Arguments of {@link Database}. */
export interface DatabaseResourceArgs {
  readonly args: DatabaseArgs;
  /** Whether it is written to here. */
  readonly isPrimary: boolean;
  readonly password: pulumi.Output<string>;
  readonly site: TenantSite;
  readonly sites: TenantSites;
  /** What all databases of the namespace have in common. */
  readonly common: readonly pulumi.Resource[];
  readonly keeping: Keeping;
}

/** How a database came to be says nothing once it is there: one that was promoted is not made anew. */
const ONCE: Readonly<Record<string, string[]>> = { Cluster: ["spec.bootstrap"] };

/** One database on one cluster: its user, its certificate, what its operator reads, its backups and its Services. */
export class Database extends pulumi.ComponentResource {
  readonly #prefix: string;
  readonly #all: DatabaseResourceArgs;
  readonly #options: pulumi.CustomResourceOptions;

  constructor(name: string, all: DatabaseResourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:tenants:Database", name, {}, opts);
    this.#prefix = name;
    this.#all = all;
    const { args, site, common, keeping } = all;
    this.#options = { parent: this, ...kept(keeping) };
    const before = [...common, this.user(), ...this.account(), ...this.certificate()];
    const after = joined(before, site.after(...DATABASE_ADDONS[args.engine]));
    // In this order: a cluster is made when the place of its logs is known, and backed up when it is there.
    databaseObjects(args).reduce((made, object) => joined(made, [this.object(object, made)]), after);
    this.redisBackup(before);
    this.services();
    this.registerOutputs();
  }

  private metadata(name: string) {
    const { namespace, labels } = this.#all.args;
    return { name, namespace, labels: { ...labels }, annotations: { ...TAKEN_OVER } };
  }

  private user(): pulumi.Resource {
    const { args, password, common } = this.#all;
    const metadata = this.metadata(userSecret(args.name));
    const username = connectionOf(args).username;
    return new kubernetes.core.v1.Secret(
      `${this.#prefix}-user`,
      {
        // The operator of PostgreSQL takes a changed one in at once.
        metadata: { ...metadata, labels: { ...metadata.labels, "cnpg.io/reload": "true" } },
        type: "kubernetes.io/basic-auth",
        stringData: { username, password },
      },
      { ...this.#options, dependsOn: [...common] },
    );
  }

  /** Who its pods are, where their operator makes no account, and what they may do in the cloud. */
  private account(): pulumi.Resource[] {
    const { args, common } = this.#all;
    const { name, namespace, engine } = args;
    const metadata = this.metadata(name);
    const own =
      engine === "postgresql"
        ? []
        : [
            new kubernetes.core.v1.ServiceAccount(
              `${this.#prefix}-account`,
              { metadata, automountServiceAccountToken: false },
              { ...this.#options, dependsOn: [...common] },
            ),
          ];
    const { identify } = this.#all.site;
    const statements = this.grants();
    if (identify === undefined || statements.length === 0) return own;
    const identity = { namespace, serviceAccount: name, statements };
    return [...own, identify(`${this.#prefix}-identity`, identity, { parent: this })];
  }

  private grants() {
    const { args, site, sites } = this.#all;
    const { store, counterpart } = args;
    const other = counterpart && sites.clusters.get(counterpart.cluster)?.backups;
    return [
      ...((store && site.backups?.grant?.(store.folder, "write")) ?? []),
      ...((counterpart && other?.grant?.(counterpart.store.folder, "read")) ?? []),
    ];
  }

  /** MongoDB's operator asks for certificates itself. */
  private certificate(): pulumi.Resource[] {
    const { args, site, common } = this.#all;
    const { name, labels } = args;
    const dnsNames = certificateNames(args);
    if (dnsNames.length === 0) return [];
    const secretName = certificateSecret(name);
    const spec = {
      secretName,
      secretTemplate: { labels: { ...labels, "cnpg.io/reload": "true" } },
      dnsNames,
      // Redis' members are each other's clients.
      usages: ["digital signature", "key encipherment", "server auth", "client auth"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      duration: "2160h",
      renewBefore: "720h",
      issuerRef: { name: DATABASE_ISSUER, kind: "Issuer", group: "cert-manager.io" },
    };
    return [
      new kubernetes.apiextensions.CustomResource(
        `${this.#prefix}-certificate`,
        { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata: this.metadata(secretName), spec },
        { ...this.#options, dependsOn: joined([...common], site.after("cert-manager")) },
      ),
    ];
  }

  private object(
    { why, apiVersion, kind, metadata, spec }: DatabaseObject,
    dependsOn: pulumi.Input<pulumi.Resource[]>,
  ): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResource(
      `${this.#prefix}-${why}`,
      { apiVersion, kind, metadata: { ...metadata, annotations: { ...TAKEN_OVER } }, spec },
      { ...this.#options, dependsOn, ignoreChanges: ONCE[kind] },
    );
  }

  private redisBackup(dependsOn: readonly pulumi.Resource[]): void {
    const { args } = this.#all;
    if (args.engine !== "redis" || args.store === undefined) return;
    new kubernetes.batch.v1.CronJob(
      `${this.#prefix}-backup`,
      { metadata: this.metadata(redisBackupName(args.name)), spec: redisBackupSpec(args, args.store) },
      { ...this.#options, dependsOn: [...dependsOn] },
    );
  }

  /** A copy that follows another one has Services that lead to that one. */
  private services(): void {
    const { args, isPrimary, common } = this.#all;
    for (const { name, labels, port, selector } of calledServices(args, isPrimary ? "primary" : "elsewhere")) {
      const metadata = this.metadata(name);
      new kubernetes.core.v1.Service(
        `${this.#prefix}-service-${name}`,
        {
          metadata: {
            ...metadata,
            labels: { ...metadata.labels, ...labels },
            annotations: { ...metadata.annotations, ...NOT_AWAITED },
          },
          spec: { selector: selector && { ...selector }, ports: [{ name: "tcp", port, protocol: "TCP" }] },
        },
        { ...this.#options, dependsOn: [...common] },
      );
    }
  }
}

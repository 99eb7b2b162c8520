import type * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../../addons";
import type { DatabaseSettings } from "../../settings";

/** What is made for one database on one cluster. Builders take it and nothing else, so that they can be tried alone. */
export interface DatabaseArgs {
  /** DNS label of at most 40 characters, unique in its namespace; the operator's object has it. */
  readonly name: string;
  readonly namespace: string;
  readonly engine: DatabaseSettings["engine"];
  /** Size of each member's volume, such as `20Gi`. */
  readonly size: string;
  readonly storageClass: string;
  readonly resources: { readonly cpu: string; readonly memory: string };
  /** 1, or 3 over at least two zones. */
  readonly members: 1 | 2 | 3;
  /** Whether a zone without a member is worse than a member that does not run. */
  readonly strictZones: boolean;
  /** When it is backed up, and for how long backups are kept. */
  readonly backup: { readonly schedule: string; readonly retentionDays: number };
  /** The cluster, as the places of backups are told apart by it. */
  readonly cluster: string;
  /** Where its backups and logs go; absent on a cluster without an object store. */
  readonly store?: DatabaseStore;
  /** The other cluster that has it; absent where there is none. */
  readonly counterpart?: Counterpart;
  /** Labels of every object and pod of it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether its volumes go when it is deleted. */
  readonly purge: boolean;
}

/** A place in an object store for the databases of one namespace. */
export interface DatabaseStore {
  readonly bucket: pulumi.Input<string>;
  /** Folder without slashes at its ends. */
  readonly folder: string;
  readonly region: string;
  /** URL of a server that is not AWS. */
  readonly endpoint?: string;
  /** Secret with the account, by the keys of {@link ACCOUNT_KEYS}; absent where pods have an identity in the cloud. */
  readonly secret?: string;
}

/** The same database on another cluster, which one of the two follows by the write-ahead logs in the store. */
export interface Counterpart {
  readonly cluster: string;
  readonly store: DatabaseStore;
  /** Which of the two is written to. */
  readonly role: "primary" | "replica";
}

/** Keys of a Secret with an account of the store, as Percona's operator and rclone's environment have them too. */
export const ACCOUNT_KEYS = { id: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY", region: "AWS_REGION" } as const;

/** Label by which policies and monitors find the pods of a database. */
export const DATABASE_LABEL = "choreo.dev/database";

/** Names of what belongs to a database in its namespace. */
export const userSecret = (database: string) => `${database}-user`;
export const certificateSecret = (database: string) => `${database}-tls`;

/** The issuer of the namespace's certificates, and the Secret with its key. */
export const DATABASE_ISSUER = "databases";

/** An object as data: `why` tells those of one database apart. */
export interface DatabaseObject extends Manifest {
  readonly why: string;
  readonly metadata: Manifest["metadata"] & {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: string[];
  };
}

/** Whether a cluster's copy of a database follows another one. */
export function isReplica({ counterpart }: Pick<DatabaseArgs, "counterpart">): boolean {
  return counterpart !== undefined && counterpart.role === "primary";
}

/** What a pod asks for and may have: memory is never overcommitted, or databases are killed. */
export function resourcesOf({ resources: { cpu, memory } }: Pick<DatabaseArgs, "resources">) {
  return { requests: { cpu, memory }, limits: { memory } };
}

/**
 * Spreads members over zones. Where that is strict there are members in two zones at least, or fewer members; elsewhere
 * nodes may have no zones at all.
 */
export function overZones({ members, strictZones }: DatabaseArgs, matchLabels: Readonly<Record<string, string>>) {
  if (members === 1) return [];
  const topologyKey = "topology.kubernetes.io/zone";
  const labelSelector = { matchLabels };
  return strictZones
    ? [{ maxSkew: 1, minDomains: 2, topologyKey, whenUnsatisfiable: "DoNotSchedule", labelSelector }]
    : [{ maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector }];
}

/** `<folder>/<more>` without empty parts. */
export function folderOf(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

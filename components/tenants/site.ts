import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObjectStore, Registry } from "../addons";
import type { CloudIdentity, PolicyStatement } from "../clusters";
import type { Profile } from "../settings";
import type { PlanSite } from "./plan";

/**
 * What tenants are made for, whoever made it: built from the own stack's add-ons (own-sites.ts), or from another stack's
 * outputs.
 */
export interface TenantSites {
  readonly profile: Profile;
  /** The platform's domain. */
  readonly domain: string;
  /** Whether OpenChoreo is on. */
  readonly openchoreo: boolean;
  /** The control plane; absent where OpenChoreo and Argo CD are both off. */
  readonly control?: ControlSite;
  /** Clusters by name, in the fleet's order. */
  readonly clusters: ReadonlyMap<string, TenantSite>;
}

/** The cluster with the control plane. */
export interface ControlSite {
  readonly name: string;
  readonly provider: kubernetes.Provider;
  readonly has: (addon: string) => boolean;
  /** What objects come after; nothing where another stack made it already. */
  readonly after: (...addons: readonly string[]) => pulumi.Input<pulumi.Resource[]>;
}

/** One cluster, as tenants see it. */
export interface TenantSite extends PlanSite {
  /** Takes no new traffic. */
  readonly drained: boolean;
  /** Name by which OpenChoreo knows its data plane. */
  readonly plane: string;
  readonly provider: kubernetes.Provider;
  /** Whether an add-on is on the cluster. */
  readonly has: (addon: string) => boolean;
  /** What comes after these add-ons depends on; nothing of those that are not there, or that another stack made. */
  readonly after: (...addons: readonly string[]) => pulumi.Input<pulumi.Resource[]>;
  /** Addresses at which other clusters reach its east-west gateway; empty where the mesh does not reach it. */
  readonly eastWest: readonly string[];
  /** Its API server as pods reach it. */
  readonly apiServer: pulumi.Input<{ readonly host: string; readonly port: number }>;
  /** Where images are; absent where nobody says. */
  readonly registry?: Registry;
  /** Where backups are kept; absent without an object store. */
  readonly backups?: BackupStore;
  /** Gives a service account a role in the cluster's cloud; absent where there is none that this program knows. */
  readonly identify?: (name: string, identity: CloudIdentity, opts: pulumi.ComponentResourceOptions) => pulumi.Resource;
  /** Whether backups of tier gold are made to a second place too. */
  readonly backupCopy: boolean;
  /** Whether its gateway counts requests, as rate limits need it; absent where there is none, or nobody says. */
  readonly rateLimits?: boolean;
  /** How host names lead to its gateway; absent where nobody publishes records. */
  readonly records?: {
    /** Region of the gateway in AWS, for records by latency. */
    readonly region?: string;
    /** Health check of the gateway. */
    readonly health?: pulumi.Input<string>;
  };
}

/** Where databases are backed up to, in the S3 protocol. */
export interface BackupStore extends ObjectStore {
  /** What an identity in the cloud needs for a folder of the bucket; absent where accounts are used instead. */
  readonly grant?: (folder: string, access: "read" | "write") => readonly PolicyStatement[];
}

import type { Differences, Impact } from "./against/model";
import type { Drill } from "./drill/model";

/** Form of the JSON report; a reader of another one has to look twice. */
export const PLAN_VERSION = 1;

/** A cluster of the fleet, as reports show it. */
export interface PlanCluster {
  readonly name: string;
  readonly planes: readonly string[];
  readonly provider: string;
  /** `null` where settings name none. */
  readonly region: string | null;
  readonly wave: number;
  /** Absent outside the mesh. */
  readonly meshId?: number;
  readonly drained: boolean;
  /** Absent where this program does not choose it. */
  readonly kubernetes?: string;
  /** Where metrics, backups and logs are kept. */
  readonly objectStore: PlanObjectStore;
  /** Names of the add-ons on it, in the order of installation. */
  readonly addons: readonly string[];
}

/** An object store. */
export interface PlanObjectStore {
  /** `cloud`: buckets of the cluster's account; `settings`: a server that settings name; `server`: one in the cluster. */
  readonly place: "cloud" | "settings" | "server";
  readonly region?: string;
  /** Where it is copied to. */
  readonly replicaRegion?: string;
}

/** A resource that the program registers. */
export interface PlanResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Absent for what belongs to no cluster alone. */
  readonly cluster?: string;
  readonly area: string;
  /** The add-on that it is part of. */
  readonly addon?: string;
  /** The tenant that it is made for. */
  readonly tenant?: string;
  /** URN of the parent; absent for what stands below the stack. */
  readonly parent?: string;
  /** URNs of what it waits for. */
  readonly dependsOn: readonly string[];
  /** Whether a provider manages it; a component only groups others. */
  readonly managed: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Inputs without secrets, see `mask`. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** One broken rule. */
export interface Violation {
  readonly rule: string;
  readonly severity: string;
  readonly enforcement: string;
  /** Absent for a rule over the whole stack. */
  readonly urn?: string;
  readonly message: string;
}

/** What an exemption excused. */
export interface Exemption {
  readonly rule: string;
  readonly urn: string;
  readonly message: string;
  readonly reason: string;
  /** Last day on which it holds. */
  readonly expires: string;
}

/** What the policy pack says. */
export interface PolicyVerdict {
  /** Number of rules that were asked. */
  readonly rules: number;
  readonly violations: readonly Violation[];
  readonly exemptions: readonly Exemption[];
}

/** A way in, from outside or from another cluster. */
export interface Endpoint {
  readonly host: string;
  /** Fixed addresses; empty where a cloud gives them. */
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  readonly purpose: string;
  /** Who may be expected to call it. */
  readonly reach: "clients" | "mesh" | "operators";
  readonly cluster?: string;
}

/** A certificate, and who renews it when. */
export interface PlanCertificate {
  readonly name: string;
  readonly subject: string;
  readonly issuer: string;
  readonly use: string;
  readonly cluster?: string;
  readonly authority: boolean;
  /** Days from issue to end; absent where the issuer decides. */
  readonly validDays?: number;
  /** When a new one is to be made, in words. */
  readonly renew: string;
  readonly names: readonly string[];
}

/** What joins two clusters. */
export interface PlanLink {
  readonly from: string;
  readonly to: string;
  /** Such as `cluster mesh`, `istio`, `network`. */
  readonly kinds: readonly string[];
}

/** A component of a tenant, placed. */
export interface PlanComponent {
  /** `tenant/project/component`. */
  readonly component: string;
  /** Absent where it is in every environment of its tenant. */
  readonly environment?: string;
  readonly type: string;
  readonly clusters: readonly string[];
  /** On each of the clusters. */
  readonly replicas: number;
  readonly host?: string;
  /** What it calls, see {@link idOf}; what is another stack's as settings have it. */
  readonly uses: readonly string[];
}

/** What tells a component or a database from the same one in another environment. */
export function idOf({ name, environment }: { readonly name: string; readonly environment?: string }): string {
  return environment === undefined ? name : `${name} (${environment})`;
}

/** A database of a tenant. */
export interface PlanDatabase {
  /** `tenant/project/database`. */
  readonly database: string;
  /** Absent where it is in every environment of its tenant. */
  readonly environment?: string;
  readonly engine: string;
  readonly class: string;
  /** The cluster with the writable instance; absent where that is not planned. */
  readonly cluster?: string;
  /** Clusters with a copy that can be promoted. */
  readonly replicas: readonly string[];
  /** When it is backed up, as cron says it; absent where it is not. */
  readonly backup?: string;
}

/** A tenant and what it runs. */
export interface PlanTenant {
  readonly name: string;
  readonly owners: readonly string[];
  readonly environments: readonly string[];
  readonly components: readonly PlanComponent[];
  readonly databases: readonly PlanDatabase[];
}

/** Everything that a plan says; the JSON report is this object. */
export interface Plan {
  readonly version: typeof PLAN_VERSION;
  readonly stack: string;
  readonly profile: string;
  readonly domain: string;
  /** The cluster with the control plane, or the stack that has it. */
  readonly control: { readonly cluster?: string; readonly stack?: string };
  readonly clusters: readonly PlanCluster[];
  /** Names of clusters by wave. */
  readonly waves: readonly (readonly string[])[];
  readonly links: readonly PlanLink[];
  readonly tenants: readonly PlanTenant[];
  readonly resources: readonly PlanResource[];
  readonly policy: PolicyVerdict;
  readonly endpoints: readonly Endpoint[];
  readonly certificates: readonly PlanCertificate[];
  readonly differences?: Differences;
  readonly impact?: Impact;
  readonly drill?: Drill;
  /** What the plan cannot say, and why. */
  readonly notes: readonly string[];
  /** How long it took. */
  readonly seconds: number;
}

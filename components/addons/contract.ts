import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { CloudIdentity, ClusterConnection, Workload } from "../clusters";
import type { FleetPlan, PlannedCluster } from "../fleet";
import type { AddonSchema, ClusterSettings, Problem, Profile, Ranges } from "../settings";
import type { PlatformOutput } from "../stacks";
import type { ClusterTrust } from "../trust";
import type { ChartPin, ChartReference, ChartSource } from "./charts";
import type { Kind } from "./gate";
import type { Monitoring } from "./monitoring";

/** Pod Security level of a namespace. Source: Kubernetes, Pod Security Standards. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/** Where an add-on lives. Several may share a namespace: it has the most permissive level that one of them asks for. */
export interface AddonNamespace {
  readonly name: string;
  /** Level that the API server enforces; absent where the namespace is the cluster's own (kube-system). */
  readonly podSecurity?: PodSecurity;
  /** More labels of the namespace. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels that differ from cluster to cluster. Default: none. */
  readonly labelsOn?: (cluster: PlannedCluster) => Readonly<Record<string, string>>;
  /**
   * Add-ons that clean up what controllers leave in the namespace, such as load balancers. The namespace comes after
   * them where they are on the same cluster, so that a destroy waits for an empty namespace while they still run.
   */
  readonly cleanedBy?: readonly string[];
}

/** An add-on that is switched on, with its settings. */
export interface SelectedAddon {
  readonly addon: Addon;
  readonly config: unknown;
}

/** What an add-on knows of the cluster that it is installed on. */
export interface AddonTarget {
  readonly cluster: PlannedCluster;
  readonly fleet: FleetPlan;
  readonly connection: ClusterConnection;
  readonly trust: ClusterTrust;
  /** Every add-on of the fleet; see {@link isOn} and {@link clustersWith}. */
  readonly selected: readonly SelectedAddon[];
  /** What the stack with the control plane puts out, where that is another one. */
  readonly otherControl?: PlatformOutput;
}

/** Whether an add-on is on a cluster. Default: the target's own. */
export function isOn({ selected, cluster: own }: AddonTarget, addon: string, cluster: PlannedCluster = own): boolean {
  return selected.some((one) => one.addon.name === addon && one.addon.on(cluster));
}

/** The clusters of the fleet that an add-on is on, in the plan's order. */
export function clustersWith(target: AddonTarget, addon: string): PlannedCluster[] {
  return target.fleet.clusters.filter((cluster) => isOn(target, addon, cluster));
}

/** The settings of another add-on, by its own type; `undefined` where it is switched off. */
export function settingsOf<Config>({ selected }: AddonTarget, addon: string): Config | undefined {
  return selected.find((one) => one.addon.name === addon)?.config as Config | undefined;
}

/** What a function that makes resources of an add-on gets. */
export interface AddonScope<Config> extends AddonTarget {
  /** `<cluster>.<add-on>`: the prefix of every resource of the add-on. Neither part can hold a dot. */
  readonly name: string;
  readonly namespace: string;
  readonly config: Config;
  /** The add-on itself as parent, and what has to be there before. */
  readonly opts: pulumi.CustomResourceOptions;
}

/** A cluster as settings have it, with what depends on more than its own. */
export interface PlatformCluster {
  readonly settings: ClusterSettings;
  readonly ranges: Ranges;
  /** Whether its own account serves names of the platform's domain. */
  readonly zone: boolean;
}

export type ClustersByName = Readonly<Record<string, PlatformCluster>>;

/** Settings of the catalog's add-ons by their keys, also of those that are switched off. */
export type SettingsByKey = Readonly<Record<string, unknown>>;

/** How the chart is installed; see `helmRelease` for the ordinary way. */
export interface InstallArgs<Config> extends AddonScope<Config> {
  readonly onError: pulumi.ErrorHook;
  readonly chart: ChartReference;
  /** Name of the release. */
  readonly release: string;
  readonly values: Record<string, unknown>;
  /** Whether the release waits for its workloads. */
  readonly wait: boolean;
}

/** What decides whether an add-on is on a cluster. */
export interface AddonSite {
  readonly planes: PlannedCluster["planes"];
  readonly cilium: PlannedCluster["cilium"];
  readonly objectStore: PlannedCluster["objectStore"];
  readonly zone: PlannedCluster["zone"];
  readonly provider: { readonly kind: PlannedCluster["provider"]["kind"] };
}

/** The form of a secret of the stack's configuration: a text, or an object of texts by these names. */
export type SecretForm = "text" | readonly string[];

/** Whether a cluster is one that is made in AWS. */
export function isOnEks({ provider }: Pick<AddonSite, "provider">): boolean {
  return provider.kind === "eks";
}

/** What an add-on with volumes requires: a new cluster in AWS has no class that makes any. */
export function volumes(site: Pick<AddonSite, "provider">): readonly Requirement[] {
  return isOnEks(site) ? [{ oneOf: ["storage-classes"], why: "for its volumes" }] : [];
}

/** What is known of an add-on without its settings. */
export interface AddonFacts {
  /** Name in `needs`, in resource names and in charts.json: a DNS label. */
  readonly name: string;
  /** Key of its settings below `platform`. */
  readonly key: string;
  /** What it gives, in one line. */
  readonly title: string;
  /** Absent where it has no chart: custom resources alone. */
  readonly chart?: ChartPin;
  /** Name of its release. Default: the chart's name. */
  readonly release?: string;
  /** Whether the chart becomes a Helm release, or its objects become resources of this program. Default: release. */
  readonly form?: "release" | "objects";
  readonly namespace: AddonNamespace;
  readonly on: (cluster: AddonSite) => boolean;
  /**
   * `network`: what nodes need to become ready; it is installed before there are any. `platform`: everything else, which
   * comes after the nodes. Default: platform.
   */
  readonly stage?: "network" | "platform";
  /** Names of add-ons that it cannot do without; they come before, where they are on the same cluster. */
  readonly needs: readonly string[];
  /** Names of add-ons that come before where they are on the same cluster, and that it can do without. Default: none. */
  readonly uses?: readonly string[];
  /** Another add-on that brings the same; where that one is on a cluster, this one is left out. */
  readonly supersededBy?: string;
  /** Kinds that it brings; what comes after it waits until they are Established. */
  readonly kinds: readonly Kind[];
  /** Objects that its chart leaves when it is removed (`Kind name`), and why. Default: none. */
  readonly leaves?: Readonly<Record<string, string>>;
}

/** What an add-on cannot do without, though it need not come before: with some settings only, or one of several. */
export interface Requirement {
  /** Names of add-ons, one of which is enough; those that are not meant for the cluster do not count. */
  readonly oneOf: readonly string[];
  /** What it is for, as the end of "builds needs it …". */
  readonly why: string;
}

/** A platform service: one chart, its values and its custom resources, on the clusters that `on` selects. */
export interface AddonDefinition<Config extends { readonly enabled: boolean }, Values extends object>
  extends AddonFacts {
  /**
   * Schema of its settings, with defaults by profile. Absent where it is a part of another add-on: both have one key, and
   * are switched on and set together.
   */
  readonly config?: (profile: Profile) => z.ZodType<Config>;
  /**
   * Whether it is wanted with these settings on a cluster that `on` selects, in a fleet of these clusters, beside `enabled`.
   * Default: always.
   */
  readonly when?: (config: Config, cluster: AddonSite, fleet: readonly AddonSite[]) => boolean;
  /** Secrets of the stack's configuration that it reads, by key. Default: none. */
  readonly secrets?: (config: Config) => Readonly<Record<string, SecretForm>>;
  /** Helm values: pure, and only what differs from the chart's defaults. */
  readonly values: (target: AddonTarget, config: Config) => Values;
  /** What its pods may do in the cluster's cloud, where there is one that this program knows; each by a service account. */
  readonly identities?: (target: AddonTarget, config: Config) => readonly CloudIdentity[];
  /** Alerts and dashboards, which the metrics add-on makes where it is on the same cluster. */
  readonly monitoring?: (target: AddonTarget, config: Config) => Monitoring;
  /** Objects that the chart expects to find, such as Secrets. */
  readonly prepare?: (scope: AddonScope<Config>) => pulumi.Resource[];
  /** Default: {@link helmRelease}. */
  readonly install?: (args: InstallArgs<Config>) => pulumi.Resource;
  /**
   * Workloads to wait for, of a release that cannot wait for itself: Helm also waits for addresses of load balancers,
   * which may come only later. Absent: the release waits.
   */
  readonly workloads?: (cluster: PlannedCluster, config: Config) => readonly Workload[];
  /** What it cannot do without on a cluster, beside `needs`. Default: nothing. */
  readonly requires?: (config: Config, cluster: AddonSite) => readonly Requirement[];
  /** What is wrong with its settings in view of the clusters, and of all add-ons' settings by their keys. */
  readonly problems?: (config: Config, clusters: ClustersByName, addons: SettingsByKey) => Problem[];
  /** Custom resources, made after the gate. */
  readonly resources?: (scope: AddonScope<Config>) => pulumi.Resource[];
  /** Why its kinds stay when it is removed; absent or `undefined` where they go with it. */
  readonly keepsKinds?: (config: Config) => string | undefined;
}

/** An add-on on one cluster, made in two steps: nodes come between an installed network and one that is ready. */
export interface InstalledAddon {
  /** The release, which may not run yet; without a chart, what comes before the custom resources. */
  readonly installed: pulumi.Output<pulumi.Resource[]>;
  readonly isComplete: boolean;
  /** What comes after the add-on depends on, once it is complete: the release behind its gate, and the custom resources. */
  readonly ready: pulumi.Output<pulumi.Resource[]>;
  /** Makes the custom resources, once the add-on runs. @param nodes What it cannot run without. Default: nothing more. */
  readonly complete: (nodes?: pulumi.Input<pulumi.Resource[]>) => void;
}

/** An add-on of the catalog, its settings' type closed over. */
export interface Addon extends AddonFacts {
  /** Absent for a part of another add-on, and for an extension, which has its settings already. */
  readonly schema?: AddonSchema;
  readonly when?: (config: unknown, cluster: AddonSite, fleet: readonly AddonSite[]) => boolean;
  readonly secrets?: (config: unknown) => Readonly<Record<string, SecretForm>>;
  readonly requires?: (config: unknown, cluster: AddonSite) => readonly Requirement[];
  /** The Helm values that `install` would use; for tests and plans. */
  readonly values: (target: AddonTarget, config: unknown) => object;
  readonly workloads?: (cluster: PlannedCluster, config: unknown) => readonly Workload[];
  /** What its pods may do in the cluster's cloud; for tests and plans. */
  readonly identities?: (target: AddonTarget, config: unknown) => readonly CloudIdentity[];
  readonly monitoring?: (target: AddonTarget, config: unknown) => Monitoring;
  readonly keepsKinds?: (config: unknown) => string | undefined;
  readonly problems?: (config: unknown, clusters: ClustersByName, addons: SettingsByKey) => Problem[];
  readonly install: (args: AddonArgs, opts: pulumi.ComponentResourceOptions) => InstalledAddon;
}

/** Arguments of an add-on on one cluster. */
export interface AddonArgs extends AddonTarget {
  readonly source: ChartSource;
  /** What says where to look when a release has failed. */
  readonly onError: pulumi.ErrorHook;
  /** The add-on's validated settings. */
  readonly config: unknown;
  /** What has to be there before the add-on's first resource. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

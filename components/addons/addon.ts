import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ClusterConnection, Workload } from "../clusters";
import type { FleetPlan, PlannedCluster } from "../fleet";
import type { AddonSchema, ClusterSettings, Problem, Profile, Ranges } from "../settings";
import type { ClusterTrust } from "../trust";
import { type ChartPin, type ChartSource, chartReference } from "./charts";
import { gate, type Kind } from "./gate";

/** Pod Security level of a namespace. Source: Kubernetes, Pod Security Standards. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/** Where an add-on lives. */
export interface AddonNamespace {
  readonly name: string;
  /** Level that the API server enforces; absent where the namespace is the cluster's own (kube-system). */
  readonly podSecurity?: PodSecurity;
}

/** What an add-on knows of the cluster that it is installed on. */
export interface AddonTarget {
  readonly cluster: PlannedCluster;
  readonly fleet: FleetPlan;
  readonly connection: ClusterConnection;
  readonly trust: ClusterTrust;
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

/** A cluster as settings have it, with its ranges after defaults. */
export interface PlatformCluster {
  readonly settings: ClusterSettings;
  readonly ranges: Ranges;
}

/** How the chart is installed; see `helmRelease` for the ordinary way. */
export interface InstallArgs<Config> extends AddonScope<Config> {
  readonly pin: ChartPin;
  readonly chart: ReturnType<typeof chartReference>;
  readonly values: Record<string, unknown>;
  /** Whether the release waits for its workloads. */
  readonly wait: boolean;
}

/** What is known of an add-on without its settings. */
export interface AddonFacts {
  /** Name in `needs`, in resource names and in charts.json: a DNS label. */
  readonly name: string;
  /** Key of its settings below `platform`. */
  readonly key: string;
  /** What it gives, in one line. */
  readonly title: string;
  readonly chart: ChartPin;
  /** Whether the chart becomes a Helm release, or its objects become resources of this program. Default: release. */
  readonly form?: "release" | "objects";
  readonly namespace: AddonNamespace;
  readonly on: (cluster: Pick<PlannedCluster, "planes" | "cilium">) => boolean;
  /** Names of add-ons that come before, where they are on the same cluster. */
  readonly needs: readonly string[];
  /** Kinds that it brings; what comes after it waits until they are Established. */
  readonly kinds: readonly Kind[];
}

/** A platform service: one chart, its values and its custom resources, on the clusters that `on` selects. */
export interface AddonDefinition<Config extends { readonly enabled: boolean }, Values extends object>
  extends AddonFacts {
  /** Schema of its settings, with defaults by profile. */
  readonly config: (profile: Profile) => z.ZodType<Config>;
  /** Helm values: pure, and only what differs from the chart's defaults. */
  readonly values: (target: AddonTarget, config: Config) => Values;
  /** Objects that the chart expects to find, such as Secrets. */
  readonly prepare?: (scope: AddonScope<Config>) => pulumi.Resource[];
  /** Default: {@link helmRelease}. */
  readonly install?: (args: InstallArgs<Config>) => pulumi.Resource;
  /**
   * Workloads to wait for, of a release that cannot wait for itself: Helm also waits for addresses of load balancers,
   * which may come only later. Absent: the release waits.
   */
  readonly workloads?: (cluster: PlannedCluster, config: Config) => readonly Workload[];
  /** What is wrong with its settings in view of the clusters; paths below its settings key. */
  readonly problems?: (config: Config, clusters: Readonly<Record<string, PlatformCluster>>) => Problem[];
  /** Custom resources, made after the gate. */
  readonly resources?: (scope: AddonScope<Config>) => pulumi.Resource[];
  /** Why its kinds stay when it is removed; absent or `undefined` where they go with it. */
  readonly keepsKinds?: (config: Config) => string | undefined;
}

/** An add-on of the catalog, its settings' type closed over. */
export interface Addon extends AddonFacts {
  /** Absent for an extension, which has its settings already. */
  readonly schema?: AddonSchema;
  /** The Helm values that `install` would use; for tests and plans. */
  readonly values: (target: AddonTarget, config: unknown) => object;
  readonly workloads?: (cluster: PlannedCluster, config: unknown) => readonly Workload[];
  readonly keepsKinds?: (config: unknown) => string | undefined;
  readonly problems?: (config: unknown, clusters: Readonly<Record<string, PlatformCluster>>) => Problem[];
  readonly install: (args: AddonArgs, opts: pulumi.ComponentResourceOptions) => AddonResource;
}

/** Arguments of an add-on on one cluster. */
export interface AddonArgs extends AddonTarget {
  readonly source: ChartSource;
  /** The add-on's validated settings. */
  readonly config: unknown;
  /** What has to be there before the add-on's first resource. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** Defines an add-on. The one place where the type of its settings is taken on trust: they come out of its own schema. */
export function defineAddon<Config extends { readonly enabled: boolean }, Values extends object>(
  definition: AddonDefinition<Config, Values>,
): Addon {
  const {
    config,
    values,
    keepsKinds,
    problems,
    workloads,
    prepare: _prepare,
    install: _install,
    resources: _resources,
    ...facts
  } = definition;
  return {
    ...facts,
    schema: config,
    values: (target, settings) => values(target, settings as Config),
    workloads: workloads && ((cluster, settings) => workloads(cluster, settings as Config)),
    problems: problems && ((settings, clusters) => problems(settings as Config, clusters)),
    keepsKinds: keepsKinds && ((settings) => keepsKinds(settings as Config)),
    install: (args, opts) => new AddonResource(definition, args, opts),
  };
}

/** Seconds that a release may take until all its workloads are ready. */
const RELEASE_TIMEOUT_SECONDS = 600;

/** One add-on on one cluster: namespace, what the chart expects, the release, and its custom resources. */
export class AddonResource extends pulumi.ComponentResource {
  /** What comes after this add-on depends on: the release behind its gate, and the custom resources. */
  readonly ready: pulumi.Output<pulumi.Resource[]>;

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: a class cannot forget its type parameters; `defineAddon` pairs them
    definition: Omit<AddonDefinition<any, object>, "config">,
    args: AddonArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    const name = `${args.cluster.name}.${definition.name}`;
    super("openchoreo:addons:Addon", name, {}, opts);
    const { namespace } = definition;
    const scopeAfter = (dependsOn: pulumi.Input<pulumi.Resource[]>) => {
      return { ...args, name, namespace: namespace.name, opts: { parent: this, dependsOn } };
    };
    const own =
      namespace.podSecurity === undefined ? [] : [makeNamespace(name, namespace, scopeAfter(args.after).opts)];
    const before = joined(args.after, own);
    const prepared = joined(before, definition.prepare?.(scopeAfter(before)) ?? []);
    const workloads = definition.workloads?.(args.cluster, args.config);
    const installed = (definition.install ?? helmRelease)({
      ...scopeAfter(prepared),
      pin: definition.chart,
      chart: chartReference(definition.chart, args.source),
      values: definition.values(args, args.config) as Record<string, unknown>,
      wait: workloads === undefined,
    });
    const gated = gate(args.connection, { kinds: definition.kinds, workloads: workloads ?? [] }, installed);
    this.ready = joined(gated, definition.resources?.(scopeAfter(gated)) ?? []);
    this.registerOutputs();
  }
}

/** Two lists of dependencies as one; a new list each time, as the SDK reads them late. */
export function joined(
  first: pulumi.Input<pulumi.Resource[]>,
  second: pulumi.Input<pulumi.Resource[]>,
): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all([first, second]).apply(([a, b]) => [...a, ...b]) as pulumi.Output<pulumi.Resource[]>;
}

/** A namespace with Pod Security: what the level forbids is refused, and restricted's findings are warned of. */
export function makeNamespace(
  name: string,
  { name: physical, podSecurity }: AddonNamespace,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Namespace {
  const labels = {
    "pod-security.kubernetes.io/enforce": podSecurity ?? "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
  return new kubernetes.core.v1.Namespace(`${name}-namespace`, { metadata: { name: physical, labels } }, opts);
}

/** The ordinary way to install a chart: a Helm release. */
export function helmRelease(args: InstallArgs<unknown>): pulumi.Resource {
  return new kubernetes.helm.v3.Release(args.name, { ...releaseArgs(args), values: args.values }, args.opts);
}

/**
 * What every release has in common. Not atomic: a release that failed stays with the pods whose events say why, and
 * the next `up` upgrades it.
 */
export function releaseArgs({ pin, namespace, chart, wait }: Omit<InstallArgs<unknown>, "config">) {
  return { name: pin.chart, namespace, ...chart, atomic: false, skipAwait: !wait, timeout: RELEASE_TIMEOUT_SECONDS };
}

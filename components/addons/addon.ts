import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ClusterConnection } from "../clusters";
import type { FleetPlan, PlannedCluster } from "../fleet";
import type { AddonSchema, Profile } from "../settings";
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
  /** `<cluster>-<add-on>`: the prefix of every resource of the add-on. */
  readonly name: string;
  readonly namespace: string;
  readonly config: Config;
  /** The add-on itself as parent, and what has to be there before. */
  readonly opts: pulumi.CustomResourceOptions;
}

/** How the chart is installed; see `helmRelease` for the ordinary way. */
export interface InstallArgs<Config> extends AddonScope<Config> {
  readonly pin: ChartPin;
  readonly chart: ReturnType<typeof chartReference>;
  readonly values: Record<string, unknown>;
}

/** A platform service: one chart, its values and its custom resources, on the clusters that `on` selects. */
export interface AddonDefinition<Config extends { readonly enabled: boolean }, Values extends object> {
  /** Name in `needs`, in resource names and in charts.json. */
  readonly name: string;
  /** Key of its settings below `platform`. */
  readonly key: string;
  /** What it gives, in one line. */
  readonly title: string;
  readonly chart: ChartPin;
  readonly namespace: AddonNamespace;
  readonly on: (cluster: PlannedCluster) => boolean;
  /** Names of add-ons that come before, where they are on the same cluster. */
  readonly needs: readonly string[];
  /** Kinds that it brings, for the gates of custom resources. */
  readonly kinds: readonly Kind[];
  /** Whether the chart runs anything, or only brings kinds. Default: true. */
  readonly workload?: boolean;
  /** Why its kinds stay when it is removed; absent or `undefined` where they go with it. */
  readonly keepsKinds?: (config: Config) => string | undefined;
  /** Schema of its settings, with defaults by profile. */
  readonly config: (profile: Profile) => z.ZodType<Config>;
  /** Helm values: pure, and only what differs from the chart's defaults. */
  readonly values: (target: AddonTarget, config: Config) => Values;
  /** Objects that the chart expects to find, such as Secrets. */
  readonly prepare?: (scope: AddonScope<Config>) => pulumi.Resource[];
  /** Default: {@link helmRelease}. */
  readonly install?: (args: InstallArgs<Config>) => pulumi.Resource;
  /** Custom resources, made after the kinds are Established. */
  readonly resources?: (scope: AddonScope<Config>) => void;
}

/** An add-on of the catalog, its settings' type closed over. */
export interface Addon {
  readonly name: string;
  readonly key: string;
  readonly title: string;
  readonly chart: ChartPin;
  readonly namespace: AddonNamespace;
  readonly on: (cluster: PlannedCluster) => boolean;
  readonly needs: readonly string[];
  readonly kinds: readonly Kind[];
  readonly workload?: boolean;
  readonly keepsKinds?: (config: unknown) => string | undefined;
  /** Absent for an extension, which has its settings already. */
  readonly schema?: AddonSchema;
  /** The Helm values that `install` would use; for tests and plans. */
  readonly values: (target: AddonTarget, config: unknown) => object;
  readonly install: (args: AddonArgs, opts: pulumi.ComponentResourceOptions) => AddonResource;
}

/** Arguments of an add-on on one cluster. */
export interface AddonArgs extends AddonTarget {
  readonly source: ChartSource;
  /** The add-on's validated settings. */
  readonly config: unknown;
  /** What has to be there before the add-on's first resource. */
  readonly after: readonly pulumi.Input<pulumi.Resource>[];
}

/** Defines an add-on. The one place where the type of its settings is taken on trust: they come out of its own schema. */
export function defineAddon<Config extends { readonly enabled: boolean }, Values extends object>(
  definition: AddonDefinition<Config, Values>,
): Addon {
  const { config, values, keepsKinds, ...facts } = definition;
  return {
    ...facts,
    schema: config,
    keepsKinds: (settings) => keepsKinds?.(settings as Config),
    values: (target, settings) => values(target, settings as Config),
    install: (args, opts) => new AddonResource(definition, { ...args, config: args.config as Config }, opts),
  };
}

/** Seconds that a release may take until all its workloads are ready. */
const RELEASE_TIMEOUT_SECONDS = 600;

/** One add-on on one cluster: namespace, what the chart expects, the release, and its custom resources. */
export class AddonResource extends pulumi.ComponentResource {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: a class cannot forget its type parameters; `defineAddon` pairs them
    definition: Omit<AddonDefinition<any, object>, "config">,
    args: AddonArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    const name = `${args.cluster.name}-${definition.name}`;
    super("openchoreo:addons:Addon", name, {}, opts);
    const { namespace } = definition;
    const after = [...args.after];
    const scope = { ...args, name, namespace: namespace.name, opts: { parent: this, dependsOn: after } };
    if (namespace.podSecurity !== undefined) after.push(makeNamespace(name, namespace, scope.opts));
    after.push(...(definition.prepare?.({ ...scope, opts: { parent: this, dependsOn: [...after] } }) ?? []));
    const install = definition.install ?? helmRelease;
    const installed = install({
      ...scope,
      opts: { parent: this, dependsOn: after },
      pin: definition.chart,
      chart: chartReference(definition.chart, args.source),
      values: definition.values(args, args.config) as Record<string, unknown>,
    });
    definition.resources?.({
      ...scope,
      opts: { parent: this, dependsOn: gate(args.connection, definition.kinds, installed) },
    });
    this.registerOutputs();
  }
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

/** The ordinary way to install a chart: a Helm release that waits for its workloads. */
export function helmRelease({ name, namespace, pin, chart, values, opts }: InstallArgs<unknown>): pulumi.Resource {
  return new kubernetes.helm.v3.Release(name, { ...releaseArgs(pin, namespace), ...chart, values }, opts);
}

/**
 * What every release has in common. Not atomic: a release that failed stays with the pods whose events say why, and
 * the next `up` upgrades it.
 */
export function releaseArgs(pin: ChartPin, namespace: string) {
  return { name: pin.chart, namespace, atomic: false, skipAwait: false, timeout: RELEASE_TIMEOUT_SECONDS } as const;
}

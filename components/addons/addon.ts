import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Workload } from "../clusters";
import { chartReference } from "./charts";
import type { Addon, AddonArgs, AddonDefinition, AddonScope, InstallArgs, InstalledAddon } from "./contract";
import { gate } from "./gate";

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
    monitoring,
    when,
    secrets,
    requires,
    identities,
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
    when: when && ((settings, cluster, fleet) => when(settings as Config, cluster, fleet)),
    identities: identities && ((target, settings) => identities(target, settings as Config)),
    monitoring: monitoring && ((target, settings) => monitoring(target, settings as Config)),
    problems: problems && ((settings, clusters, addons) => problems(settings as Config, clusters, addons)),
    secrets: secrets && ((settings) => secrets(settings as Config)),
    requires: requires && ((settings, cluster) => requires(settings as Config, cluster)),
    keepsKinds: keepsKinds && ((settings) => keepsKinds(settings as Config)),
    install: (args, opts) => new AddonResource(definition, args, opts),
  };
}

/**
 * One add-on on one cluster: what the chart expects, the release, and its custom resources. It is made in two steps, as
 * nodes come between an installed network and one that is ready.
 */
export class AddonResource extends pulumi.ComponentResource implements InstalledAddon {
  readonly installed: pulumi.Output<pulumi.Resource[]>;
  // Out of reach of the SDK, which walks all that a resource holds whenever an output holds the resource.
  // biome-ignore lint/suspicious/noExplicitAny: a class cannot forget its type parameters; `defineAddon` pairs them
  readonly #definition: Omit<AddonDefinition<any, object>, "config">;
  readonly #args: AddonArgs;
  private readonly workloads?: readonly Workload[];
  private late?: pulumi.Output<pulumi.Resource[]>;

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: a class cannot forget its type parameters; `defineAddon` pairs them
    definition: Omit<AddonDefinition<any, object>, "config">,
    args: AddonArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:addons:Addon", `${args.cluster.name}.${definition.name}`, {}, opts);
    this.#definition = definition;
    this.#args = args;
    const { config, after } = args;
    const granted = joined(after, this.identify());
    const prepared = joined(granted, definition.prepare?.(this.scope(granted)) ?? []);
    this.workloads = definition.workloads?.(args.cluster, config);
    this.installed = this.installChart(prepared);
  }

  private installChart(prepared: pulumi.Output<pulumi.Resource[]>): pulumi.Output<pulumi.Resource[]> {
    const definition = this.#definition;
    const args = this.#args;
    const { chart: pin, install = helmRelease } = definition;
    // The kinds of such a chart are read from the cluster that they are for, and a lost one has no answer.
    const isUnread = args.cluster.lost && definition.form === "objects";
    if (pin === undefined || isUnread) return prepared;
    const release = install({
      ...this.scope(prepared),
      onError: args.onError,
      chart: chartReference(pin, args.source),
      release: definition.release ?? pin.chart,
      values: definition.values(args, args.config) as Record<string, unknown>,
      wait: this.workloads === undefined,
    });
    return pulumi.output([release]) as pulumi.Output<pulumi.Resource[]>;
  }

  complete(nodes: pulumi.Input<pulumi.Resource[]> = []): void {
    const { installed, workloads = [] } = this;
    const definition = this.#definition;
    const args = this.#args;
    const running = joined(installed, nodes);
    const gated = gate(
      args.connection,
      { kinds: definition.kinds, workloads, seconds: args.fleet.releaseTimeout },
      running,
    );
    this.late = joined(gated, definition.resources?.(this.scope(gated)) ?? []);
    this.registerOutputs();
  }

  get isComplete(): boolean {
    return this.late !== undefined;
  }

  get ready(): pulumi.Output<pulumi.Resource[]> {
    if (this.late === undefined) throw new Error(`add-on ${this.#definition.name} is not complete yet`);
    return this.late;
  }

  private scope(dependsOn: pulumi.Input<pulumi.Resource[]>): AddonScope<unknown> {
    const definition = this.#definition;
    const args = this.#args;
    const name = `${args.cluster.name}.${definition.name}`;
    return { ...args, name, namespace: definition.namespace.name, opts: { parent: this, dependsOn } };
  }

  private identify(): pulumi.Resource[] {
    const definition = this.#definition;
    const args = this.#args;
    const { cloud } = args.connection;
    if (cloud === undefined) return [];
    const identities = definition.identities?.(args, args.config) ?? [];
    return identities.map((identity) => {
      const name = `${args.cluster.name}.${definition.name}-${identity.serviceAccount}`;
      return cloud.identify(name, identity, { parent: this, dependsOn: args.after });
    });
  }
}

/** Two lists of dependencies as one; a new list each time, as the SDK reads them late. */
export function joined(
  first: pulumi.Input<pulumi.Resource[]>,
  second: pulumi.Input<pulumi.Resource[]>,
): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all([first, second]).apply(([a, b]) => [...a, ...b]) as pulumi.Output<pulumi.Resource[]>;
}

/** The ordinary way to install a chart: a Helm release. */
export function helmRelease(args: InstallArgs<unknown>): pulumi.Resource {
  return new kubernetes.helm.v3.Release(args.name, { ...releaseArgs(args), values: args.values }, hinting(args));
}

/** The same without the kinds in the chart's crds folder, which Helm installs once, never upgrades and never removes. */
export function helmReleaseWithoutKinds(args: InstallArgs<unknown>): pulumi.Resource {
  const release = { ...releaseArgs(args), values: args.values, skipCrds: true };
  return new kubernetes.helm.v3.Release(args.name, release, hinting(args));
}

/** Whoever reads that a release failed is told where its events are. */
function hinting({ opts, onError }: InstallArgs<unknown>): pulumi.CustomResourceOptions {
  return { ...opts, hooks: { onError: [onError] } };
}

/** The name of an add-on's Helm release; absent where it is none. */
export function releaseOf({ chart, release, form }: Pick<Addon, "chart" | "release" | "form">): string | undefined {
  return form === "objects" ? undefined : (release ?? chart?.chart);
}

/**
 * What every release has in common. Not atomic: a release that failed stays with the pods whose events say why, and
 * the next `up` upgrades it.
 */
export function releaseArgs({ release, namespace, chart, wait, fleet }: Omit<InstallArgs<unknown>, "config">) {
  return { name: release, namespace, ...chart, atomic: false, skipAwait: !wait, timeout: fleet.releaseTimeout };
}

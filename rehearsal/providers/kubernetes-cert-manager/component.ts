import { Release, type ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release";
import { ComponentResource, type ComponentResourceOptions, type Inputs, log, Output } from "@pulumi/pulumi";
import type { ConstructResult } from "@pulumi/pulumi/provider";
import { releaseOptions } from "./inputs";
import { helmValues } from "./values";
import { isObject, plainHere, wire } from "./wire";

export const componentType = "kubernetes-cert-manager:index:CertManager";

const defaultChart = "cert-manager";
const defaultRepository = "https://charts.jetstack.io";

class CertManager extends ComponentResource {
  readonly status: Output<unknown>;

  constructor(name: string, release: ReleaseArgs, options: ComponentResourceOptions) {
    // The real component registers itself without its arguments.
    super(componentType, name, {}, options);
    const child = new Release(`${name}-helm`, release, { parent: this });
    this.status = child.status;
    // The whole release, although the type says its status: so it stands in the real state.
    this.registerOutputs({ status: child });
  }
}

/**
 * Stand-in for the plugin of @pulumi/kubernetes-cert-manager, which is a component only: the same
 * Helm release, with the same name, parent, defaults and values (plugin v0.2.0, pulumi-go-helmbase
 * v0.2.0). It also warns of what the real one drops without a word.
 */
export async function construct(
  name: string,
  type: string,
  inputs: Inputs,
  options: ComponentResourceOptions,
): Promise<ConstructResult> {
  if (type !== componentType) throw new Error(`unknown resource type ${type}; expected ${componentType}`);
  const helmOptions = await readHelmOptions(inputs.helmOptions);
  const { values, dropped } = await helmValues(inputs, helmOptions.values);
  const release: ReleaseArgs = {
    ...Object.fromEntries(releaseOptions.map((option) => [option, helmOptions[option]])),
    chart: helmOptions.chart ?? defaultChart,
    repositoryOpts: await repositoryOptions(helmOptions.repositoryOpts),
    values,
  };
  const component = new CertManager(name, release, options);
  if (dropped.length > 0) {
    await log.warn(
      `the component drops helmOptions.values.${dropped.join(", .")}: it takes them only as arguments of its own`,
      component,
    );
  }
  return { urn: component.urn, state: { status: component.status } };
}

async function readHelmOptions(given: unknown): Promise<Inputs> {
  return members(given, plainHere(await wire(given), "helmOptions"));
}

async function repositoryOptions(given: unknown): Promise<Inputs> {
  const options = members(given, plainHere(await wire(given), "helmOptions.repositoryOpts"));
  return { ...options, repo: options.repo ?? defaultRepository };
}

/** The members may be outputs, and then stay so; only the whole has to be plain. */
function members(given: unknown, seen: unknown): Inputs {
  if (isObject(given) && !Output.isInstance(given)) return given;
  return isObject(seen) ? seen : {};
}

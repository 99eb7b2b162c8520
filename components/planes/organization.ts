import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { TENANT_LABELS } from "../addons";
import { isProduction, type TenantSettings } from "../settings";
import { ORGANIZATION_PREFIX } from "./types";

const API = "openchoreo.dev/v1alpha1";

/** Name of the pipeline that an organization's projects are promoted along. */
export const PIPELINE = "default";

/** Namespace of a tenant's organization on the control plane. */
export function organizationNamespace(tenant: string): string {
  return `${ORGANIZATION_PREFIX}${tenant}`;
}

/**
 * Name of an environment on one data plane. OpenChoreo's environment is on one data plane and stays there, so a tenant's
 * environment is one of OpenChoreo's for each; its name is a label's value, of at most 63 characters.
 */
export function environmentName(environment: string, plane: string): string {
  const name = `${environment}-${plane}`;
  if (name.length <= 63) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, 54)}-${hash}`;
}

type Environments = TenantSettings["environments"];

/** A data plane that environments may be on. */
export interface DataPlane {
  /** Name by which the control plane knows it. */
  readonly name: string;
  /** The cluster, as tenants name it. */
  readonly cluster: string;
  /** Its registration, where this stack makes it. */
  readonly registration?: pulumi.Resource;
}

/** An environment of OpenChoreo. */
export interface PlannedEnvironment {
  readonly name: string;
  /** The tenant's environment, and the data plane that it is on. */
  readonly environment: string;
  readonly plane: string;
  readonly isProduction: boolean;
}

/** Every environment of a tenant on each of its data planes: those that it names, or all. */
export function planEnvironments(
  environments: Environments,
  planes: readonly Pick<DataPlane, "name" | "cluster">[],
): PlannedEnvironment[] {
  return Object.entries(environments).flatMap(([environment, { clusters }]) =>
    planes
      .filter(({ cluster }) => clusters === undefined || clusters.includes(cluster))
      .map(({ name: plane }) => ({
        name: environmentName(environment, plane),
        environment,
        plane,
        isProduction: isProduction(environments, environment),
      })),
  );
}

/** From where to where releases are promoted: from each data plane of an environment to all of those that follow it. */
export function promotionPaths(environments: Environments, planned: readonly PlannedEnvironment[]): object[] {
  const next = (environment: string) =>
    Object.entries(environments).flatMap(([name, { promotesFrom }]) => (promotesFrom === environment ? [name] : []));
  return planned.flatMap(({ name, environment }) => {
    const targets = planned.filter((one) => next(environment).includes(one.environment));
    // The last one needs no path, unless it is the first as well.
    if (targets.length === 0 && environments[environment]?.promotesFrom !== undefined) return [];
    return [
      { sourceEnvironmentRef: { name }, targetEnvironmentRefs: targets.map((target) => ({ name: target.name })) },
    ];
  });
}

/** Arguments of {@link Organization}. */
export interface OrganizationArgs {
  readonly tenant: string;
  readonly environments: Environments;
  readonly planes: readonly DataPlane[];
  /** What OpenChoreo's objects come after. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** A tenant on the control plane: its namespace, its environments on their data planes, and the order of promotion. */
export class Organization extends pulumi.ComponentResource {
  /** The organization's namespace. */
  readonly namespace: pulumi.Output<string>;
  /** What the tenant's projects come after. */
  readonly pipeline: pulumi.Resource;

  constructor(name: string, args: OrganizationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:planes:Organization", name, {}, opts);
    const { tenant, environments, planes, after } = args;
    const namespace = organizationNamespace(tenant);
    const own = new kubernetes.core.v1.Namespace(
      name,
      {
        metadata: {
          name: namespace,
          labels: {
            // By this OpenChoreo tells an organization from every other namespace.
            "openchoreo.dev/control-plane": "true",
            [TENANT_LABELS[0]]: tenant,
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
          annotations: { "openchoreo.dev/display-name": tenant },
        },
      },
      { parent: this, dependsOn: after },
    );
    const planned = planEnvironments(environments, planes);
    const made = planned.map((one) => this.environment(name, namespace, one, [own, ...registrations(planes, one)]));
    this.pipeline = new kubernetes.apiextensions.CustomResource(
      `${name}-pipeline`,
      {
        apiVersion: API,
        kind: "DeploymentPipeline",
        metadata: { name: PIPELINE, namespace },
        spec: { promotionPaths: promotionPaths(environments, planned) },
      },
      { parent: this, dependsOn: [own, ...made] },
    );
    this.namespace = own.metadata.name;
    this.registerOutputs({ tenant, namespace: this.namespace });
  }

  private environment(
    prefix: string,
    namespace: string,
    { name, environment, plane, isProduction }: PlannedEnvironment,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResource(
      `${prefix}-${name}`,
      {
        apiVersion: API,
        kind: "Environment",
        metadata: {
          name,
          namespace,
          labels: { "choreo.dev/environment": environment },
          annotations: { "openchoreo.dev/display-name": `${environment} on ${plane}` },
        },
        spec: { dataPlaneRef: { kind: "ClusterDataPlane", name: plane }, isProduction },
      },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }
}

function registrations(planes: readonly DataPlane[], { plane }: PlannedEnvironment): pulumi.Resource[] {
  return planes.filter(({ name }) => name === plane).flatMap(({ registration }) => registration ?? []);
}

import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { TENANT_LABELS } from "../addons";
import type { TenantSettings } from "../settings";
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

/** An environment of OpenChoreo. */
export interface PlannedEnvironment {
  readonly name: string;
  /** The tenant's environment, and the data plane that it is on. */
  readonly environment: string;
  readonly plane: string;
  readonly isProduction: boolean;
}

/** Every environment of a tenant on every data plane. */
export function planEnvironments(environments: Environments, planes: readonly string[]): PlannedEnvironment[] {
  return Object.entries(environments).flatMap(([environment, { production }]) =>
    planes.map((plane) => ({
      name: environmentName(environment, plane),
      environment,
      plane,
      isProduction: production ?? environment === "production",
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
  /** Names of the data planes, by which the control plane knows them, and the registrations that this stack makes. */
  readonly planes: ReadonlyMap<string, pulumi.Resource | undefined>;
  /** What OpenChoreo's objects come after. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** A tenant on the control plane: its namespace, its environments on every data plane, and the order of promotion. */
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
    const planned = planEnvironments(environments, [...planes.keys()]);
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

function registrations(planes: OrganizationArgs["planes"], { plane }: PlannedEnvironment): pulumi.Resource[] {
  const registration = planes.get(plane);
  return registration === undefined ? [] : [registration];
}

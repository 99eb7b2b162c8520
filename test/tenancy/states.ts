import type { StackState, StateResource } from "../../tenancy/state/state";

/** A state of a small shard, as `pulumi stack export` writes it. */

const PROJECT = "openchoreo";

export const urnOf = (stack: string, type: string, name: string) => `urn:pulumi:${stack}::${PROJECT}::${type}::${name}`;
export const rootOf = (stack: string) => urnOf(stack, "pulumi:pulumi:Stack", `${PROJECT}-${stack}`);
const PROVIDER = "pulumi:providers:kubernetes";
const CELL = "openchoreo:tenants:Cell";
const MAP = `${CELL}$kubernetes:core/v1:ConfigMap`;

export const providerOf = (stack: string, cluster: string) =>
  `${urnOf(stack, PROVIDER, cluster)}::${cluster}-id-of-${stack}`;
export const cellOf = (stack: string, tenant: string) => urnOf(stack, CELL, `${tenant}-cell`);
export const mapOf = (stack: string, tenant: string) => urnOf(stack, MAP, `${tenant}-map`);

function root(stack: string, tenants: readonly string[]): StateResource {
  return {
    urn: rootOf(stack),
    custom: false,
    type: "pulumi:pulumi:Stack",
    outputs: { tenants: [...tenants], elsewhere: "kept" },
  };
}

function provider(stack: string, cluster: string): StateResource {
  return {
    urn: urnOf(stack, PROVIDER, cluster),
    custom: true,
    id: `${cluster}-id-of-${stack}`,
    type: PROVIDER,
    inputs: { clusterIdentifier: `platform/${cluster}` },
    parent: rootOf(stack),
  };
}

/** A cell with one object in it, which waits for that of another tenant, where one is named. */
function tenantResources(stack: string, tenant: string, after?: string): StateResource[] {
  const others = after === undefined ? [] : [mapOf(stack, after)];
  return [
    {
      urn: cellOf(stack, tenant),
      custom: false,
      type: CELL,
      parent: rootOf(stack),
      outputs: { tenant, namespace: `${tenant}-store-production` },
    },
    {
      urn: mapOf(stack, tenant),
      custom: true,
      id: `${tenant}-store-production/map`,
      type: "kubernetes:core/v1:ConfigMap",
      parent: cellOf(stack, tenant),
      provider: providerOf(stack, "east"),
      dependencies: [cellOf(stack, tenant), ...others],
      propertyDependencies: { data: others, metadata: null },
      inputs: { data: { password: { [SECRET]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"x"' } } },
      outputs: { cell: { [SECRET]: "5cf8f73096256a8f31e491e813e4eb8e", urn: cellOf(stack, tenant), id: "" } },
    },
  ];
}

/** The key by which the engine tells values that are no plain ones. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** The state of a shard with these tenants; each may wait for the one that stands before it. */
export function stateOf(stack: string, tenants: Readonly<Record<string, string | undefined>>): StackState {
  const resources = [
    root(stack, Object.keys(tenants)),
    provider(stack, "east"),
    ...Object.entries(tenants).flatMap(([tenant, after]) => tenantResources(stack, tenant, after)),
  ];
  return { version: 3, deployment: { manifest: { time: "then" }, secrets_providers: { type: stack }, resources } };
}

/** A stack that was made and never brought up. */
export const EMPTY: StackState = { version: 3, deployment: { manifest: { time: "then" } } };

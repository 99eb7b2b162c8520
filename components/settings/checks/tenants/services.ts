import { placeDatabase } from "../../database-placement";
import { objectStoreOf } from "../../defaults";
import { hostIn, isProduction, mainEnvironment, promotionOrder } from "../../environments";
import { type Problem, pathOf } from "../../problems";
import type { ComponentSettings, DatabaseSettings, TenantSettings } from "../../tenants";
import { keptFor } from "./hosts";
import {
  eachComponent,
  eachDatabase,
  find,
  homeOf,
  own,
  type TenantCluster,
  type TenantPlatform,
  type TenantWorld,
  usesOf,
} from "./world";

/** What tenants ask of add-ons is there, on every cluster that they ask it of. */
export function serviceProblems(
  tenant: string,
  settings: TenantSettings,
  { platform, tenants }: TenantWorld,
): Problem[] {
  if (platform === undefined) return [];
  const world = { settings, platform, tenants };
  return [
    ...eachDatabase(tenant, settings, (database, path) => engineProblems(database, path, world)),
    ...eachComponent(tenant, settings, (component, path) => [
      ...connectionProblems(component, path, world),
      ...certificateProblems(component, path, world),
      ...limitProblems(component, path, world),
    ]),
  ];
}

/** A tenant among all of them, and the platform that they are for. */
interface World extends Pick<TenantWorld, "tenants"> {
  readonly settings: TenantSettings;
  readonly platform: TenantPlatform;
}

/** The data planes of an environment, in the fleet's order. */
function clustersOf(environment: string, { settings, platform }: World): (readonly [string, TenantCluster])[] {
  const wanted = own(settings.environments, environment)?.clusters;
  return Object.entries(platform.clusters).filter(
    ([name, { planes }]) => planes.includes("data") && (wanted === undefined || wanted.includes(name)),
  );
}

/** The clusters that a database is on, in any environment. */
function placesOf(database: DatabaseSettings, world: World): ReadonlySet<string> {
  const { settings, platform } = world;
  const places = Object.keys(settings.environments).flatMap((environment) => {
    const sites = clustersOf(environment, world).map(([name, { provider, mesh }]) => {
      return { name, mesh, objectStore: objectStoreOf({ provider }, platform) };
    });
    const follows = platform.profile === "production" && isProduction(settings.environments, environment);
    return placeDatabase(database, { sites, follows });
  });
  return new Set(places);
}

/** A database without its operator would be objects that nobody reads. */
function engineProblems(database: DatabaseSettings, path: readonly string[], world: World): Problem[] {
  const { clusters, stack } = world.platform;
  const { engine } = database;
  const lacking = [...placesOf(database, world)].flatMap((name) => {
    const missing = own(clusters, name)?.services?.lacking[engine] ?? [];
    return missing.map(({ addon, key }) => ({ name, addon, key }));
  });
  if (lacking.length === 0) return [];
  const addons = unique(lacking.map(({ addon }) => addon)).join(" and ");
  const places = unique(lacking.map(({ name }) => name)).join(" and ");
  const keys = unique(lacking.map(({ key }) => `platform.${key}`)).join(" and ");
  const message = `${engine} needs ${addons}, missing on ${places}; switch on ${keys}${whose(stack)}`;
  return [{ path: pathOf(...path, "engine"), message }];
}

/** How to sign in to another tenant's database is fetched from the database's namespace; see docs/tenancy.md. */
function connectionProblems(component: ComponentSettings, path: readonly string[], world: World): Problem[] {
  const { settings, platform, tenants } = world;
  const without = Object.keys(settings.environments).flatMap((environment) =>
    runsOn(component, environment, world).flatMap(([name, { services }]) =>
      services?.fetchesSecrets === false ? [name] : [],
    ),
  );
  if (without.length === 0) return [];
  const places = unique(without).join(" and ");
  return usesOf(component, path).flatMap((reference, index): Problem[] => {
    const isOther = reference.stack === undefined && reference.tenant !== homeOf(path).tenant;
    if (!isOther || find(reference, tenants)?.kind !== "database") return [];
    const message = `another tenant's database is signed in to by what external-secrets fetches, missing on ${places}; switch on platform.externalSecrets${whose(platform.stack)}`;
    return [{ path: pathOf(...path, "uses", index), message }];
  });
}

/** The clusters that a component runs on in an environment. */
function runsOn({ clusters }: ComponentSettings, environment: string, world: World) {
  return clustersOf(environment, world).filter(([name]) => clusters === undefined || clusters.includes(name));
}

/** Clusters with a gateway that a component is exposed on, in an environment. */
function gatewaysOf(component: ComponentSettings, environment: string, world: World) {
  return runsOn(component, environment, world).flatMap(([name, { services }]) => {
    if (services?.gatewayNames === undefined) return [];
    return [{ name, ...services, gatewayNames: services.gatewayNames }];
  });
}

/** Clients of a host name that the gateway has no certificate for are turned away by their own checks. */
function certificateProblems(component: ComponentSettings, path: readonly string[], world: World): Problem[] {
  const { expose } = component;
  if (expose === undefined) return [];
  const { environments } = world.settings;
  const main = mainEnvironment(environments) ?? "";
  // The one that is written down comes first, so that it is the one that is complained about.
  const order = [main, ...promotionOrder(environments).filter((name) => name !== main)];
  const found = order.flatMap((environment): Problem[] => {
    const host = hostIn(expose, environment, environments);
    const bare = gatewaysOf(component, environment, world).filter(({ gatewayNames }) => !covers(gatewayNames, host));
    const [first] = bare;
    if (first === undefined) return [];
    const key = own(expose.hosts, environment) === undefined ? ["host"] : ["hosts", environment];
    const where = bare.map(({ name }) => name).join(" and ");
    const free = first.gatewayNames.filter((name) => !isKept(name, world.platform)).join(" or ");
    const message = `the gateway of ${where} has no certificate for "${host}"; choose a name of ${free}, with one label in place of the *`;
    return [{ path: pathOf(...path, "expose", ...key), message }];
  });
  return found.filter(({ path: at }, index) => found.findIndex((other) => other.path === at) === index);
}

/**
 * Whether one of a certificate's names stands for a host name. A wildcard is one whole label there (RFC 6125), though it is
 * any number of labels in the Gateway API: a listener that takes a host name does not help where its certificate does not.
 */
function covers(names: readonly string[], host: string): boolean {
  const above = host.split(".").slice(1).join(".");
  return names.some((name) => name === host || (name.startsWith("*.") && name.slice(2) === above));
}

/** Whether no tenant may have names of this form. */
function isKept(name: string, { domain }: TenantPlatform): boolean {
  return keptFor(name.replace("*", "a"), domain) !== undefined;
}

/** Both limits are counted by one service, for all proxies together. */
function limitProblems(component: ComponentSettings, path: readonly string[], world: World): Problem[] {
  const { perClient, global } = component.expose?.rateLimit ?? {};
  if (perClient === undefined && global === undefined) return [];
  const gateways = Object.keys(world.settings.environments).flatMap((name) => gatewaysOf(component, name, world));
  const without = unique(gateways.filter(({ rateLimits }) => rateLimits === false).map(({ name }) => name));
  if (without.length === 0) return [];
  const key = `platform.envoyGateway.rateLimit.enabled${whose(world.platform.stack)}`;
  const message = `nobody counts requests on ${without.join(" and ")}: the rate-limit service is switched off; switch on ${key}, or remove this`;
  return [{ path: pathOf(...path, "expose", "rateLimit"), message }];
}

function whose(stack: string | undefined): string {
  return stack === undefined ? "" : ` of stack ${stack}`;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

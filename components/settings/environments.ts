import type { ExposureSettings, TenantSettings } from "./tenants";

type Environments = TenantSettings["environments"];

/** Whether an environment is production: as it says, or where it is named so. */
export function isProduction(environments: Environments, name: string): boolean {
  return environments[name]?.production ?? name === "production";
}

/** The environments in the order of promotion; those of one rank as settings have them. */
export function promotionOrder(environments: Environments): string[] {
  const rank = (name: string, seen: readonly string[] = []): number => {
    const from = environments[name]?.promotesFrom;
    return from === undefined || seen.includes(name) ? 0 : 1 + rank(from, [...seen, name]);
  };
  return Object.keys(environments)
    .map((name) => [name, rank(name)] as const)
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => name);
}

/** The environment that has the plain host names: the last one that is production, else the last one of all. */
export function mainEnvironment(environments: Environments): string | undefined {
  const order = promotionOrder(environments);
  return order.filter((name) => isProduction(environments, name)).at(-1) ?? order.at(-1);
}

/** Host name of a component in an environment; `shop.example.com` is `shop-test.example.com` in the environment test. */
export function hostIn(
  { host, hosts }: Pick<ExposureSettings, "host" | "hosts">,
  environment: string,
  environments: Environments,
): string {
  const own = Object.hasOwn(hosts, environment) ? hosts[environment] : undefined;
  if (own !== undefined) return own;
  if (environment === mainEnvironment(environments)) return host;
  const [first = "", ...rest] = host.split(".");
  return [`${first}-${environment}`, ...rest].join(".");
}

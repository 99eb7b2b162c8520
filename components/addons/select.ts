import {
  type AddonContract,
  type AddonSchemas,
  type ClusterServices,
  type ClusterSettings,
  hasZone,
  objectStoreOf,
  type PlatformSettings,
  type Problem,
  rangesOf,
} from "../settings";
import { CATALOG } from "./catalog";
import { chartProblems, chartSource } from "./charts";
import type { Addon, AddonSite, PlatformCluster, SelectedAddon } from "./contract";
import { extensionAddon } from "./extension";
import { extensionProblems } from "./extension-problems";
import { ENVOY_GATEWAY } from "./networking/envoy-gateway/names";
import type { EnvoyGatewayConfig } from "./networking/envoy-gateway/settings";
import { orderByNeeds } from "./order";
import { servicesOf } from "./services";

/** What the catalog brings to the settings. */
export const addonContract: AddonContract = {
  schemas: Object.fromEntries(
    CATALOG.flatMap((addon) => (addon.schema === undefined ? [] : [[addon.key, addon.schema]])),
  ) as AddonSchemas,
  problems: addonProblems,
  services,
};

/**
 * The add-ons that are switched on, each after all that it needs. Settings are valid already. One that is on no cluster
 * is among them too: other add-ons ask it for its settings, such as the host of a registry that someone else runs.
 */
export function selectAddons(platform: PlatformSettings): SelectedAddon[] {
  const ordered = orderByNeeds(
    enabled(platform).map((addon) => ({ addon, name: addon.name, needs: comesAfter(addon) })),
  );
  if ("cycle" in ordered) throw new Error(`add-ons need each other in a circle: ${ordered.cycle.join(" → ")}`);
  return ordered.order.map(({ addon }) => ({ addon, config: platform.addons[addon.key] }));
}

/** Every add-on that one comes after, whether it needs it or only uses it where it is there. */
export function comesAfter({ needs, uses = [], namespace }: Addon): string[] {
  return [...needs, ...uses, ...(namespace.cleanedBy ?? [])];
}

function enabled(platform: PlatformSettings): Addon[] {
  const sites = sitesOf(platform);
  const wanted = CATALOG.flatMap((addon) => {
    const config = platform.addons[addon.key];
    if (config?.enabled !== true) return [];
    const { when } = addon;
    if (when === undefined) return [addon];
    return [{ ...addon, on: (site: AddonSite) => addon.on(site) && when(config, site, sites) }];
  });
  const own = wanted.map((addon) => withoutSuperseded(addon, wanted));
  const extensions = Object.entries(platform.extensions).map(([name, settings]) => extensionAddon(name, settings));
  return [...own, ...extensions];
}

/** The add-on on those of its clusters where no other one brings the same. */
function withoutSuperseded(addon: Addon, wanted: readonly Addon[]): Addon {
  const other = wanted.find(({ name }) => name === addon.supersededBy);
  return other === undefined ? addon : { ...addon, on: (cluster) => addon.on(cluster) && !other.on(cluster) };
}

/** Problems of the selection: needs that are absent or go round in a circle, names taken, charts that are not there. */
export function addonProblems(platform: PlatformSettings): Problem[] {
  const sites = sitesOf(platform);
  const all = enabled(platform);
  const selected = all.filter(({ on, when }) => when === undefined || sites.some(on));
  return [
    ...extensionProblems(platform),
    ...selected.flatMap((addon) => needProblems(addon, selected, platform)),
    ...selected.flatMap((addon) => requirementProblems(addon, platform)),
    ...cycleProblems(all, platform),
    ...CATALOG.flatMap(
      (addon) => addon.problems?.(platform.addons[addon.key], clustersOf(platform), platform.addons) ?? [],
    ),
    ...chartProblems(
      selected.flatMap((addon) => addon.chart ?? []),
      chartSource(platform.charts.mirror),
    ),
  ];
}

function clustersOf(platform: PlatformSettings): Readonly<Record<string, PlatformCluster>> {
  const clusters = Object.entries(platform.clusters);
  return Object.fromEntries(
    clusters.map(([name, settings]) => {
      return [name, { settings, ranges: rangesOf(settings, platform.mesh), zone: hasZone(settings, platform) }];
    }),
  );
}

/** The clusters as add-ons choose among them. */
function sitesOf(platform: PlatformSettings): AddonSite[] {
  return Object.values(platform.clusters).map((cluster) => siteOf(cluster, platform));
}

function siteOf(cluster: ClusterSettings, platform: PlatformSettings): AddonSite {
  return { ...cluster, objectStore: objectStoreOf(cluster, platform), zone: hasZone(cluster, platform) };
}

/** What the add-ons do for tenants, by cluster. */
function services(platform: PlatformSettings): Readonly<Record<string, ClusterServices>> {
  const { domain, clusters } = platform;
  const all = enabled(platform);
  const gateway = platform.addons[ENVOY_GATEWAY] as EnvoyGatewayConfig | undefined;
  const known = Object.entries(clusters).map(([name, cluster]): [string, ClusterServices] => {
    const site = siteOf(cluster, platform);
    const has = (addon: string) => all.some((one) => one.name === addon && one.on(site));
    return [name, servicesOf({ name, planes: cluster.planes, domain, has, rateLimits: gateway?.rateLimit.enabled })];
  });
  return Object.fromEntries(known);
}

function pathTo(addon: Addon, platform: PlatformSettings): string {
  return addon.name in platform.extensions ? `platform.extensions.${addon.name}` : `platform.${addon.key}`;
}

/** A need has to be there on each cluster where the add-on is, unless the need is not for that cluster. */
function needProblems(addon: Addon, selected: readonly Addon[], platform: PlatformSettings): Problem[] {
  const sites = sitesOf(platform).filter((site) => addon.on(site));
  return addon.needs.flatMap((need) => {
    if (selected.some((other) => other.name === need)) return [];
    const off = CATALOG.find((other) => other.name === need);
    if (off === undefined) {
      const path = `${pathTo(addon, platform)}.needs`;
      const others = selected.filter((other) => other !== addon);
      const names = others.map((other) => other.name).join(", ");
      return [{ path, message: `no add-on or extension "${need}"; there are ${names}` }];
    }
    if (isEnabled(off, platform) || !sites.some((site) => off.on(site))) return [];
    return [switchedOff(off, addon)];
  });
}

function isEnabled({ key }: Addon, platform: PlatformSettings): boolean {
  return platform.addons[key]?.enabled === true;
}

function switchedOff(off: Addon, addon: Addon, why = ""): Problem {
  const message = `false, but ${addon.name} needs it${why}; switch ${addon.name} off too, or leave it on`;
  return { path: `platform.${off.key}.enabled`, message };
}

/** A requirement is met where one of its add-ons is switched on, and where none of them is meant for the cluster. */
function requirementProblems(addon: Addon, platform: PlatformSettings): Problem[] {
  const { requires } = addon;
  if (requires === undefined) return [];
  const here = sitesOf(platform).filter((site) => addon.on(site));
  const found = here.flatMap((site) =>
    requires(platform.addons[addon.key], site).flatMap(({ oneOf, why }) => {
      const meant = CATALOG.filter((other) => oneOf.includes(other.name) && other.on(site));
      const [first] = meant;
      if (first === undefined || meant.some((other) => isEnabled(other, platform))) return [];
      return [switchedOff(first, addon, ` ${why}`)];
    }),
  );
  return [...new Map(found.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

function cycleProblems(selected: readonly Addon[], platform: PlatformSettings): Problem[] {
  const ordered = orderByNeeds(selected.map((addon) => ({ name: addon.name, needs: comesAfter(addon) })));
  if (!("cycle" in ordered)) return [];
  const first = selected.find((addon) => addon.name === ordered.cycle[0]) as Addon;
  return [
    {
      path: `${pathTo(first, platform)}.needs`,
      message: `go round in a circle: ${ordered.cycle.join(" → ")}; break it at one of them`,
    },
  ];
}

import type { AddonContract, AddonSchemas, PlatformSettings, Problem } from "../settings";
import type { Addon } from "./addon";
import { CATALOG } from "./catalog";
import { chartProblems, chartSource } from "./charts";
import { extensionAddon } from "./extension";
import { orderByNeeds } from "./order";

/** An add-on that is switched on, with its settings. */
export interface SelectedAddon {
  readonly addon: Addon;
  readonly config: unknown;
}

/** What the catalog brings to the settings. */
export const addonContract: AddonContract = {
  schemas: Object.fromEntries(
    CATALOG.flatMap((addon) => (addon.schema === undefined ? [] : [[addon.key, addon.schema]])),
  ) as AddonSchemas,
  problems: addonProblems,
};

/** The add-ons that are switched on, each after all that it needs. Settings are valid already. */
export function selectAddons(platform: PlatformSettings): SelectedAddon[] {
  const ordered = orderByNeeds(enabled(platform).map((addon) => ({ addon, name: addon.name, needs: addon.needs })));
  if ("cycle" in ordered) throw new Error(`add-ons need each other in a circle: ${ordered.cycle.join(" → ")}`);
  return ordered.order.map(({ addon }) => ({ addon, config: platform.addons[addon.key] }));
}

function enabled(platform: PlatformSettings): Addon[] {
  const own = CATALOG.filter((addon) => platform.addons[addon.key]?.enabled === true);
  const extensions = Object.entries(platform.extensions).map(([name, settings]) => extensionAddon(name, settings));
  return [...own, ...extensions];
}

/** Problems of the selection: needs that are absent or go round in a circle, names taken, charts that are not there. */
export function addonProblems(platform: PlatformSettings): Problem[] {
  const selected = enabled(platform);
  return [
    ...nameProblems(platform),
    ...selected.flatMap((addon) => needProblems(addon, selected, platform)),
    ...cycleProblems(selected, platform),
    ...chartProblems(
      selected.map((addon) => addon.chart),
      chartSource(platform.charts.mirror),
    ),
  ];
}

function pathTo(addon: Addon, platform: PlatformSettings): string {
  return addon.name in platform.extensions ? `platform.extensions.${addon.name}` : `platform.${addon.key}`;
}

function nameProblems(platform: PlatformSettings): Problem[] {
  return Object.keys(platform.extensions)
    .filter((name) => CATALOG.some((addon) => addon.name === name))
    .map((name) => ({
      path: `platform.extensions.${name}`,
      message: "is the name of an add-on of the platform; choose another",
    }));
}

function needProblems(addon: Addon, selected: readonly Addon[], platform: PlatformSettings): Problem[] {
  return addon.needs.flatMap((need) => {
    if (selected.some((other) => other.name === need)) return [];
    const off = CATALOG.find((other) => other.name === need);
    if (off !== undefined) {
      return [
        {
          path: `platform.${off.key}.enabled`,
          message: `false, but ${addon.name} needs it; switch ${addon.name} off too, or leave it on`,
        },
      ];
    }
    const path = `${pathTo(addon, platform)}.needs`;
    const others = selected.filter((other) => other !== addon).map((other) => other.name);
    return [{ path, message: `no add-on or extension "${need}"; there are ${others.join(", ")}` }];
  });
}

function cycleProblems(selected: readonly Addon[], platform: PlatformSettings): Problem[] {
  const ordered = orderByNeeds(selected);
  if (!("cycle" in ordered)) return [];
  const first = selected.find((addon) => addon.name === ordered.cycle[0]) as Addon;
  return [
    {
      path: `${pathTo(first, platform)}.needs`,
      message: `go round in a circle: ${ordered.cycle.join(" → ")}; break it at one of them`,
    },
  ];
}

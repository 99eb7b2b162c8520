import type { ExtensionSettings } from "../settings";
import { AddonResource } from "./addon";
import type { ChartPin } from "./charts";
import type { Addon } from "./contract";

/** Makes an add-on of a platform's own chart, from settings alone (`platform.extensions.<name>`). */
export function extensionAddon(name: string, settings: ExtensionSettings): Addon {
  const { repository, name: chart, version } = settings.chart;
  const pin: ChartPin = { chart, version, repository };
  const facts = {
    name,
    key: name,
    title: `Extension: chart ${chart} ${version}`,
    chart: pin,
    namespace: { name: settings.namespace, podSecurity: settings.podSecurity },
    on: (cluster: { readonly planes: readonly string[] }) =>
      settings.planes.some((plane) => cluster.planes.includes(plane)),
    needs: settings.needs,
    kinds: [],
    values: () => settings.values,
  };
  return {
    ...facts,
    install: (args, opts) => new AddonResource({ ...facts, values: () => settings.values }, args, opts),
  };
}

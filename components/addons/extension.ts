import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { ExtensionSettings, ManifestObject } from "../settings";
import { AddonResource } from "./addon";
import type { ChartPin } from "./charts";
import type { Addon, AddonFacts, AddonScope } from "./contract";
import type { Kind } from "./gate";
import type { Monitoring } from "./monitoring";
import { isNamespaced } from "./scopes";

const DEFINITION = "CustomResourceDefinition";

/** Makes an add-on of a platform's own from settings alone (`platform.extensions.<name>`). */
export function extensionAddon(name: string, settings: ExtensionSettings): Addon {
  const { objects } = settings;
  const facts: AddonFacts = {
    name,
    key: name,
    title: `Extension ${name}`,
    chart: pinOf(settings),
    namespace: { name: settings.namespace, podSecurity: settings.podSecurity },
    on: ({ planes }) => settings.planes.some((plane) => planes.includes(plane)),
    needs: settings.needs,
    kinds: [...settings.kinds.map(fromSettings), ...objects.flatMap(kindsDefinedBy)],
  };
  const values = () => settings.values;
  const monitoring = () => monitoringOf(settings);
  const parts = {
    values,
    monitoring,
    // Definitions come first, and what is made of them waits at the gate.
    prepare: (scope: AddonScope<unknown>) => makeObjects(scope, objects.filter(isDefinition)),
    resources: (scope: AddonScope<unknown>) =>
      makeObjects(
        scope,
        objects.filter((object) => !isDefinition(object)),
      ),
  };
  // Helm leaves what a chart keeps in its crds folder, and with it everything that was made of it.
  const keepsKinds = () => (settings.kinds.length > 0 ? "kinds of an extension's chart, which Helm leaves" : undefined);
  return {
    ...facts,
    values,
    monitoring,
    keepsKinds,
    install: (args, opts) => new AddonResource({ ...facts, ...parts }, args, opts),
  };
}

function pinOf({ chart }: ExtensionSettings): ChartPin | undefined {
  if (chart === undefined) return undefined;
  if (!("path" in chart)) return { chart: chart.name, version: chart.version, repository: chart.repository };
  const { name = basename(chart.path), version = "0.0.0" } = manifestOf(chart.path) ?? {};
  return { chart: name, version, repository: "", path: chart.path };
}

/** What a chart's folder says of itself; `undefined` where it is no chart. */
export function manifestOf(path: string, root = process.cwd()): { name: string; version: string } | undefined {
  const file = join(resolve(root, path), "Chart.yaml");
  if (!existsSync(file)) return undefined;
  const content: unknown = parse(readFileSync(file, "utf8"));
  if (typeof content !== "object" || content === null || !("name" in content && "version" in content)) return undefined;
  return { name: String(content.name), version: String(content.version) };
}

function fromSettings(kind: ExtensionSettings["kinds"][number]): Kind {
  return { ...kind, registeredBy: "release" };
}

function isDefinition({ kind }: ManifestObject): boolean {
  return kind === DEFINITION;
}

/** The kinds that a definition among the objects brings, one for each version that is served. */
function kindsDefinedBy(object: ManifestObject): Kind[] {
  const spec = object.spec as
    | {
        readonly group?: string;
        readonly scope?: Kind["scope"];
        readonly names?: { readonly kind?: string; readonly plural?: string };
        readonly versions?: readonly { readonly name?: string; readonly served?: boolean }[];
      }
    | undefined;
  if (!isDefinition(object) || spec?.group === undefined) return [];
  const { group, names = {}, scope = "Namespaced", versions = [] } = spec;
  return versions
    .filter(({ served }) => served === true)
    .map(({ name: version = "" }) => ({
      group,
      version,
      kind: names.kind ?? "",
      plural: names.plural ?? "",
      scope,
      registeredBy: "release",
    }));
}

/** Objects as they stand in the settings; what lives in a namespace and names none is put into the extension's. */
function makeObjects(scope: AddonScope<unknown>, objects: readonly ManifestObject[]): pulumi.Resource[] {
  const kinds = scope.selected.flatMap(({ addon }) => addon.kinds);
  return objects.map((object) => {
    const { apiVersion, kind, metadata: given, ...rest } = object;
    const own = isNamespaced(object, kinds) ? { namespace: scope.namespace } : {};
    const metadata = { ...own, ...given };
    const physical = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}.${metadata.name}`;
    const name = `${scope.name}-${kind.toLowerCase()}-${physical}`;
    return new kubernetes.apiextensions.CustomResource(name, { apiVersion, kind, metadata, ...rest }, scope.opts);
  });
}

function monitoringOf({ alerts, dashboards, scrapes }: ExtensionSettings): Monitoring {
  return { alerts, dashboards, scrapes };
}

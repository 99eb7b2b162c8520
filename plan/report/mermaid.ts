import type { Plan } from "../model";
import { groupBy, plural } from "./words";

/** Above so many members of the mesh, each pair is no line of its own: GitHub draws at most a few hundred. */
const MOST_MEMBERS = 8;

/** Above so many tenants, they are one node. */
const MOST_TENANTS = 8;

/** The fleet as a Mermaid flowchart: clusters by place, what joins them, and what runs where. */
export function mermaidFleet(plan: Plan): string {
  const ids = new Map(plan.clusters.map(({ name }, index) => [name, `c${index}`]));
  const id = (name: string) => ids.get(name) ?? "unknown";
  const lines = [
    "flowchart LR",
    ...placeLines(plan, id),
    ...linkLines(plan, id),
    ...tenantLines(plan, id),
    ...styleLines(plan, id),
  ];
  return lines.join("\n");
}

/** Quotes end a label, and so do other signs in some places: they are written as entities. */
function label(text: string): string {
  return `"${text.replace(/[^\p{L}\p{N} ,.·:()/_-]/gu, (sign) => `#${sign.codePointAt(0)};`)}"`;
}

function lineBreaks(...lines: readonly string[]): string {
  return `"${lines.map((line) => label(line).slice(1, -1)).join("<br>")}"`;
}

type IdOf = (cluster: string) => string;

function placeLines({ clusters, resources, impact }: Plan, id: IdOf): string[] {
  const places = groupBy(clusters, ({ provider, region }) => (region === null ? provider : `${provider} ${region}`));
  return [...places].flatMap(([place, inside], index) => [
    `  subgraph p${index}[${label(place)}]`,
    ...inside.map(({ name, planes, wave, drained }) => {
      const count = resources.filter((one) => one.managed && one.cluster === name).length;
      const change = impact?.clusters.find((one) => one.name === name);
      const state = drained
        ? "drained"
        : change === undefined
          ? plural(count, "resource")
          : `${change.fate === "stays" ? "changes" : change.fate}`;
      return `    ${id(name)}[${lineBreaks(name, planes.join(", "), `wave ${wave} · ${state}`)}]`;
    }),
    "  end",
  ]);
}

function linkLines({ links, clusters }: Plan, id: IdOf): string[] {
  const members = clusters.filter(({ meshId }) => meshId !== undefined).map(({ name }) => name);
  if (members.length <= MOST_MEMBERS) {
    return links.map(({ from, to, kinds }) => `  ${id(from)} ---|${label(kinds.join(", "))}| ${id(to)}`);
  }
  const kinds = [...new Set(links.flatMap((link) => link.kinds))].join(", ");
  return [`  mesh((${label(`mesh: ${kinds}`)}))`, ...members.map((name) => `  ${id(name)} --- mesh`)];
}

function tenantLines({ tenants }: Plan, id: IdOf): string[] {
  const placed = tenants.map(({ name, components }) => ({
    name,
    clusters: [...new Set(components.flatMap(({ clusters }) => clusters))],
  }));
  const shown =
    placed.length <= MOST_TENANTS
      ? placed
      : [{ name: plural(placed.length, "tenant"), clusters: [...new Set(placed.flatMap(({ clusters }) => clusters))] }];
  return shown.flatMap(({ name, clusters }, index) => [
    `  t${index}([${label(name)}])`,
    ...clusters.map((cluster) => `  t${index} -.- ${id(cluster)}`),
  ]);
}

function styleLines({ impact, drill }: Plan, id: IdOf): string[] {
  const changed = (impact?.clusters ?? []).map(({ name }) => id(name)).filter((one) => one !== "unknown");
  const lost = (drill?.lost ?? []).map(id);
  return [
    ...(changed.length > 0 ? ["  classDef changed stroke-width:3px", `  class ${changed.join(",")} changed`] : []),
    ...(lost.length > 0 ? ["  classDef lost stroke-dasharray:4 4,opacity:0.5", `  class ${lost.join(",")} lost`] : []),
  ];
}

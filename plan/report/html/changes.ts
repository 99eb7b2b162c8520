import { type countsText, total } from "../../against/impact";
import type { Difference } from "../../against/model";
import type { Plan } from "../../model";
import { groupBy, plural } from "../words";
import { html, type Markup, section, table } from "./markup";

/** What differs from another plan, and for whom. */
export function changeSection({ differences, impact }: Plan): Markup | "" {
  if (differences === undefined || impact === undefined) return "";
  const { against, level, limits, resources, unchanged } = differences;
  const rows = impact.clusters.map(({ name, wave, fate, counts, areas, addons }) => [
    String(wave),
    html`<strong>${name}</strong>${fate === "stays" ? "" : html` <span class="tag">${fate}</span>`}`,
    countTags(counts),
    areas.map((area) => area.name).join(", "),
    addons.join(", "),
  ]);
  const fleet = total(impact.fleet) === 0 ? [] : [["", "all clusters", countTags(impact.fleet), "", ""]];
  const body =
    resources.length === 0
      ? html`<p class="good">Nothing changes.</p>`
      : html`${table("Changes by cluster", ["Wave", "Cluster", "Resources", "Areas", "Add-ons"], [...rows, ...fleet])}
${impact.tenants.length === 0 ? "" : html`<h3>Tenants</h3><ul>${impact.tenants.map(({ name, why }) => html`<li><strong>${name}</strong> ${why.join("; ")}</li>`)}</ul>`}
${comings("Endpoints", impact.endpoints)}${comings("Certificates", impact.certificates)}
${[...groupBy(resources, ({ cluster, area }) => `${cluster ?? "All clusters"} · ${area}`)].map(group)}`;
  const compared = level === "values" ? "inputs, and values of charts" : "inputs, and the objects that charts render";
  return section(
    "changes",
    "Changes",
    body,
    html`Against <code>${against}</code>: ${compared}. ${plural(unchanged, "resource")} stay as they are.${limits === undefined ? "" : ` Not everything could be compared: ${limits}.`}`,
  );
}

function countTags(counts: Parameters<typeof countsText>[0]): Markup[] {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([kind, count]) => html`<span class="tag ${kind}">${count} ${kind}</span> `);
}

function comings(
  title: string,
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
) {
  if (added.length + removed.length === 0) return "";
  return html`<h3>${title}</h3><ul>${added.map((one) => html`<li><span class="tag created">new</span> <code>${one}</code></li>`)}${removed.map((one) => html`<li><span class="tag deleted">goes</span> <code>${one}</code></li>`)}</ul>`;
}

function group([title, inside]: readonly [string, readonly Difference[]]): Markup {
  return html`<details class="group"><summary>${title} <span class="note">${plural(inside.length, "difference")}</span></summary>
<ul class="differences">${inside.map(
    ({
      kind,
      name,
      type,
      properties,
    }) => html`<li><span class="tag ${kind}">${kind}</span> <code>${name}</code> <span class="note">${type}</span>
${properties.length === 0 ? "" : html`<dl>${properties.map(({ path, before, after, replaces }) => html`<div><dt><code>${path}</code>${replaces ? html` <span class="tag replaced">replaces</span>` : ""}</dt><dd><del>${before ?? "absent"}</del><ins>${after ?? "absent"}</ins></dd></div>`)}</dl>`}</li>`,
  )}</ul></details>`;
}

/** What a loss means. */
export function drillSection({ drill }: Plan): Markup | "" {
  if (drill === undefined) return "";
  const { lost, planes, services, components, databases, links, hosts, takeover } = drill;
  const name = (id: string, environment?: string) =>
    html`<code>${id}</code>${environment === undefined ? "" : ` (${environment})`}`;
  const body = html`<ol class="takeover">${takeover.map(({ who, what }) => html`<li><span class="tag ${who === "operator" ? "replaced" : "created"}">${who}</span> ${what}</li>`)}</ol>
<h3>Planes</h3>${table(
    "Planes",
    ["Plane", "Left on", "What it means"],
    planes.map(({ plane, left, means }) => [plane, left.join(", ") || "none", means]),
  )}
<h3>Components</h3>${table(
    "Components",
    ["Component", "Fate", "Replicas", "Left on", "Misses"],
    components.map((one) => [
      name(one.component, one.environment),
      one.fate,
      `${one.replicasBefore} → ${one.replicasLeft}`,
      one.left.join(", "),
      one.missing.join(", "),
    ]),
  )}
<h3>Databases</h3>${table(
    "Databases",
    ["Database", "Fate", "What it means"],
    databases.map((one) => [name(one.database, one.environment), one.fate, one.means]),
  )}
<h3>Links and services</h3><ul><li>Links cut: ${links.cut.join("; ") || "none"}. Left: ${links.left.join("; ") || "none"}.</li>
${hosts.length === 0 ? "" : html`<li>Names that nobody serves: ${hosts.join(", ")}.</li>`}
${services.length === 0 ? "" : html`<li>Services that are nowhere else: ${services.map(({ addon }) => addon).join(", ")}.</li>`}</ul>`;
  return section("drill", `Drill: ${lost.join(", ")} lost`, body);
}

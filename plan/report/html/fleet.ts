import type { Plan, PlanCluster } from "../../model";
import { plural } from "../words";
import { CARD, type FleetLayout, MOST_LINKS, narrowLayout, type Placed, wideLayout } from "./layout";
import { html, type Markup, section } from "./markup";

/** The picture of the fleet, twice: for wide and for narrow windows; and what is shown of the selected cluster. */
export function fleetSection(plan: Plan): Markup {
  const legend = html`<p class="legend"><span class="key line"></span>joined in the mesh <span class="key lost"></span>lost in the drill
<span class="key changed"></span>changes</p>`;
  return section(
    "fleet",
    "Fleet",
    html`<div class="picture">
${picture(plan, wideLayout(plan), "wide")}
${picture(plan, narrowLayout(plan), "narrow")}
${legend}</div>
<div class="detail" id="cluster" aria-live="polite"><p class="note">Choose a cluster to see its links, add-ons and resources.</p></div>`,
    html`${plural(plan.clusters.length, "cluster")}, from the first wave to the last. ${mesh(plan)}`,
  );
}

function mesh({ links }: Plan): string {
  if (links.length === 0) return "No cluster is joined with another one.";
  const kinds = [...new Set(links.flatMap((link) => link.kinds))];
  return `${plural(links.length, "pair")} joined by ${kinds.join(", ")}.`;
}

function picture(plan: Plan, layout: FleetLayout, kind: "wide" | "narrow"): Markup {
  const { width, height } = layout;
  const byName = new Map(plan.clusters.map((cluster) => [cluster.name, cluster]));
  const lines = layout.links.length > MOST_LINKS ? "links many" : "links";
  return html`<svg class="${kind}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="Clusters of the fleet">
<g class="${lines}">${layout.links.map(({ from, to, path }) => html`<path d="${path}" data-from="${from}" data-to="${to}"/>`)}</g>
${layout.waves.map(({ wave, x, y }) => html`<text class="wave" x="${x}" y="${y}">Wave ${wave}</text>`)}
${layout.clusters.map((placed) => card(placed, byName.get(placed.name), plan))}
</svg>`;
}

function card(
  { name, x, y }: Placed,
  cluster: PlanCluster | undefined,
  { resources, impact, drill }: Plan,
): Markup | "" {
  if (cluster === undefined) return "";
  const { planes, provider, region, drained } = cluster;
  const count = resources.filter((one) => one.managed && one.cluster === name).length;
  const changes = impact?.clusters.some((one) => one.name === name) === true;
  const lost = drill?.lost.includes(name) === true;
  const states = [lost && "lost", changes && "changed", drained && "drained"].filter((state) => state !== false);
  const place = region === null ? provider : `${provider} · ${region}`;
  const spoken = [name, planes.join(" and "), place, plural(count, "resource"), ...states].join(", ");
  return html`<g class="${["card", ...states].join(" ")}" transform="translate(${x} ${y})" data-cluster="${name}" tabindex="0" role="button" aria-pressed="false" aria-label="${spoken}">
<rect width="${CARD.width}" height="${CARD.height}" rx="8"/>
<text class="name" x="14" y="27">${short(name, 20)}</text>
<text class="place" x="14" y="46">${short(place, 30)}</text>
${planeMarks(planes)}
<text class="count" x="14" y="${CARD.height - 12}">${plural(count, "resource")}${drained ? " · drained" : ""}</text>
</g>`;
}

function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Names of planes, as wide as they are. */
const MARK = { control: 48, data: 34, workflow: 58, observability: 76 } as Readonly<Record<string, number>>;

function planeMarks(planes: readonly string[]): Markup[] {
  let x = 14;
  return planes.map((plane) => {
    const width = MARK[plane] ?? 60;
    const mark = html`<g class="plane ${plane}" transform="translate(${x} 56)"><rect width="${width}" height="18" rx="9"/><text x="${width / 2}" y="12.5">${plane === "observability" ? "observability" : plane}</text></g>`;
    x += width + 4;
    return mark;
  });
}

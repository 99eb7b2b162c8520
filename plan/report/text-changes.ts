import { countsText, total } from "../against/impact";
import type { Plan } from "../model";
import { columns, plural } from "./words";

const SIGNS = { created: "+", changed: "~", replaced: "±", deleted: "-" } as const;

/** What differs from another plan, and for whom. */
export function differenceSection({ differences, impact }: Plan): string[] {
  if (differences === undefined || impact === undefined) return [];
  const { against, level, limits, resources } = differences;
  const head = `Differences from ${against} (${level}): ${resources.length}`;
  const clusters = impact.clusters.map(({ name, wave, fate, counts, addons }) => [
    `wave ${wave}`,
    fate === "stays" ? name : `${name} (${fate})`,
    countsText(counts),
    addons.join(", "),
  ]);
  const fleet = total(impact.fleet) === 0 ? [] : [["", "all clusters", countsText(impact.fleet), ""]];
  return [
    head,
    ...(limits === undefined ? [] : [`  not everything: ${limits}`]),
    ...columns([...clusters, ...fleet]),
    ...impact.tenants.map(({ name, why }) => `  tenant ${name}: ${why.join("; ")}`),
    ...resources.flatMap(({ kind, type, name, properties }) => [
      `  ${SIGNS[kind]} ${name} (${type})`,
      ...properties.map(({ path, before, after, replaces }) => {
        return `      ${path}: ${before ?? "(absent)"} → ${after ?? "(absent)"}${replaces ? " (replaces)" : ""}`;
      }),
    ]),
  ];
}

/** What is lost, and what takes over. */
export function drillSection({ drill }: Plan): string[] {
  if (drill === undefined) return [];
  const { lost, planes, services, components, databases, links, hosts, takeover } = drill;
  return [
    `Drill: ${lost.join(", ")} lost`,
    ...columns(
      planes.map(({ plane, left, means }) => [
        plane,
        left.length === 0 ? "none left" : `left on ${left.join(", ")}`,
        means,
      ]),
    ),
    ...(services.length === 0 ? [] : [`  nowhere else: ${services.map(({ addon }) => addon).join(", ")}`]),
    `  ${plural(links.cut.length, "link")} cut, ${links.left.length} left`,
    ...links.cut.map((link) => `    ${link}`),
    ...(hosts.length === 0 ? [] : [`  names that nobody serves: ${hosts.join(", ")}`]),
    ...columns(
      components.map((one) => [
        one.environment === undefined ? one.component : `${one.component} (${one.environment})`,
        one.fate,
        `${one.replicasBefore} → ${one.replicasLeft} replicas`,
        one.missing.length === 0 ? "" : `misses ${one.missing.join(", ")}`,
      ]),
    ),
    ...columns(
      databases.map((one) => [
        one.environment === undefined ? one.database : `${one.database} (${one.environment})`,
        one.fate,
        one.means,
      ]),
    ),
    "  What takes over:",
    ...takeover.map(({ who, what }, index) => `    ${index + 1}. ${who}: ${what}`),
  ];
}

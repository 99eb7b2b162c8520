import { countsText, total } from "../against/impact";
import type { Difference } from "../against/model";
import type { Plan } from "../model";
import { code, prose, type Section, table } from "./markdown-text";
import { groupBy, nameOf, plural } from "./words";

/** What is broken, mandatory rules first, and what is excused. */
export function policyOf({ policy }: Plan): Section[] {
  const { violations, exemptions } = policy;
  const ordered = [...violations].sort((a, b) => rank(a.enforcement) - rank(b.enforcement));
  const rows = ordered.map(({ rule, severity, enforcement, urn, message }) => [
    enforcement === "mandatory" ? "❌" : "⚠️",
    code(rule),
    severity,
    urn === undefined ? "the stack" : code(nameOf(urn)),
    prose(message),
  ]);
  const excused = exemptions.map(({ rule, urn, reason, expires }) => [
    code(rule),
    code(nameOf(urn)),
    prose(reason),
    expires,
  ]);
  return [
    ...(rows.length > 0
      ? [
          {
            title: `Policy: ${plural(rows.length, "violation")}`,
            lines: table(["", "rule", "severity", "resource", "what to do"], rows),
          },
        ]
      : []),
    ...(excused.length > 0
      ? [
          {
            title: `Policy: ${plural(excused.length, "exemption")}`,
            folded: true,
            lines: table(["rule", "resource", "reason", "until"], excused),
          },
        ]
      : []),
  ];
}

function rank(enforcement: string): number {
  return enforcement === "mandatory" ? 0 : 1;
}

/** Which clusters, in which wave, and which tenants. */
export function impactOf({ impact, differences, clusters }: Plan): Section[] {
  if (impact === undefined || differences === undefined) return [];
  if (differences.resources.length === 0) return [{ title: "What changes for whom", lines: ["Nothing changes."] }];
  const known = new Set(clusters.map(({ name }) => name));
  const rows = impact.clusters.map(({ name, wave, fate, counts, areas, addons }) => [
    String(wave),
    `${code(name)}${fate === "stays" && known.has(name) ? "" : ` **${fate}**`}`,
    countsText(counts),
    areas.map(({ name: area }) => area).join(", "),
    addons.map(code).join(" "),
  ]);
  const fleet = total(impact.fleet) === 0 ? [] : [["", "_all of them_", countsText(impact.fleet), "", ""]];
  const replaced = differences.resources.filter(({ kind }) => kind === "replaced");
  return [
    {
      title: "What changes for whom",
      lines: [
        ...table(["wave", "cluster", "resources", "areas", "add-ons"], [...rows, ...fleet]),
        "",
        ...impact.tenants.map(({ name, why }) => `- tenant ${code(name)}: ${why.map(prose).join("; ")}`),
        ...replaced.map((one) => `- **${code(one.name)} is replaced** by ${reasons(one)}`),
        ...listOf("new way in", impact.endpoints.added),
        ...listOf("way in that goes", impact.endpoints.removed),
        ...listOf("new certificate", impact.certificates.added),
        ...listOf("certificate that goes", impact.certificates.removed),
      ],
    },
  ];
}

function reasons({ properties }: Difference): string {
  return properties
    .filter(({ replaces }) => replaces)
    .map(({ path }) => code(path))
    .join(", ");
}

function listOf(what: string, items: readonly string[]): string[] {
  return items.map((item) => `- ${what}: ${code(item)}`);
}

const SIGNS = { created: "+", changed: "~", replaced: "±", deleted: "−" } as const;

/** Every difference, by cluster. */
export function differencesOf({ differences }: Plan): Section[] {
  if (differences === undefined || differences.resources.length === 0) return [];
  const { level, limits, resources, unchanged } = differences;
  const about = [
    `Compared are ${level === "values" ? "inputs, and values of charts" : "inputs, and the objects that charts render"}; ${unchanged} resources stay as they are.`,
    ...(limits === undefined ? [] : [`Not everything could be compared: ${prose(limits)}.`]),
  ];
  const groups = groupBy(resources, ({ cluster, area }) => `${cluster ?? "all clusters"}: ${area}`);
  return [...groups].map(([title, inside], index) => ({
    title: `${title}: ${countsText(counted(inside))}`,
    folded: true,
    lines: [...(index === 0 ? [...about, ""] : []), ...inside.flatMap(lineOf)],
  }));
}

function counted(inside: readonly Difference[]) {
  const count = (kind: Difference["kind"]) => inside.filter((one) => one.kind === kind).length;
  return {
    created: count("created"),
    changed: count("changed"),
    replaced: count("replaced"),
    deleted: count("deleted"),
  };
}

function lineOf({ kind, type, name, properties }: Difference): string[] {
  const head = `- **${SIGNS[kind]}** ${code(name)} (${code(type)})`;
  return [
    head,
    ...properties.map(({ path, before, after, replaces }) => {
      const values = [before, after].every((side) => side === undefined)
        ? ""
        : `: ${before === undefined ? "_absent_" : code(before)} → ${after === undefined ? "_absent_" : code(after)}`;
      return `  - ${code(path)}${values}${replaces ? " (replaces)" : ""}`;
    }),
  ];
}

/** What a loss means. */
export function drillOf({ drill }: Plan): Section[] {
  if (drill === undefined) return [];
  const { lost, planes, services, components, databases, links, hosts, takeover } = drill;
  const name = (id: string, environment?: string) => code(environment === undefined ? id : `${id} (${environment})`);
  const lines = [
    ...planes.map(
      ({ plane, left, means }) =>
        `- plane **${plane}**: ${left.length === 0 ? "none left" : `left on ${left.map(code).join(", ")}`}; ${means}`,
    ),
    ...(services.length === 0
      ? []
      : [`- services that are nowhere else: ${services.map(({ addon }) => code(addon)).join(", ")}`]),
    `- links cut: ${links.cut.map(prose).join(", ") || "none"}; left: ${links.left.map(prose).join(", ") || "none"}`,
    ...(hosts.length === 0 ? [] : [`- names that nobody serves: ${hosts.map(code).join(", ")}`]),
    "",
    ...table(
      ["component", "fate", "replicas", "left on", "misses"],
      components.map((one) => [
        name(one.component, one.environment),
        one.fate,
        `${one.replicasBefore} → ${one.replicasLeft}`,
        one.left.map(code).join(", "),
        one.missing.map(code).join(", "),
      ]),
    ),
    "",
    ...table(
      ["database", "fate", "what it means"],
      databases.map(({ database, environment, fate, means }) => [name(database, environment), fate, prose(means)]),
    ),
    "",
    "What takes over:",
    "",
    ...takeover.map(
      ({ who, what }, index) =>
        `${index + 1}. ${who === "operator" ? "**somebody has to**" : "by itself"}: ${prose(what)}`,
    ),
  ];
  return [{ title: `Drill: ${lost.map(code).join(", ")} lost`, lines }];
}

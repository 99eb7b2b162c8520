import { CATALOG, definitionName, PINS } from "../../components/addons";
import { table } from "../docs-settings";
import { type Comparison, compareCharts } from "./compare";
import { type ChartPackage, PackageError, readPackage } from "./package";

const USAGE = `npm run charts -- list
npm run charts -- compare <old> <new>

  list      every pin of components/addons/charts.json, and who uses it
  compare   what a changed pin takes away, from the two packaged charts (<chart>-<version>.tgz, or a chart's folder):
            keys of values.yaml that vanished, and versions of kinds that are not served any more
`;

async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === "list" && args.length === 0) return print(listing());
  const [before, after] = args;
  if (command !== "compare" || before === undefined || after === undefined || args.length > 2) return refuse(USAGE);
  try {
    const [old, now] = [await readPackage(before), await readPackage(after)];
    if (old.name !== now.name)
      return refuse(`${before} is ${old.name}, and ${after} is ${now.name}: give one chart twice`);
    return print(report(old, now, compareCharts(old, now)));
  } catch (error) {
    if (error instanceof PackageError) return refuse(error.message);
    throw error;
  }
}

function listing(): string {
  const rows = Object.entries(PINS).map(([name, { chart, version, repository }]) => [name, chart, version, repository]);
  return table(["add-on", "chart", "version", "repository"], rows);
}

/** The comparison for people; what the platform itself makes objects of comes first. */
export function report(
  old: ChartPackage,
  now: ChartPackage,
  { vanished, added, notServed, unread }: Comparison,
): string {
  const users = CATALOG.filter(({ chart }) => chart?.chart === old.name);
  const own = new Set(users.flatMap(({ kinds }) => kinds.map((kind) => `${definitionName(kind)}/${kind.version}`)));
  const ours = notServed.filter((version) => own.has(version));
  return [
    `${old.name} ${old.version} → ${now.version}: used by ${users.map(({ name }) => name).join(", ") || "no add-on"}`,
    ...section("Versions of kinds that the platform uses and that are not served any more", ours),
    ...section(
      "Other versions of kinds that are not served any more",
      notServed.filter((version) => !own.has(version)),
    ),
    ...section("Keys of values.yaml that vanished", vanished),
    ...section("Keys of values.yaml that are new", added),
    ...section("Templates whose kinds could not be read", unread),
    "",
    "Then: change the pin, run npm test (values and kinds against the chart's data) and rehearse with the new chart.",
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? ["", `${title}: none`] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`);
  return 2;
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => process.exit(code));
}

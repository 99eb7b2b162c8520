import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Addon, CATALOG, definitionName } from "../components/addons";
import { PLANES } from "../components/settings";
import { outputsPage } from "./docs-outputs";
import { policiesPage } from "./docs-policies";
import { settingsPage, settingsRows, settingsTable, table } from "./docs-settings";
import { schemaFiles } from "./schema";
import { licencesPage } from "./supply-chain/licences";

/**
 * Pages of the add-ons and of the policies: what follows from the catalog and the rules is written by `npm run docs` above the line that ends the
 * generated part; what stands below it is written by hand.
 */

const ROOT = resolve(__dirname, "../docs");
const END = "<!-- end of what npm run docs writes -->";

/** Each generated file below docs/, and what has to stand in it. A page without a part by hand has an empty one. */
export function docsFiles(): Record<string, string> {
  const owners = CATALOG.filter(({ schema }) => schema !== undefined);
  const pages = owners.map((owner) => [`add-ons/${owner.name}.md`, page(owner)] as const);
  return {
    "add-ons.md": withBody("add-ons.md", index(owners)),
    "licences.md": withBody("licences.md", licencesPage()),
    "outputs.md": withBody("outputs.md", outputsPage()),
    "policies.md": withBody("policies.md", policiesPage()),
    "settings.md": withBody(
      "settings.md",
      settingsPage(
        schemaFiles(),
        owners.map(({ key, name }) => [key, `add-ons/${name}.md`]),
      ),
    ),
    ...Object.fromEntries(pages),
  };
}

/** Files whose content is not what is generated, and pages of add-ons that lack words of their own. */
export function staleDocs(): string[] {
  const stale = Object.entries(docsFiles()).flatMap(([file, content]) => {
    if (bodyOf(file) === "") return [`${file}: write what it gives, its limits, and how it was checked`];
    return existsSync(join(ROOT, file)) && readFileSync(join(ROOT, file), "utf8") === content ? [] : [file];
  });
  const pages = readdirSync(join(ROOT, "add-ons")).filter((file) => file.endsWith(".md"));
  const lacking = pages.flatMap((page) => lacks(bodyOf(`add-ons/${page}`)).map((what) => `add-ons/${page}: ${what}`));
  return [...stale, ...lacking];
}

/** What every page of an add-on says beside what it gives: as a heading, or as how a paragraph or a sentence begins. */
const WANTED = [
  [/(?:^|[.:] )(?:#+ |\*\*)?Limits\b/m, 'say its limits ("Limits: …")'],
  [/(?:^|[.:] )(?:#+ |\*\*)?(?:Checked|How it was checked)\b/m, 'say how it was checked ("Checked: …")'],
  [/(?:^|[.:] )(?:\*\*)?Not checked\b/m, 'say what was not checked ("Not checked: …")'],
] as const;

/** What the words of an add-on's page lack. */
export function lacks(body: string): string[] {
  const text = body.replace(/^```[\s\S]*?^```/gm, "");
  return WANTED.flatMap(([wanted, what]) => (wanted.test(text) ? [] : [what]));
}

function withBody(file: string, generated: string): string {
  return `${generated.trim()}\n\n${END}\n\n${bodyOf(file)}\n`.replace(/\n{3,}$/, "\n");
}

function bodyOf(file: string): string {
  const path = join(ROOT, file);
  if (!existsSync(path)) return "";
  const text = readFileSync(path, "utf8");
  const end = text.indexOf(END);
  return (end < 0 ? text : text.slice(end + END.length)).trim();
}

function index(owners: readonly Addon[]): string {
  const rows = owners.map((owner) => {
    const { name, key, title } = owner;
    return [`[${name}](add-ons/${name}.md)`, `\`${key}\``, placesOf(owner), title];
  });
  return `# Add-ons

Versions stand in one place: those of charts in \`components/addons/charts.json\`, and those of images that no chart
brings in \`images.json\` beside it. An add-on goes on the clusters that it selects, after the add-ons that it needs;
its custom resources wait until their kinds are Established.

${table(["add-on", "settings key", "clusters", "gives"], rows)}`;
}

function page(owner: Addon): string {
  const parts = CATALOG.filter(({ key }) => key === owner.key);
  const file = `add-ons/${owner.name}.md`;
  return withBody(
    file,
    `# ${owner.name}

${owner.title}.

${parts.map(facts).join("\n\n")}

## Settings

Below \`platform.${owner.key}\`:

${settingsTable(settingsRows(schemaFiles(), owner.key))}`,
  );
}

function facts(addon: Addon): string {
  const { name, chart, namespace, needs, uses = [], kinds, supersededBy } = addon;
  const rows: (readonly [string, string])[] = [
    ["chart", chart === undefined ? "none" : `${chart.chart} ${chart.version} (${chart.repository})`],
    [
      "namespace",
      `${namespace.name}${namespace.podSecurity === undefined ? "" : `, Pod Security ${namespace.podSecurity}`}`,
    ],
    ["clusters", `${placesOf(addon)}${supersededBy === undefined ? "" : `; not where ${supersededBy} is`}`],
    ["needs", list(needs)],
    ["comes after, where it is there", list(uses)],
    ["kinds", list([...new Set(kinds.map(definitionName))])],
  ];
  return table(
    [name, ""],
    rows.filter(([, value]) => value !== ""),
  );
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

/** On which clusters an add-on is, by asking it about each kind of cluster. */
function placesOf(addon: Addon): string {
  const kinds = ["existing", "eks", "cluster-api"] as const;
  const on = (planes: readonly (typeof PLANES)[number][], kind: (typeof kinds)[number]) =>
    [true, false].some((made) =>
      addon.on({ planes: [...planes], cilium: "managed", provider: { kind }, ...objectStoreOf(made) } as never),
    );
  const planes = PLANES.filter((plane) => kinds.some((kind) => on([plane], kind)));
  const where = kinds.filter((kind) => PLANES.some((plane) => on([plane], kind)));
  const which = planes.length === PLANES.length ? "all" : `those with ${planes.join(", ")}`;
  return where.length === kinds.length ? which : `${which} (${where.join(", ")})`;
}

/** An add-on may ask where objects are kept: both answers are tried. */
function objectStoreOf(server: boolean): { readonly objectStore: string } {
  return { objectStore: server ? "server" : "settings" };
}

if (require.main === module) {
  for (const [file, content] of Object.entries(docsFiles())) {
    mkdirSync(dirname(join(ROOT, file)), { recursive: true });
    writeFileSync(join(ROOT, file), content);
  }
  if (process.argv.includes("--check")) process.stdout.write(staleDocs().join("\n"));
}

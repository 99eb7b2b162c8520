import { stringify } from "yaml";

/** One key of the settings, as a page shows it. */
export interface SettingRow {
  /** Dotted, from the add-on's own key; `<name>` stands for a name that the writer gives. */
  readonly key: string;
  readonly type: string;
  readonly byDefault: string;
  readonly description: string;
}

/** A JSON Schema, as far as pages look at it. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The keys of one add-on, from the generated schema of the settings. */
export function settingsRows(schemas: Readonly<Record<string, string>>, addon: string): SettingRow[] {
  const found = schemaAt(schemas, ["config", "openchoreo:platform", addon]);
  return found === undefined ? [] : rowsOf(found, "");
}

/** A page with every key that is no add-on's: those of a stack's file, and those of a tenant's. */
export function settingsPage(
  schemas: Readonly<Record<string, string>>,
  addons: readonly (readonly [key: string, page: string])[],
): string {
  const own = addons.map(([key]) => key);
  const rowsAt = (path: readonly string[]) => {
    const found = schemaAt(schemas, path);
    return found === undefined ? [] : rowsOf(found, "");
  };
  const platform = rowsAt(["config", "openchoreo:platform"]).filter(
    ({ key }) => !own.includes(key.split(/[.[]/)[0] ?? ""),
  );
  const { properties = {} } = schemaAt(schemas, ["config"]) ?? {};
  const others = Object.keys(properties).filter((key) => key !== "openchoreo:platform" && key !== "openchoreo:tenants");
  const tenant: unknown = JSON.parse(schemas["tenant.schema.json"] ?? "{}");
  return [
    "# Settings",
    "Every key of `Pulumi.<stack>.yaml` below `config`, and of a tenant's file. `<name>` stands for a name of yours; `[]` for each entry of a list.",
    "## `openchoreo:platform`",
    settingsTable(platform),
    "### Add-ons",
    table(
      ["key", "settings"],
      addons.map(([key, page]) => [`\`${key}\``, `[${page}](${page})`]),
    ),
    ...others.flatMap((key) => [
      `## \`${key}\``,
      settingsTable(rowsOfKey(properties[key] ?? {}, key.replace(/^openchoreo:/, ""))),
    ]),
    "## `openchoreo:tenants`: a tenant",
    "Inline by name, or `{ from: <folder> }` with one file a tenant.",
    settingsTable(isObject(tenant) ? rowsOf(tenant as Schema, "") : []),
  ].join("\n\n");
}

/** The schema of a key of the settings, by the keys that lead to it. */
function schemaAt(schemas: Readonly<Record<string, string>>, keys: readonly string[]): Schema | undefined {
  const file: unknown = JSON.parse(schemas["settings.schema.json"] ?? "{}");
  const path = keys.flatMap((key) => ["properties", key]);
  const found = path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), file);
  return isObject(found) ? (found as Schema) : undefined;
}

/** Rows of settings as a table. */
export function settingsTable(rows: readonly SettingRow[]): string {
  return table(
    ["key", "value", "default", "what it says"],
    rows.map(({ key, type, byDefault, description }) => [`\`${key}\``, type, byDefault, description]),
  );
}

/** A Markdown table, its columns aligned as people would. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [first = [], ...others] = cells;
  return [line(first), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...others.map(line)].join("\n");
}

function rowsOf(schema: Schema, prefix: string): SettingRow[] {
  const { properties = {} } = schema;
  const own = Object.entries(properties).flatMap(([key, value]) => rowsOfKey(value, `${prefix}${key}`));
  const alternatives = schema.oneOf ?? schema.anyOf ?? [];
  const seen = new Set(own.map(({ key }) => key));
  const others = alternatives.flatMap((one) => rowsOf(one, prefix)).filter(({ key }) => !seen.has(key));
  return merged([...own, ...others]);
}

function rowsOfKey(schema: Schema, key: string): SettingRow[] {
  const inner = [...rowsOf(schema, `${key}.`), ...rowsOfEntries(schema, key)];
  const { description = "" } = schema;
  const byDefault = schema.default === undefined ? "" : `\`${flow(schema.default)}\``;
  // An object that says nothing itself is seen by its keys.
  if (inner.length > 0 && description === "" && byDefault === "") return inner;
  return [{ key, type: typeOf(schema), byDefault, description }, ...inner];
}

function rowsOfEntries({ additionalProperties, items }: Schema, key: string): SettingRow[] {
  if (isObject(additionalProperties)) return rowsOf(additionalProperties, `${key}.<name>.`);
  return items === undefined ? [] : rowsOf(items, `${key}[].`);
}

/** One key of several alternatives is one row: what differs between them is its value. */
function merged(rows: readonly SettingRow[]): SettingRow[] {
  const byKey = new Map<string, SettingRow>();
  for (const row of rows) {
    const other = byKey.get(row.key);
    const types = [...new Set([...(other?.type.split(" or ") ?? []), row.type])].join(" or ");
    byKey.set(row.key, other === undefined ? row : { ...other, type: types });
  }
  return [...byKey.values()];
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(" or ");
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(" or ");
  const type = [schema.type ?? "anything"].flat().join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.minimum !== undefined && schema.maximum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  return WORDS[type] ?? type;
}

const WORDS: Readonly<Record<string, string>> = { string: "text", boolean: "true or false", integer: "whole number" };

/** A value as YAML has it on one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

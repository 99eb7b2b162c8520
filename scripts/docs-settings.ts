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
  const file: unknown = JSON.parse(schemas["settings.schema.json"] ?? "{}");
  const path = ["properties", "config", "properties", "openchoreo:platform", "properties", addon];
  const found = path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), file);
  return isObject(found) ? rowsOf(found as Schema, "") : [];
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

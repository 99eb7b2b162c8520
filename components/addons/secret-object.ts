import * as pulumi from "@pulumi/pulumi";

/**
 * A secret of the stack that holds texts by name. Pulumi's own `requireSecretObject` says in its error what it could not
 * read, which would be the secret; this one says what is missing.
 * @param key Key of the secret: `pulumi config set --secret <key> '{"<field>": "…"}'`.
 */
export function secretObject<Field extends string>(
  key: string,
  fields: readonly Field[],
): pulumi.Output<Readonly<Record<Field, string>>> {
  return new pulumi.Config().requireSecret(key).apply((text) => {
    const value = parsed(text);
    if (holds(value, fields)) return value;
    const missing = fields.filter((field) => !holds(value, [field]));
    const example = `{${fields.map((field) => `"${field}": "…"`).join(", ")}}`;
    throw new pulumi.RunError(
      `the secret "${key}" is no JSON object with ${missing.map((field) => `"${field}"`).join(" and ")}; ` +
        `set it: pulumi config set --secret ${key} '${example}'`,
    );
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function holds<Field extends string>(value: unknown, fields: readonly Field[]): value is Record<Field, string> {
  if (typeof value !== "object" || value === null) return false;
  return fields.every((field) => typeof Reflect.get(value, field) === "string");
}

import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, listAt, objectAt, textAt } from "../../../plan/program/json";
import { base64Spellings, type Needle, spellings } from "../../support/needles";

/** Every file below a folder; links are none. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The ways in which a secret may stand in a file, and the number of a key. */
export function everySpelling(of: string, value: string): Needle[] {
  return [...spellings(of, value), ...keySpellings(value).map((text) => ({ of, text }))];
}

/** The secret number of a private key; lines of its PEM will not do, as they hold the public key too. */
function keySpellings(pem: string): string[] {
  if (!pem.includes("PRIVATE KEY")) return [];
  const number = Buffer.from(createPrivateKey(pem).export({ format: "jwk" }).d ?? "", "base64url");
  assert.ok(number.length >= 32);
  return [number.toString("hex"), number.toString("base64url"), ...base64Spellings(number)];
}

/** What of a resource's outputs is a key or a password, by the beginning of its type. */
const MADE: readonly (readonly [string, readonly string[]])[] = [
  ["tls:index/privateKey:", ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"]],
  ["random:", ["result", "bcryptHash", "base64", "hex"]],
];

/** Keys and passwords that a program made, from an export with `--show-secrets`. */
export function madeSecrets(exported: string): Needle[] {
  // What the CLI warns of may stand before and after it.
  const json = exported.slice(exported.indexOf("{"), exported.lastIndexOf("}") + 1);
  const resources = listAt(objectAt(JSON.parse(json), "deployment"), "resources").filter(isObject);
  return resources.flatMap((one) => {
    const type = textAt(one, "type") ?? "";
    const names = MADE.filter(([prefix]) => type.startsWith(prefix)).flatMap(([, own]) => own);
    const outputs = objectAt(one, "outputs");
    return names.flatMap((name) => {
      const value = shown(outputs[name]);
      return value === undefined || value === "" ? [] : everySpelling(`${textAt(one, "urn")} ${name}`, value);
    });
  });
}

/** A secret as such an export has it: JSON below `plaintext`. */
function shown(value: unknown): string | undefined {
  const text = textAt(value as Json, "plaintext");
  const parsed: unknown = text === undefined ? undefined : JSON.parse(text);
  return typeof parsed === "string" ? parsed : undefined;
}

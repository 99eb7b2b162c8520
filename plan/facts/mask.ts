import { createHash } from "node:crypto";
import { secretIn } from "../program/graph";
import { isObject, type Json } from "../program/json";

/** What stands for a secret: a digest of its placeholder, so that a change of what it is made of is seen. */
export function secretMark(value: unknown): string {
  return `(secret ${createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex")
    .slice(0, 12)})`;
}

/** Inputs that providers take for secrets, whatever the program says. */
const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:core/v1:Secret": ["data", "stringData"],
  "pulumi:providers:kubernetes": ["kubeconfig"],
};

/** Fields that hold credentials wherever they stand, and are texts. */
const CREDENTIAL =
  /^(password|token|bearerToken|secretKey|secretAccessKey|accessKeySecret|privateKey(Pem)?|clientSecret|passphrase)$/i;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * Inputs of a resource as reports may show them: no secret, and nothing that looks like one.
 * @param wire Inputs as they travel to the engine.
 */
export function mask(type: string, wire: Json): Json {
  const whole = SECRET_KEYS[type] ?? [];
  const entries = Object.entries(wire).map(([key, value]) => {
    return [key, whole.includes(key) ? markEach(value) : masked(value, key)] as const;
  });
  return Object.fromEntries(entries);
}

/** Which keys there are may be shown; what they hold may not. */
function markEach(value: unknown): unknown {
  const secret = secretIn(value);
  const content = secret === undefined ? value : secret.value;
  if (!isObject(content)) return secretMark(content);
  return Object.fromEntries(Object.entries(content).map(([key, inner]) => [key, secretMark(inner)]));
}

function masked(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((inner) => masked(inner, key));
  if (typeof value === "string") {
    return PRIVATE_KEY.test(value) || (CREDENTIAL.test(key) && value !== "") ? secretMark(value) : value;
  }
  if (!isObject(value)) return value;
  const secret = secretIn(value);
  if (secret !== undefined) return secretMark(secret.value);
  return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, masked(each, inner)]));
}

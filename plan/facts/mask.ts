import { createHash } from "node:crypto";
import { argumentNamed, credentialIn, NAMED, VALUE_KEY } from "../../policy/lib/credentials";
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

/** Fields that hold credentials wherever they stand, beside those that the policies know by their names. */
const CREDENTIAL =
  /^(password|token|bearerToken|secretKey|secretAccessKey|accessKeySecret|privateKey(Pem)?|clientSecret|passphrase)$/i;

/** A text that is nothing but the name of a variable, or a switch: it is shown. */
const HARMLESS = /^$|^(true|false)$|^\$\w+$|^\$\{\w+\}$|^\$\(\w+\)$/;

/** Whether a text is a credential, by what it is called or by what it looks like. */
function isCredential(value: string, name: string): boolean {
  const named = CREDENTIAL.test(name) || NAMED.test(name) || VALUE_KEY.test(name);
  return (named && !HARMLESS.test(value)) || credentialIn(value) !== undefined || argumentNamed(value) !== undefined;
}

/**
 * Inputs of a resource as reports may show them: no secret, and nothing that looks like one.
 * @param wire Inputs as they travel to the engine.
 */
export function mask(type: string, wire: Json): Json {
  const whole = SECRET_KEYS[type] ?? [];
  const entries = Object.entries(wire).map(([key, value]) => {
    if (whole.includes(key)) return [key, markEach(value)] as const;
    return [key, isData(type, key) && isObject(value) ? maskedData(value) : masked(value, key)] as const;
  });
  return Object.fromEntries(entries);
}

function isData(type: string, key: string): boolean {
  return /^kubernetes:core\/v1:ConfigMap(Patch)?$/.test(type) && (key === "data" || key === "binaryData");
}

function maskedData(data: Json): unknown {
  const secret = secretIn(data);
  if (secret !== undefined) return secretMark(secret.value);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, masked(value, key)]));
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
  if (typeof value === "string") return isCredential(value, key) ? secretMark(value) : value;
  if (!isObject(value)) return value;
  const secret = secretIn(value);
  if (secret !== undefined) return secretMark(secret.value);
  return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, masked(each, nameOf(inner, value))]));
}

/** What a field is called, as far as that says whether it is a credential. */
function nameOf(key: string, holder: Json): string {
  // A variable of a container, and whatever else is a list of names and values.
  if (key === "value" && typeof holder.name === "string") return holder.name;
  // Kubernetes calls so what names a Secret; only among the data of a ConfigMap it is one.
  return key === "secret" ? "" : key;
}

import { isDeepStrictEqual } from "node:util";
import * as rpc from "@pulumi/pulumi/runtime/rpc";

/**
 * Properties as `provider.main` hands them over: plain JSON in which a secret is an envelope and a
 * value that is not known yet (only in a preview) is one well-known string.
 */
export type PropertyMap = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: unknown): boolean {
  return isRecord(value) && value[rpc.specialSigKey] === rpc.specialSecretSig;
}

/** Whether a part of the value is secret. */
export function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  return isSecret(value) || (isRecord(value) && Object.values(value).some(hasSecret));
}

/** Marks a value as secret, once. */
export function secret(value: unknown): unknown {
  if (value === undefined || isSecret(value)) return value;
  return { [rpc.specialSigKey]: rpc.specialSecretSig, value };
}

/** The value without secret envelopes, at any depth. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  if (isSecret(value)) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Whether a part of the value is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === rpc.unknownValue) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** Absent and null mean the same to a provider, and so do secret and plain values. */
export function isAbsent(value: unknown): boolean {
  return plain(value) === undefined || plain(value) === null;
}

export function isSame(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(plain(left) ?? null, plain(right) ?? null);
}

/** The type token at the end of a URN: `urn:pulumi:stack::project::parent$type::name`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

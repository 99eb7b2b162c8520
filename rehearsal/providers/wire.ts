import { isDeepStrictEqual } from "node:util";
import { containsUnknowns } from "@pulumi/pulumi/output";
import * as rpc from "@pulumi/pulumi/runtime/rpc";

/**
 * Properties as `provider.main` hands them over: plain JSON in which a secret is an envelope and a value that is not
 * known yet (only in a preview) is one well-known string.
 */
export type PropertyMap = Readonly<Record<string, unknown>>;

export function isSecret(value: unknown): value is PropertyMap {
  return typeof value === "object" && rpc.isRpcSecret(value);
}

/** As the SDK reads it: secret as a whole if a part of it is, and with a marker for what is not known. */
function read(value: unknown): unknown {
  return value === undefined ? undefined : rpc.deserializeProperty(value, true);
}

export const hasSecret = (value: unknown): boolean => isSecret(read(value));
export const hasUnknown = (value: unknown): boolean => containsUnknowns(read(value));

/** Marks a value as secret, once. */
export function secret(value: unknown): unknown {
  return value === undefined || isSecret(value) ? value : { [rpc.specialSigKey]: rpc.specialSecretSig, value };
}

/** The value without secret envelopes, at any depth. */
export function plain(value: unknown): unknown {
  const whole = read(value);
  return isSecret(whole) ? plain(whole.value) : whole;
}

/** Absent and null mean the same to a provider, and so do secret and plain values. */
export function isSame(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(plain(left) ?? null, plain(right) ?? null);
}

/** The properties that are there at all. */
export function given(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !isSame(value, null)));
}

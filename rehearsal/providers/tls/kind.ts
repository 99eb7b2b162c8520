import { z } from "zod";
import { type PropertyMap, secret } from "../wire";
import { PemConverter } from "./x509";

/** Inputs whose change needs no new resource. */
export const IN_PLACE: readonly string[] = ["earlyRenewalHours"];
/** Inputs that keep the value that they had when the program no longer gives one. */
export const STICKY: readonly string[] = ["maxPathLength"];

/** An input of a PEM, parsed; the problem says what is wrong with it, and never quotes it. */
export function pemOf<T>(what: string, parse: (pem: string) => T) {
  return z.string().transform((pem, context): T => {
    try {
      if (!PemConverter.isPem(pem)) throw new Error("is no PEM");
      return parse(pem);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: "custom", message: `failed to parse ${what}: ${reason}` });
      return z.NEVER;
    }
  });
}

/** Marks as secret what is, even if the program does not say so. */
export function withSecrets(properties: PropertyMap): PropertyMap {
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.map(([name, value]) => [name, isPrivate(name) ? secret(value) : value]));
}

export const isPrivate = (property: string): boolean => /privateKey/i.test(property);

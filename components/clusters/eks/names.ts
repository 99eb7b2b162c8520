import { createHash } from "node:crypto";

/**
 * A name in AWS that is made of `parts` and has at most `max` characters of A-Z, a-z, 0-9 and "-". It never changes with a
 * version or a size, and what is too long ends in a digest of the whole.
 */
export function physicalName(max: number, ...parts: readonly string[]): string {
  const whole = parts.join("-");
  const plain = whole.replace(/[^A-Za-z0-9-]+/g, "-");
  if (plain.length <= max) return plain;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  return `${plain.slice(0, max - digest.length - 1)}-${digest}`;
}

/** Limits of names in AWS. */
export const LIMITS = { role: 64, queue: 80, bucket: 63, rule: 64 } as const;

/** What the names of a cluster's repositories in ECR begin with; the only place that says it. */
export function repositoryPrefix({ physicalName: name }: { readonly physicalName: string }): string {
  return name.toLowerCase();
}

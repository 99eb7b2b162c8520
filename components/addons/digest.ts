import { createHash } from "node:crypto";

/** A short digest of a text: as an annotation of pods it starts them anew when the text changes. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Keeps something as it was before it is changed, for its owner alone.
 * @param name What the file is called, before the time.
 * @param end What it is called after that. Default: nothing.
 * @returns The file.
 */
export function keep(folder: string, content: string | Uint8Array, name: string, end = ""): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().replace(/[:.]/g, "-");
  const file = join(folder, `${name}-${time}${end}`);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

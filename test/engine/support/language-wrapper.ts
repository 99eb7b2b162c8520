import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the language host where the engine finds it by its name on PATH. */
export function writeLanguageHost(folder: string): void {
  const host = ["--require", require.resolve("tsx/cjs"), join(__dirname, "language-host.ts")];
  const text = `#!/bin/sh\nexec "${process.execPath}" ${host.map((word) => `"${word}"`).join(" ")} "$@"\n`;
  writeFileSync(join(folder, "pulumi-language-nodejs"), text, { mode: 0o755 });
}

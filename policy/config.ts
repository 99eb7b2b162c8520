import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackConfig } from "./evaluate";
import { isFields } from "./lib/values";

/** Folder of the pack in a project: what `--policy-pack` is given. */
export function packFolder(root: string): string {
  return join(root, "policy");
}

/** The pack's configuration for a stack, in the form of `--policy-pack-config`; absent where the stack has none. */
export function configFile(root: string, stack: string): string | undefined {
  const file = join(packFolder(root), "config", `${stack}.json`);
  return existsSync(file) ? file : undefined;
}

/**
 * What a stack's configuration of the pack says.
 * @throws Error where the file is no JSON object.
 */
export function readConfig(root: string, stack: string): PackConfig {
  const file = configFile(root, stack);
  if (file === undefined) return {};
  const config: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isFields(config)) throw new TypeError(`policy/config/${stack}.json: must be an object of rules`);
  return config;
}

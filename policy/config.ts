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

/** A configuration of the pack that cannot be read; the message says which and why. */
export class PackConfigError extends Error {}

/**
 * What a stack's configuration of the pack says.
 * @throws PackConfigError where the file is no JSON object.
 */
export function readConfig(root: string, stack: string): PackConfig {
  const file = configFile(root, stack);
  if (file === undefined) return {};
  const name = configName(stack);
  const config = parse(file, name);
  if (!isFields(config)) throw new PackConfigError(`${name}: must be an object of rules, as docs/policies.md shows it`);
  return config;
}

/** Name of the file in messages. */
export function configName(stack: string): string {
  return `policy/config/${stack}.json`;
}

function parse(file: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ");
    throw new PackConfigError(`${name}: is no JSON; mend it or remove the file (${why})`);
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { Json } from "./settings";

export { kubeconfigOf } from "../../plan/program/kubeconfig";

/** The project's root, where Pulumi.yaml is. */
export const ROOT = resolve(__dirname, "../..");

/** What a stack's file says below `config`. */
export function stackConfig(stack: string): Json {
  const file: unknown = parse(readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8"));
  return object(object(file).config);
}

/** `value` as an object, or an error that says what it is. */
export function object(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`${value} is no object`);
  return value as Json;
}

/** A folder that lives as long as the tests of a `describe`. */
export function temporaryFolder(): { readonly path: string; readonly write: (file: string, text: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), "openchoreo-"));
  after(() => rmSync(folder, { recursive: true }));
  return {
    path: folder,
    write: (file, text) => {
      writeFileSync(join(folder, file), text);
      return join(folder, file);
    },
  };
}

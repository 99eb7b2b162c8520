import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Refusal } from "../components/settings";

/**
 * Whether a report can be written there; asked before the plan is made, as that takes seconds.
 * @throws Refusal
 */
export function checkOutput(file: string): void {
  const path = resolve(file);
  const folder = dirname(path);
  if (kindOf(folder) !== "folder") {
    throw new Refusal(`--out ${file}: there is no folder ${folder}; make it first: mkdir -p ${folder}`);
  }
  const found = kindOf(path);
  if (found === "folder") throw new Refusal(`--out ${file}: is a folder; name a file in it, such as ${file}/plan.md`);
  try {
    accessSync(found === undefined ? folder : path, constants.W_OK);
  } catch {
    throw new Refusal(`--out ${file}: may not be written by you; name another file`);
  }
}

function kindOf(path: string): "folder" | "file" | undefined {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return undefined;
  }
}

/** @throws Refusal where it cannot be written after all, as where the disk is full. */
export function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Refusal(`--out ${file}: ${error instanceof Error ? error.message : String(error)}; name another file`);
  }
}

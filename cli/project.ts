import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UsageError } from "./args";

/** The name of the project in a folder. @throws UsageError where there is none */
export function projectName(folder: string): string {
  const { name } = read(folder);
  if (typeof name !== "string") throw new UsageError(`${join(folder, "Pulumi.yaml")} has no name`);
  return name;
}

function read(folder: string): { readonly name?: unknown } {
  try {
    return parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
  } catch {
    throw new UsageError(`there is no Pulumi.yaml in ${folder}; run this in the project's folder`);
  }
}

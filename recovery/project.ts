import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UsageError } from "../cli/args";

/** The name of the project in a folder. @throws UsageError where there is none */
export function projectName(folder: string): string {
  try {
    const { name }: { name?: unknown } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
    return String(name);
  } catch {
    throw new UsageError(`there is no Pulumi.yaml in ${folder}; run this in the project's folder`);
  }
}

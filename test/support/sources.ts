import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./stack";

/** Every file of the program below `components/`, by its path in the project. */
export function componentFiles(): string[] {
  const found = readdirSync(join(ROOT, "components"), { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name).slice(ROOT.length + 1));
}

/** What a file of the project says. */
export function sourceOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** The keys by which the program reads a constant, such as `PINS`. */
export function keysRead(constant: string): Set<string> {
  const read = new RegExp(`\\b${constant}(?:\\.(\\w+)|\\["([^"]+)"\\])`, "g");
  const sources = componentFiles().filter((file) => file.endsWith(".ts"));
  return new Set(
    sources.flatMap((file) => [...sourceOf(file).matchAll(read)].flatMap(([, plain, quoted]) => plain ?? quoted ?? [])),
  );
}

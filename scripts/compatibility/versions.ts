import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { KeptContract } from "./contract";
import { type KeptState, readKept } from "./kept";

/** The project's root. */
export const ROOT = resolve(__dirname, "../..");

/** Where kept states are: a folder for each version, with the settings that they were made from. */
export const FOLDER = join(ROOT, "test/compatibility");

/** Three numbers, as releases have them. */
const VERSION = /^\d+\.\d+\.\d+$/;

/** Whether a text is a version of this program. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** The version that the program says it is. */
export function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };
  return version;
}

/** Which of two versions is the older: negative where it is the first. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split(".").map(Number));
  const differing = a?.findIndex((part, index) => part !== b?.[index]) ?? -1;
  return differing < 0 ? 0 : (a?.[differing] ?? 0) - (b?.[differing] ?? 0);
}

/** The versions whose states are kept, oldest first. */
export function keptVersions(): string[] {
  return readdirSync(FOLDER).filter(isVersion).sort(compareVersions);
}

/** The states of a version. */
export function keptStates(version: string): KeptState[] {
  const files = readdirSync(join(FOLDER, version)).filter(
    (file) => file.endsWith(".json") && ![ACCEPTED, CONTRACT].includes(file),
  );
  return files.sort().map((file) => readKept(readFileSync(join(FOLDER, version, file), "utf8")));
}

/** What a version says that its outputs are; nothing where its states were kept by a later one. */
export function keptContract(version: string): KeptContract | undefined {
  const file = join(FOLDER, version, CONTRACT);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as KeptContract) : undefined;
}

const CONTRACT = "contract.json";
const ACCEPTED = "accepted.json";

/**
 * What may be lost of a version's states all the same, with the reason, by `<stack> <id> <what>`. It has to stand in the
 * release's notes, and is never anything that is protected or retained.
 */
export function acceptedLosses(version: string): Readonly<Record<string, string>> {
  const file = join(FOLDER, version, ACCEPTED);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
}

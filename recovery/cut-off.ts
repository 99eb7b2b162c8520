import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { RecoveryError } from "./errors";
import { folderOf } from "./lock";
import { type Salvage, salvage } from "./salvage";

/** A state's file that cannot be read to its end, and what can be of it. */
export interface CutOff extends Salvage {
  readonly file: string;
  /** The file that it was read from: the state's own, or the copy that the engine keeps of the state before. */
  readonly from: string;
}

/**
 * Looks for a state that is cut off. The engine writes a file anew at every step, and where the disk is full the part that
 * was written takes the place of the whole one; the same happens to its copy.
 * Source: gocloud.dev, blob.Bucket.WriteAll, which publishes what it wrote before the error.
 * @param url Of the backend; states of other stores than a folder are not looked at.
 * @throws RecoveryError where nothing of it can be read.
 */
export function findCutOff(url: string, project: string, stack: string): CutOff | undefined {
  if (!url.startsWith("file://")) return undefined;
  const root = join(folderOf(url), ".pulumi", "stacks");
  const file = [join(root, project, `${stack}.json`), join(root, `${stack}.json`)].find(existsSync);
  if (file === undefined || isWhole(readFileSync(file, "utf8"))) return undefined;
  const found = [file, `${file}.bak`].filter(existsSync).flatMap((from) => {
    const text = readFileSync(from, "utf8");
    const own = isWhole(text) ? { text, resources: count(text) } : salvage(text);
    return own === undefined ? [] : [{ file, from, ...own }];
  });
  const [best] = found.sort((a, b) => b.resources - a.resources);
  if (best !== undefined) return best;
  throw new RecoveryError(
    `${file} cannot be read, nor can the copy of the state before it: put an older state in its place (pulumi stack import --file <state>), such as one of ${join(folderOf(url), ".pulumi", "backups", project, stack)}`,
  );
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function count(text: string): number {
  const { checkpoint } = JSON.parse(text) as {
    checkpoint?: { latest?: { resources?: readonly unknown[] | null } | null };
  };
  return checkpoint?.latest?.resources?.length ?? 0;
}

/** What is wrong, and what will be done about it. */
export function cutOffText({ file, from, resources }: CutOff): string[] {
  return [
    `${file} is cut off, as by a full disk.`,
    "To do:",
    `  write it anew with the ${resources} resources that can be read of ${basename(from)} (what was made after them is taken over by the next up)`,
  ];
}

/**
 * Puts what can be read in the place of the file.
 * @param backups Folder that the file as it was is kept in.
 */
export function mend({ file, text }: CutOff, backups: string): string {
  mkdirSync(backups, { recursive: true, mode: 0o700 });
  const kept = join(backups, `${basename(file)}-${new Date().toISOString().replace(/[:.]/g, "-")}`);
  writeFileSync(kept, readFileSync(file), { mode: 0o600 });
  const part = `${file}.part`;
  writeFileSync(part, text, { mode: 0o600 });
  renameSync(part, file);
  return kept;
}

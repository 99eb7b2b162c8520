import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { keep } from "./backup";
import { RecoveryError } from "./errors";
import { folderOf, lockFolders } from "./lock";
import { type Salvage, salvage } from "./salvage";

/** What keeps the engine from reading a state of a folder. */
export interface Damage {
  readonly cut?: CutOff;
  /** Files beside those of the state and its locks that should say what they are, and are not whole. */
  readonly attributes: readonly string[];
}

/** A state's file that cannot be read to its end, and what can be of it. */
export interface CutOff extends Salvage {
  readonly file: string;
  /** The file that it was read from: the state's own, or the copy that the engine keeps of the state before. */
  readonly from: string;
}

/**
 * Looks for files that the engine cannot read, although it wrote them.
 * @param url Of the backend; states of other stores than a folder are not looked at.
 * @throws RecoveryError where nothing of the state can be read.
 */
export function findDamage(url: string, project: string, stack: string): Damage | undefined {
  const cut = findCutOff(url, project, stack);
  const attributes = brokenAttributes(url, project, stack);
  return cut === undefined && attributes.length === 0 ? undefined : { ...(cut && { cut }), attributes };
}

/**
 * Each file of a folder of states has another one beside it, which is not replaced as a whole but written over: killed
 * there, the engine leaves it empty, and reads the state no more.
 * Source: gocloud.dev, blob/fileblob/attrs.go, `setAttrs`.
 */
function brokenAttributes(url: string, project: string, stack: string): string[] {
  if (!url.startsWith("file://")) return [];
  const root = join(folderOf(url), ".pulumi");
  const own = [join("stacks", project), "stacks"].flatMap((folder) =>
    ["json", "json.bak"].map((end) => join(root, folder, `${stack}.${end}.attrs`)),
  );
  const locks = lockFolders(url, project, stack)
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => file.endsWith(".attrs"));
  return [...own, ...locks].filter((file) => existsSync(file) && !isWhole(readFileSync(file, "utf8")));
}

/**
 * Looks for a state that is cut off. The engine writes a file anew at every step, and where the disk is full the part that
 * was written takes the place of the whole one; the same happens to its copy.
 * Source: gocloud.dev, blob.Bucket.WriteAll, which publishes what it wrote before the error.
 */
function findCutOff(url: string, project: string, stack: string): CutOff | undefined {
  if (!url.startsWith("file://")) return undefined;
  const root = join(folderOf(url), ".pulumi", "stacks");
  const file = [join(root, project, `${stack}.json`), join(root, `${stack}.json`)].find(existsSync);
  if (file === undefined || isWhole(readFileSync(file, "utf8"))) return undefined;
  const found = [file, `${file}.bak`].filter(existsSync).flatMap((from) => {
    const text = readFileSync(from, "utf8");
    const own = wholeIn(text) ?? salvage(text);
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

/** A checkpoint that nothing is missing of. */
function wholeIn(text: string): Salvage | undefined {
  if (!isWhole(text)) return undefined;
  const { checkpoint } = JSON.parse(text) as {
    checkpoint?: { latest?: { resources?: readonly unknown[] | null } | null };
  };
  return { text, resources: checkpoint?.latest?.resources?.length ?? 0 };
}

/** What is wrong, and what will be done about it. */
export function damageText({ cut, attributes }: Damage): string[] {
  const todo = attributes.map(
    (file) => `  remove ${file} (nothing is lost: it only says what kind of file it is beside)`,
  );
  if (cut === undefined) return ["The engine was interrupted while it wrote the state.", "To do:", ...todo];
  const { file, from, resources } = cut;
  const why = "what was made after them is taken over by the next up";
  return [
    `${file} is cut off, as by a full disk.`,
    "To do:",
    ...todo,
    `  write it anew with the ${resources} resources that can be read of ${basename(from)} (${why})`,
  ];
}

/**
 * Makes the state one that the engine can read.
 * @param backups Folder that a state's file as it was is kept in.
 * @returns Where it is kept.
 */
export function mend({ cut, attributes }: Damage, backups: string): string | undefined {
  for (const file of attributes) rmSync(file);
  if (cut === undefined) return undefined;
  const { file, text } = cut;
  const kept = keep(backups, readFileSync(file), basename(file));
  const part = `${file}.part`;
  writeFileSync(part, text, { mode: 0o600 });
  renameSync(part, file);
  return kept;
}

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as automation from "@pulumi/pulumi/automation";
import { pulumi } from "../cli";
import { openStack } from "../stacks";
import { type StackState, StateError } from "./state";

/** A stack's state in its backend. */
export interface StateFile {
  readonly stack: string;
  /** The state, with secrets in plain text: it never goes to a disk that others read. */
  readonly read: () => Promise<StackState>;
  readonly write: (state: StackState) => Promise<void>;
  /** Writes the state to a file as the backend has it, secrets encrypted. */
  readonly backUp: (file: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Where a stack of the project is. */
export interface StateFileArgs {
  readonly stack: string;
  readonly project: string;
  readonly secretsProvider?: string;
}

/** Opens a stack's state; makes the stack where it is not there. */
export async function openState(args: StateFileArgs): Promise<StateFile> {
  const stack = await openStack(args, async () => ({}));
  const { workspace, name } = stack;
  const import_ = (file: string) => pulumi(workspace, "stack", "import", "--file", file, "--stack", name);
  return {
    stack: args.stack,
    read: async () => stateOf(await workspace.exportStack(name)),
    write: (state) => throughFile(state, import_),
    backUp: async (file) => {
      await pulumi(workspace, "stack", "export", "--file", file, "--stack", name);
      chmodSync(file, 0o600);
    },
    remove: () => workspace.removeStack(name, { force: true }),
  };
}

/** Version 4 is version 3 with a list of what single resources make use of, such as a refresh before each update. */
const VERSIONS = [3, 4];

/** @throws StateError where it is of a version whose resources may look different. */
export function stateOf(exported: automation.Deployment & Pick<StackState, "features">): StackState {
  const { version, features, deployment } = exported;
  if (!VERSIONS.includes(version) || typeof deployment !== "object" || deployment === null) {
    throw new StateError(`a state of version ${version}, and this program reads versions ${VERSIONS.join(" and ")}`);
  }
  return { version, ...(features !== undefined && { features }), deployment };
}

/** Hands a state with secrets in plain text to the CLI by a file that nobody else can read, for as long as that takes. */
async function throughFile(state: StackState, use: (file: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tenancy-"));
  try {
    chmodSync(folder, 0o700);
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
    await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a folder for the backups of one move; nobody else reads it. */
export function backupFolder(folder: string, now = new Date()): string {
  const path = join(folder, "backups", now.toISOString().replaceAll(/[:.]/g, "-"));
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

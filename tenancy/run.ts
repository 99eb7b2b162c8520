import { availableParallelism } from "node:os";
import { join } from "node:path";
import { projectName } from "../cli/project";
import type { Operation } from "./args";
import { type Base, type BaseArgs, readBase, shardsOf, writeShardFile } from "./base";
import { findPulumi } from "./engine";
import { type PoolArgs, type PoolListener, runPool } from "./pool";
import { organization } from "./stacks";
import type { Summary } from "./summary";
import type { Task } from "./task";

/** Where things are. */
export interface Place {
  /** Folder of Pulumi.yaml and of the stacks' files. Default: {@link root}. */
  readonly project?: string;
  /** What relative paths in settings start from. */
  readonly root: string;
  /** Says one line to the user. */
  readonly say: (line: string) => void;
}

/** What is done to all shards, and how. */
export interface RunArgs extends Place {
  readonly base: Base;
  readonly operation: Operation;
  /** Default: one a processor. */
  readonly parallel?: number;
  readonly continueOnError: boolean;
  readonly start?: PoolArgs["start"];
  readonly signal?: AbortSignal;
}

/**
 * Reads the stack whose tenants are in shards.
 * @throws Refusal where its settings are wrong, or there is no Pulumi.
 */
export async function openBase(
  place: Omit<Place, "say">,
  call: Pick<BaseArgs, "name" | "shards" | "reshard">,
): Promise<Base> {
  const folder = place.project ?? place.root;
  // Settings first: what is wrong with them is said without an engine.
  const base = readBase({ folder, root: place.root, ...call, qualify: (stack) => stack });
  findPulumi(place.root);
  // The platform's stack of another name is a qualified one, as settings name it.
  if (base.platformStack !== base.name) return base;
  return { ...base, platformStack: [await organization(folder), projectName(folder), base.name].join("/") };
}

/** Folder that the driver keeps logs and backups of a base's shards in. */
export function workFolder({ project, root }: Pick<Place, "project" | "root">, { name }: Pick<Base, "name">): string {
  return join(project ?? root, ".tenancy", name);
}

/** Runs an operation on every shard, those with the most tenants first: they take the longest. */
export async function runShards(args: RunArgs): Promise<Summary> {
  const { base, operation, continueOnError, root, project = root, start, signal } = args;
  const shards = shardsOf(base);
  for (const shard of shards) writeShardFile(project, base, shard);
  const tasks = [...shards]
    .sort((a, b) => b.tenants.length - a.tenants.length)
    .map(({ stack }) => taskOf(stack, operation, args));
  const parallel = args.parallel ?? availableParallelism();
  const started = Date.now();
  args.say(`${operation} of ${shards.length} shards of ${base.name}, ${Math.min(parallel, shards.length)} at once`);
  const listener = listenerOf(args.say, shards.length);
  const ran = await runPool(tasks, { parallel, continueOnError, listener, start, signal });
  return { ...ran, operation, shards, seconds: (Date.now() - started) / 1000 };
}

/** One operation on one of a base's stacks. */
export function taskOf(
  stack: string,
  operation: Operation,
  { base, root, project = root }: Omit<RunArgs, "continueOnError" | "operation" | "say">,
): Task {
  const log = join(workFolder({ project, root }, base), "log", `${operation}-${stack}.log`);
  const { secretsProvider } = base;
  return { stack, operation, project, root, log, ...(secretsProvider === undefined ? {} : { secretsProvider }) };
}

function listenerOf(say: Place["say"], count: number): PoolListener {
  let done = 0;
  return {
    started: ({ stack, operation }) => say(`${stack}: ${operation} …`),
    progress: ({ stack }, resources) => {
      if (resources > 0) say(`  ${stack}: ${resources} resources so far`);
    },
    ended: ({ stack, log }, { errors, created, updated, deleted, same, seconds }) => {
      done += 1;
      const changes = `${created} created, ${updated} updated, ${deleted} deleted, ${same} the same`;
      const how =
        errors.length > 0 ? `failed after ${seconds.toFixed(1)} s (see ${log})` : `${changes}, ${seconds.toFixed(1)} s`;
      say(`${stack}: ${how} [${done} of ${count}]`);
    },
  };
}

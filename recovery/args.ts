import { readArgs, UsageError } from "../cli/args";

/** What `npm run recover` was asked for. */
export interface RecoverCall {
  readonly stack: string;
  readonly yes: boolean;
  readonly forceUnlock: boolean;
  /** By name of a resource: its id, or `null` where nothing of it exists. */
  readonly fate: ReadonlyMap<string, string | null>;
  readonly waitMs: number;
}

export const USAGE = `Usage: npm run recover -- <stack> [options]

Brings a stack to where \`pulumi up\` goes on after an operation was interrupted: shows what was interrupted and what it
will do, asks, and does it. It removes nothing that may hold data.

  --yes                 do not ask
  --force-unlock        release the lock also where its process may be at work
  --adopt <name>=<id>   an interrupted creation that exists: take it into the state; may be repeated
  --forget <name>       an interrupted operation of which nothing exists; may be repeated
  --wait <seconds>      how long a provider that was left behind is waited for (default 60)
  --help                this text

Exit codes: 0 recovered, or nothing to do; 1 failed; 2 the call is wrong; 3 planned, and not told to do it;
4 locked by somebody who may be at work; 5 something is for you to decide; 130 interrupted.`;

const OPTIONS = {
  yes: { type: "boolean" },
  "force-unlock": { type: "boolean" },
  adopt: { type: "string", multiple: true },
  forget: { type: "string", multiple: true },
  wait: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** @throws UsageError */
export function parseRecoverArgs(argv: readonly string[]): RecoverCall | "help" {
  const { values, positionals } = readArgs(argv, OPTIONS);
  if (values.help === true) return "help";
  const [stack, ...others] = positionals;
  if (stack === undefined) throw new UsageError("name the stack");
  if (others.length > 0) throw new UsageError(`one stack at a time, not ${positionals.join(" and ")}`);
  const wait = Number(values.wait ?? 60);
  if (!Number.isFinite(wait) || wait < 0) throw new UsageError(`--wait ${values.wait}: write a number of seconds`);
  const adopted = (values.adopt ?? []).map((text): [string, string] => {
    const equals = text.indexOf("=");
    if (equals < 1 || equals === text.length - 1) throw new UsageError(`--adopt ${text}: write <name>=<id>`);
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
  const forgotten = (values.forget ?? []).map((name): [string, null] => [name, null]);
  const fate = new Map<string, string | null>([...adopted, ...forgotten]);
  if (fate.size < adopted.length + forgotten.length) throw new UsageError("a name is given twice");
  return { stack, yes: values.yes ?? false, forceUnlock: values["force-unlock"] ?? false, fate, waitMs: wait * 1000 };
}

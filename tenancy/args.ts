import { parseArgs } from "node:util";

/** What is done to every shard. */
export const OPERATIONS = ["up", "preview", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];

interface Common {
  /** The stack whose tenants are in shards. */
  readonly stack: string;
  /** How many there are, or are to be; absent where settings say it. */
  readonly shards?: number;
}

/** What `npm run tenants` was asked for. */
export type TenancyArgs =
  | (Common & {
      readonly command: Operation;
      /** How many run at once. Default: one a processor. */
      readonly parallel?: number;
      readonly continueOnError: boolean;
      readonly yes: boolean;
    })
  | (Common & { readonly command: "list" })
  | (Common & { readonly command: "move"; readonly tenant: string; readonly from: number; readonly to: number })
  | (Common & { readonly command: "reshard"; readonly shards: number });

/** A call that cannot be understood; the caller prints the message and the usage. */
export class UsageError extends Error {}

export const USAGE = `Usage: npm run tenants -- <command> --stack <stack> [options]

Works on the stacks that share the tenants of a stack: <stack>-tenants-0, <stack>-tenants-1, … (docs/tenancy.md).

  up, preview, destroy     runs all of them in parallel, with one line as each of them ends, and sums up
  list                     says which tenant is where, and whether the states agree
  move <tenant> --from <i> --to <j>
                           moves a tenant's resources to another shard's state; nothing in a cluster changes
  reshard --shards <n>     changes the number of shards, and moves the tenants that this moves

  --shards <n>             number of shards, where the stack's settings do not say it
  --parallel <n>           how many run at once. Default: one a processor
  --continue-on-error      go on with the others when one fails. Default: those that run end, and no other one starts
  --yes                    do it without asking
  --help                   this text`;

/** @throws UsageError */
export function parseTenancyArgs(argv: readonly string[]): TenancyArgs | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const [command, ...rest] = positionals;
  if (values.stack === undefined) throw new UsageError("say whose tenants: --stack <stack>");
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,80}$/.test(values.stack))
    throw new UsageError(`"${values.stack}" is no stack name`);
  const shards = whole("shards", values.shards, 1);
  const common = { stack: values.stack, ...(shards === undefined ? {} : { shards }) };
  if (command !== "move" && rest.length > 0) throw new UsageError(`one command at a time, not also ${rest.join(" ")}`);
  switch (command) {
    case "up":
    case "preview":
    case "destroy": {
      const parallel = whole("parallel", values.parallel, 1);
      const { "continue-on-error": continueOnError = false, yes = false } = values;
      return { ...common, command, continueOnError, yes, ...(parallel === undefined ? {} : { parallel }) };
    }
    case "list":
      return { ...common, command };
    case "move":
      return { ...common, command, ...movement(rest, values) };
    case "reshard":
      if (shards === undefined) throw new UsageError("say how many there are to be: --shards <n>");
      return { ...common, command, shards };
    default:
      throw new UsageError(command === undefined ? "say what to do" : `"${command}" is no command`);
  }
}

function movement(rest: readonly string[], values: { readonly from?: string; readonly to?: string }) {
  const [tenant, ...more] = rest;
  if (tenant === undefined || more.length > 0) throw new UsageError("one tenant at a time: move <tenant>");
  const [from, to] = [whole("from", values.from, 0), whole("to", values.to, 0)];
  if (from === undefined || to === undefined)
    throw new UsageError("say where it is and where it goes: --from <i> --to <j>");
  if (from === to) throw new UsageError(`it is in shard ${from} already`);
  return { tenant, from, to };
}

function whole(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,4}$/.test(text) || Number(text) < least) {
    throw new UsageError(`--${name} ${text}: not a whole number from ${least}`);
  }
  return Number(text);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        stack: { type: "string", short: "s" },
        shards: { type: "string" },
        parallel: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        "continue-on-error": { type: "boolean" },
        yes: { type: "boolean", short: "y" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

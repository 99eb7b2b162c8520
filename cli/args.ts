import { type ParseArgsConfig, parseArgs } from "node:util";

/** A call that cannot be understood; the caller prints the message and the usage. */
export class UsageError extends Error {}

/** Options of a command, as `node:util` has them. */
type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads the options and the other words of a call.
 * @throws UsageError where an option is not known, or stands without its value.
 */
export function readArgs<const T extends Options>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The one stack that a call names.
 * @throws UsageError where there are several, or one that cannot be a stack's name.
 */
export function stackIn(positionals: readonly string[], byDefault: string): string {
  if (positionals.length > 1) throw new UsageError(`one stack at a time, not ${positionals.join(" and ")}`);
  const stack = positionals[0] ?? byDefault;
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(stack)) throw new UsageError(`"${stack}" is no stack name`);
  return stack;
}

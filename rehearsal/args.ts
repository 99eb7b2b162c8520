import { parse } from "yaml";
import { readArgs, stackIn, UsageError } from "../cli/args";

/** What `npm run rehearse` was asked for. */
export interface RehearseArgs {
  readonly stack: string;
  /** `stand-in`, `upstream`, or a directory of packaged charts. */
  readonly charts: string;
  /** Up, a second preview without change, destroy, and nothing left. */
  readonly once: boolean;
  /** Keep the clusters whatever happens. */
  readonly keep: boolean;
  /** Only take down what an earlier rehearsal left running. */
  readonly destroy: boolean;
  /** Settings to change for this rehearsal: path below the config namespace, and value. */
  readonly set: readonly Override[];
}

/** One `--set`. */
export interface Override {
  /** Such as `["platform", "cilium", "hubble", "ui"]`. */
  readonly path: readonly string[];
  /** Parsed as YAML; `null` removes the key. */
  readonly value: unknown;
}

export const USAGE = `Usage: npm run rehearse [-- <stack>] [options]

Rehearses a stack on local Kubernetes API servers, with the real Pulumi engine and Helm. Default stack: dev.

  --charts stand-in     small generated charts (default)
  --charts upstream     the real charts, from where they are published
  --charts <directory>  the real charts, packaged as <chart>-<version>.tgz
  --once                up, a second preview that must show no change, destroy, nothing left; removes the clusters
  --keep                keep the clusters, also after a failure, an interruption or --once
  --set <key>=<value>   change a setting, such as --set platform.cilium.hubble.ui=false; may be repeated
  --destroy             take down what an earlier rehearsal of the stack left running
  --help                this text`;

const OPTIONS = {
  charts: { type: "string" },
  once: { type: "boolean" },
  keep: { type: "boolean" },
  destroy: { type: "boolean" },
  set: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

/** @throws UsageError */
export function parseRehearseArgs(argv: readonly string[]): RehearseArgs | "help" {
  const { values, positionals } = readArgs(argv, OPTIONS);
  if (values.help) return "help";
  const stack = stackIn(positionals, "dev");
  if (values.destroy && values.once) throw new UsageError("--destroy does not go with --once");
  return {
    stack,
    charts: values.charts ?? "stand-in",
    once: values.once ?? false,
    keep: values.keep ?? false,
    destroy: values.destroy ?? false,
    set: (values.set ?? []).map(parseOverride),
  };
}

/** `platform.a.b=value`; a path that names neither `platform` nor `tenants` is one below `platform`. */
export function parseOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`--set ${text}: write <key>=<value>`);
  const keys = text
    .slice(0, equals)
    .replace(/^openchoreo:/, "")
    .split(".");
  if (keys.some((key) => key === "")) throw new UsageError(`--set ${text}: an empty part in the key`);
  const path = keys[0] === "platform" || keys[0] === "tenants" ? keys : ["platform", ...keys];
  try {
    return { path, value: parse(text.slice(equals + 1)) };
  } catch (error) {
    throw new UsageError(`--set ${text}: the value is no YAML: ${error instanceof Error ? error.message : error}`);
  }
}

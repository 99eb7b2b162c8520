import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** Where, as a dotted path from the config namespace, for example `platform.clusters.us-east.network.meshId`. */
  readonly path: string;
  /** What is wrong and what to do about it, as one sentence or two. */
  readonly message: string;
}

/**
 * Everything that is wrong with a stack's settings, in one error.
 * It is a `RunError`, so Pulumi prints the message without a stack trace.
 */
export class SettingsError extends pulumi.RunError {
  constructor(
    readonly problems: readonly Problem[],
    readonly source = "settings",
  ) {
    super(formatProblems(problems, source));
    this.name = "SettingsError";
  }
}

/** Renders problems as one line each under a heading that counts them. */
export function formatProblems(problems: readonly Problem[], source = "settings"): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${count} in the ${source}; nothing was created:`, ...problems.map((p) => `  ${p.path}: ${p.message}`)].join(
    "\n",
  );
}

/** Throws one `SettingsError` with all the problems, or returns when there is none. */
export function refuse(problems: readonly Problem[], source?: string): void {
  if (problems.length > 0) throw new SettingsError(problems, source);
}

/** Joins path segments the way problems print them; list positions become `[2]`. */
export function pathOf(...segments: readonly PropertyKey[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === "number") return `${path}[${segment}]`;
    return path === "" ? String(segment) : `${path}.${String(segment)}`;
  }, "");
}

/** Turns zod's issues into problems below `root`; unknown keys become one problem each, at the key itself. */
export function problemsOf(error: z.ZodError, root: readonly PropertyKey[]): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, root));
}

function issueProblems(issue: z.core.$ZodIssue, root: readonly PropertyKey[]): Problem[] {
  const path = [...root, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: pathOf(...path, key),
        message: "unknown key; remove it, or check its spelling in docs/settings.schema.json",
      }));
    case "invalid_key":
      return issue.issues.map((inner) => ({ path: pathOf(...path), message: inner.message }));
    case "invalid_union":
      return unionProblems(issue, path);
    case "invalid_type":
      return [{ path: pathOf(...path), message: missing(issue) ? `required: ${issue.message}` : issue.message }];
    default:
      return [{ path: pathOf(...path), message: issue.message }];
  }
}

function missing(issue: z.core.$ZodIssueInvalidType): boolean {
  return issue.input === undefined && /received undefined/.test(issue.message);
}

/** Of a union, the branch that came furthest is the one that the writer meant. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): Problem[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((inner) => inner.path.length));
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const deepest = branches.sort((a, b) => depth(b) - depth(a))[0];
  if (deepest === undefined || depth(deepest) === 0) return [{ path: pathOf(...path), message: issue.message }];
  return deepest.flatMap((inner) => issueProblems(inner, path));
}

import { isDeepStrictEqual } from "node:util";
import { MODELS } from "../../rehearsal/providers/aws/types";
import { worthOf } from "./held";
import { type KeptResource, type KeptState, LATE, SECRET } from "./kept";
import { matched } from "./match";
import type { Registering } from "./program";

/** Something that a later program would do to a kept state, and that may not be. */
export interface Finding {
  /** `kept`: what is protected or stays when the stack goes; `costly`: what else nobody wants to lose. */
  readonly worth: "kept" | "costly";
  readonly what: "is gone" | "is replaced" | "is not protected any more" | "has another provider";
  readonly id: string;
  readonly because: string;
}

/** What `program` would do to what is worth something of a state. @param program Parents before their children. */
export function findingsIn({ resources }: Pick<KeptState, "resources">, program: readonly Registering[]): Finding[] {
  const found = matched(resources, program);
  const byId = new Map(resources.map((one) => [one.id, one]));
  const now = new Map(program.flatMap((one) => (found.has(one.id) ? [[found.get(one.id), one] as const] : [])));
  /** Whether a provider makes it as a part of something that is still there: of those the program knows nothing. */
  const isOutOfSight = ({ parent }: KeptResource): boolean => {
    const above = parent === undefined ? undefined : byId.get(parent);
    if (above === undefined) return false;
    return now.get(above.id)?.remote ?? isOutOfSight(above);
  };
  const findings = resources.flatMap((old) => {
    const worth = worthOf(old);
    if (worth === "nothing") return [];
    const today = now.get(old.id);
    if (today === undefined && isOutOfSight(old)) return [];
    const said = today === undefined ? [GONE] : changesOf(old, today, found);
    return said.map(([what, because]): Finding => ({ worth, what, id: old.id, because }));
  });
  return [...findings, ...withTheirProviders(resources, findings)];
}

/** What is made anew because its provider is. */
function withTheirProviders(resources: readonly KeptResource[], findings: readonly Finding[]): Finding[] {
  const replaced = new Set(findings.filter(({ what }) => what === "is replaced").map(({ id }) => id));
  return resources.flatMap((old): Finding[] => {
    const worth = worthOf(old);
    if (worth === "nothing" || old.provider === undefined || !replaced.has(old.provider)) return [];
    return [{ worth, what: "is replaced", id: old.id, because: `its provider is, ${old.provider}` }];
  });
}

/** A finding as one line. */
export function findingText({ what, id, because }: Finding): string {
  return `${id} ${what}: ${because}`;
}

type Said = readonly [what: Finding["what"], because: string];

const GONE: Said = ["is gone", "nothing has its URN, or an alias of it"];

function changesOf(old: KeptResource, today: Registering, found: ReadonlyMap<string, string>): Said[] {
  const paths = [...new Set([...Object.keys(old.fixed), ...Object.keys(today.fixed)])].sort();
  const replacing = paths.flatMap((path) => difference(path, old, today, found) ?? []);
  const provider =
    today.provider === undefined ? undefined : (found.get(today.provider) ?? `a new one, ${today.provider}`);
  return [
    ...replacing.map((because): Said => ["is replaced", because]),
    ...(provider === old.provider
      ? []
      : [["has another provider", `${old.provider ?? "none"} before, ${provider ?? "none"} now`] as const]),
    ...lostOptions(old, today).map((option): Said => ["is not protected any more", option]),
  ];
}

function lostOptions(old: KeptResource, today: Registering): string[] {
  return [
    ...(old.protect && !today.protect ? ["protect"] : []),
    ...(old.retain && !today.retain ? ["retainOnDelete"] : []),
  ];
}

/** In what a fixed input differs; late values by what they come from, as nothing else is known of them. */
function difference(
  path: string,
  old: KeptResource,
  today: Registering,
  found: ReadonlyMap<string, string>,
): string | undefined {
  const [before, after] = [fixedAt(old, path), fixedAt(today, path)];
  const open = [LATE, SECRET];
  if (!open.includes(String(before)) && !open.includes(String(after))) {
    return isDeepStrictEqual(before, after) ? undefined : `${path}: ${text(before)} → ${text(after)}`;
  }
  if (before === undefined || after === undefined) return `${path}: ${text(before)} → ${text(after)}`;
  const was = old.sources[path] ?? [];
  const is = (today.sources[path] ?? []).map((id) => found.get(id) ?? `a new one, ${id}`).sort();
  return isDeepStrictEqual([...was].sort(), is)
    ? undefined
    : `${path} comes from ${is.join(", ")}, and came from ${was.join(", ")}`;
}

/** A value as its provider takes it: what is not said is what it would fill in. */
function fixedAt({ type, fixed }: KeptResource, path: string): unknown {
  if (path in fixed) return fixed[path];
  return path === "metadata.namespace" ? "default" : MODELS.get(type)?.defaults?.[path];
}

function text(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

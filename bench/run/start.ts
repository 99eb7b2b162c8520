import { join } from "node:path";
import type { BenchCall, Case, Measured } from "../model";
import type { Loaded, Part } from "../start/profile";
import { interleave, median, ratioOfMedians, significant } from "../statistics";
import { type Finished, runNode } from "./child";

/** Largest ratio of loading the program to loading the three SDKs (design). */
const LIMIT = 1.3;

/** Parts that are shown by themselves; the others are summed up. */
const SHOWN = 14;

const SUBJECTS = [
  { name: "sdks", shown: "the three SDKs" },
  { name: "program", shown: "the program" },
  { name: "plan", shown: "the program and the plan" },
] as const;

/** Loads the program in a process of its own, and the three SDKs in another. */
export async function benchStart({ root, rounds, say }: BenchCall): Promise<Measured> {
  const load = (...args: string[]) => runNode(join(root, "bench/start/child.ts"), args, { cwd: root });
  const subjects = SUBJECTS.map(({ name }) => ({ name, once: () => load(name) }));
  const results = await interleave(subjects, rounds, say);
  const profiles = await interleave([{ name: "profile", once: () => load("program", "profile") }], rounds, say);
  const of = (name: string) => results.get(name) ?? [];
  const seconds = (name: string) => of(name).map((run) => loadedIn(run).seconds);
  const value = significant(ratioOfMedians(seconds("program"), seconds("sdks")));
  return {
    cases: [
      ...SUBJECTS.map(({ name, shown }) => caseOf(shown, of(name))),
      ...partsOf((profiles.get("profile") ?? []).map((run) => loadedIn(run).parts)),
    ],
    ratios: [{ name: "loading the program to loading the three SDKs", value, limit: LIMIT }],
  };
}

function loadedIn({ output }: Finished): Loaded {
  return JSON.parse(output);
}

function caseOf(name: string, runs: readonly Finished[]): Case {
  const loaded = runs.map(loadedIn);
  return {
    name,
    figures: {
      seconds: significant(median(loaded.map(({ seconds }) => seconds))),
      files: median(loaded.map(({ files }) => files)),
      memory: Math.round(median(runs.map(({ memory }) => memory))),
    },
  };
}

/** The medians of the parts over all profiles; small ones are summed up. */
export function partsOf(profiles: readonly (readonly Part[])[]): Case[] {
  const names = [...new Set(profiles.flatMap((parts) => parts.map(({ name }) => name)))];
  const parts = names.map((name): Part => {
    const found = profiles.flatMap((one) => one.filter((part) => part.name === name));
    return {
      name,
      seconds: median(found.map(({ seconds }) => seconds)),
      files: median(found.map(({ files }) => files)),
    };
  });
  parts.sort((a, b) => b.seconds - a.seconds);
  const others = parts.slice(SHOWN);
  const sum = (pick: (part: Part) => number) => others.reduce((total, part) => total + pick(part), 0);
  const rest: Part[] =
    others.length === 0
      ? []
      : [{ name: `${others.length} others`, seconds: sum(({ seconds }) => seconds), files: sum(({ files }) => files) }];
  return [...parts.slice(0, SHOWN), ...rest].map(({ name, seconds, files }) => ({
    name,
    partOf: "the program",
    figures: { seconds: significant(seconds), files },
  }));
}

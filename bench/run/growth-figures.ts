import type { Grown } from "../grow/child";
import type { Case, Measured } from "../model";
import { median, significant } from "../statistics";
import type { Finished } from "./child";

/** Largest ratio of the time a resource at 10,000 resources to that at 1,000 (design). */
const RESOURCE_LIMIT = 1.2;

/** Largest ratio of the time a component at 1,000 components to that at 100. */
const COMPONENT_LIMIT = 1.2;

/** Largest ratio of a plan to a bare program that registers as much. */
const BARE_LIMIT = 1.5;

/** What of the tenants' resources and of the time falls to each component. */
function ofComponents(size: number, seconds: number, tenants: number): Case["figures"] {
  return {
    perComponent: significant((seconds * 1000) / size),
    resourcesPerComponent: significant(tenants / size),
  };
}

/** Medians of the runs of one size. @param of What there are so many of. */
export function grownCase(of: "components" | "clusters", size: number, runs: readonly Finished[]): Case {
  const grown = runs.map(({ output }): Grown => JSON.parse(output));
  const { resources = 0, ofTenants = 0 } = grown[0] ?? {};
  const seconds = median(grown.map((one) => one.seconds));
  const memory = median(runs.map((one) => one.memory));
  return {
    name: `${size} ${of}`,
    size,
    figures: {
      resources,
      ...(of === "components" ? ofComponents(size, seconds, ofTenants) : {}),
      seconds: significant(seconds),
      perResource: significant((seconds * 1000) / resources),
      program: significant(median(grown.map(({ program }) => program))),
      memory: Math.round(memory),
      memoryPerResource: significant((memory * 1024) / resources),
    },
  };
}

/** What designs promise of plans of tenants' components, as far as there are the sizes to say it. */
export function componentRatios(cases: readonly Case[]): Measured["ratios"] {
  const small = nearest(cases, resourcesOf, 1_000);
  const large = nearest(cases, resourcesOf, 10_000);
  const largest = cases.reduce((one, other) => (resourcesOf(other) > resourcesOf(one) ? other : one), large);
  const few = nearest(cases, componentsOf, 100);
  const many = nearest(cases, componentsOf, 1_000);
  return [
    ...ratio(large, small, "perResource", "time", RESOURCE_LIMIT),
    ...ratio(large, small, "memoryPerResource", "memory"),
    ...(largest === large ? [] : ratio(largest, small, "perResource", "time")),
    ...componentRatio(many, few, COMPONENT_LIMIT),
    ...cases.filter((one) => componentsOf(one) > componentsOf(many)).flatMap((one) => componentRatio(one, many)),
  ];
}

/** The largest fleet beside the smallest. */
export function clusterRatios(cases: readonly Case[]): Measured["ratios"] {
  const [first, last] = [cases[0], cases.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [...ratio(last, first, "perResource", "time"), ...ratio(last, first, "memoryPerResource", "memory")];
}

/** Whole processes, from their start to their end: what plans, and what only registers as many resources. */
export function bareRatio(size: number, plans: readonly Finished[], bare: readonly Finished[]) {
  const seconds = (runs: readonly Finished[]) => median(runs.map((one) => one.seconds));
  const name = `plan of ${size.toLocaleString("en")} components to a bare program with as many resources`;
  return { name, value: significant(seconds(plans) / seconds(bare)), limit: BARE_LIMIT };
}

/** The bare program beside the plans; its time is that of the whole process. */
export function bareCase(size: number, resources: number, runs: readonly Finished[]): Case {
  const figures = {
    resources,
    seconds: significant(median(runs.map((one) => one.seconds))),
    memory: Math.round(median(runs.map((one) => one.memory))),
  };
  return { name: `as many as ${size} components`, partOf: "a bare program, whole processes", figures };
}

/** The size that is nearest to `wanted`, by how many times it is larger or smaller. @throws RangeError without sizes. */
export function nearestSize(sizes: readonly number[], wanted: number): number {
  return nearest(sizes, (size) => size, wanted);
}

const resourcesOf = ({ figures }: Case) => figures.resources ?? 0;
const componentsOf = ({ size = 0 }: Case) => size;

function nearest<T>(all: readonly T[], measure: (one: T) => number, wanted: number): T {
  const [first, ...others] = all;
  if (first === undefined) throw new RangeError("no sizes");
  const distance = (one: T) => Math.abs(Math.log(measure(one) / wanted));
  return others.reduce((best, one) => (distance(one) < distance(best) ? one : best), first);
}

/** None where both are the same case, which says nothing. */
function ratio(of: Case, to: Case, figure: string, what: string, limit?: number): Measured["ratios"] {
  const shown = (one: Case) => resourcesOf(one).toLocaleString("en");
  return compared(of, to, figure, `${what} a resource, ${shown(of)} resources to ${shown(to)}`, limit);
}

function componentRatio(of: Case, to: Case, limit?: number): Measured["ratios"] {
  const shown = (one: Case) => componentsOf(one).toLocaleString("en");
  return compared(of, to, "perComponent", `time a component, ${shown(of)} components to ${shown(to)}`, limit);
}

function compared(of: Case, to: Case, figure: string, name: string, limit?: number): Measured["ratios"] {
  if (of === to) return [];
  const value = significant((of.figures[figure] ?? 0) / (to.figures[figure] ?? 0));
  return [{ name, value, ...(limit && { limit }) }];
}

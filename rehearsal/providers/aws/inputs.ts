import type { CheckFailure } from "@pulumi/pulumi/provider";
import { hasSecret, type PropertyMap, plain } from "../wire";
import { declarationOf } from "./declarations";
import { MOST_TAGS, tagProblem } from "./formats";
import { hex } from "./ids";
import type { Model } from "./model";
import { isRegion } from "./regions";
import { type Problem, shapeProblems } from "./shape";
import { isAbsent, isObject, isUnknown, type Props, present, valuesAt } from "./values";

/** Inputs as the real provider's check hands them on: documents as JSON, and a name where the program gives none. */
export function completed(model: Model, urn: string, olds: PropertyMap, news: PropertyMap): PropertyMap {
  const documents = (model.json ?? []).flatMap((name) => {
    const value = plain(news[name]);
    // A document with a part that is not known yet is not known.
    return isObject(value) && !hasSecret(news[name]) ? [[name, documentOf(value, news[name])] as const] : [];
  });
  return { ...news, ...Object.fromEntries(documents), ...named(model, urn, olds, news) };
}

function documentOf(value: Props, wire: unknown): unknown {
  const text = JSON.stringify(value, (_, part) => (isUnknown(part) ? undefined : part));
  return JSON.stringify(plain(wire)) === text ? text : wire;
}

function named({ autoname }: Model, urn: string, olds: PropertyMap, news: PropertyMap): PropertyMap {
  if (autoname === undefined) return {};
  const { field, longest, unless = [], prefix = "", lower } = autoname;
  if ([field, ...unless].some((name) => !isAbsent(news[name]))) return {};
  const before = plain(olds[field]);
  const defaults = { [DEFAULTS]: [field] };
  if (isAutonamed(olds, field) && typeof before === "string") return { [field]: before, ...defaults };
  const suffix = `-${hex(7)}`;
  const name = `${prefix}${urn.split("::").at(-1) ?? ""}`.slice(0, longest - suffix.length) + suffix;
  return { [field]: lower ? name.toLowerCase() : name, ...defaults };
}

/** Input in which the provider's check keeps which inputs it made. */
const DEFAULTS = "__defaults";

export function isAutonamed(inputs: PropertyMap, field: string): boolean {
  const defaults = inputs[DEFAULTS];
  return Array.isArray(defaults) && defaults.includes(field);
}

/** What is wrong with the inputs that are known. */
export function inputFailures(model: Model, inputs: PropertyMap): CheckFailure[] {
  const values = plain(inputs);
  if (!isObject(values)) return [];
  const problems = [
    ...shapeProblems(values, declarationOf(model.token).inputs),
    ...formatProblems(model, values),
    ...tagProblems(values),
    ...(model.check?.(present(values)) ?? []),
  ];
  return problems.map(({ path, reason }) => failure(path, reason, inputs));
}

/** The engine prints the value of the property that it is told; of a secret one nothing is to be seen. */
function failure(path: string, reason: string, inputs: PropertyMap): CheckFailure {
  const top = path.split(/[.[]/)[0] ?? path;
  return hasSecret(inputs[top])
    ? { property: "", reason: `${path}: is invalid (its value is secret)` }
    : { property: path, reason };
}

function formatProblems(model: Model, values: Props): Problem[] {
  const region = values.region;
  const ofRegion =
    typeof region === "string" && !isRegion(region)
      ? [{ path: "region", reason: `Invalid AWS Region: ${region}` }]
      : [];
  const ofFields = Object.entries(model.formats ?? {}).flatMap(([path, format]) =>
    valuesAt(values, path)
      .filter((value) => !isUnknown(value))
      .flatMap((value) => format(value) ?? [])
      .map((reason) => ({ path, reason })),
  );
  return [...ofRegion, ...ofFields];
}

function tagProblems({ tags }: Props): Problem[] {
  if (!isObject(tags)) return [];
  const all = Object.entries(tags).flatMap(([key, value]) => {
    const reason = tagProblem(key, value);
    return reason === undefined ? [] : [{ path: `tags.${key}`, reason }];
  });
  const count = Object.keys(tags).length;
  return count > MOST_TAGS ? [...all, { path: "tags", reason: `${count} tags; AWS takes at most ${MOST_TAGS}` }] : all;
}

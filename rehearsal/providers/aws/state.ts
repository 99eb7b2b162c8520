import { createHash } from "node:crypto";
import { given, isSecret, type PropertyMap, plain } from "../wire";
import { declarationOf, type Member } from "./declarations";
import type { Call, Model } from "./model";
import type { Settings } from "./settings";
import { isAbsent, isObject, isUnknown, type Props, UNKNOWN } from "./values";

/** Whether the declarations have such an input. */
export function isInput({ token }: Model, name: string): boolean {
  return declarationOf(token).inputs.has(name);
}

/** Outputs of something that was made or changed: what was asked for, and what AWS adds. */
export function outputsOf(model: Model, inputs: PropertyMap, call: Call, settings: Settings): Props {
  const { outputs } = declarationOf(model.token);
  const tags = tagsOf(model, inputs, settings);
  const asked = asState(inputs);
  return {
    ...Object.fromEntries([...outputs].flatMap(([name, member]) => emptyOutput(name, member))),
    ...model.defaults,
    ...(outputs.has("region") && !model.global ? { region: call.region } : {}),
    ...withNested(model.outputs?.(call) ?? {}, asked),
    ...(tags === undefined ? {} : { tagsAll: tags }),
  };
}

/** An output that is always there and that nothing else is known of is empty, as with the real provider. */
function emptyOutput(name: string, { shape, required }: Member): [string, unknown][] {
  if (!required) return [];
  const empty = { string: "", number: 0, boolean: false, list: [], map: {}, object: {}, either: "", any: "" } as const;
  return [[name, empty[shape.kind]]];
}

/** What is asked for stands; of what is asked for in part, AWS adds the rest. */
function withNested(added: Props, asked: Props): Props {
  const both = Object.entries(asked).map(([name, value]) => {
    const more = added[name];
    return [name, isObject(value) && isObject(more) && !isSecret(value) ? withNested(more, value) : value];
  });
  return { ...added, ...Object.fromEntries(both) };
}

/** What a preview of an update goes by. */
export interface Before {
  readonly state: PropertyMap;
  readonly changed: readonly string[];
}

/** Outputs as far as a preview knows them: what AWS adds is known only where it was there before. */
export function plannedOutputs(model: Model, inputs: PropertyMap, settings: Settings, before?: Before): Props {
  const asked = asState(inputs);
  const tags = tagsOf(model, inputs, settings);
  const declared = [...declarationOf(model.token).outputs];
  const computed = declared.filter(([name, { required }]) => required && !isInputGiven(name, asked));
  const kept = before === undefined ? {} : keptState(model, before);
  const recomputed = before === undefined ? [] : (model.recomputed?.(before.changed) ?? []);
  return {
    ...Object.fromEntries(computed.map(([name]) => [name, UNKNOWN])),
    ...(declared.some(([name]) => name === "region") && !model.global ? { region: settings.region } : {}),
    ...model.defaults,
    ...kept,
    ...withNested({ ...(before === undefined ? unknownWithin(model) : {}), ...kept }, asked),
    ...Object.fromEntries(recomputed.map((name) => [name, UNKNOWN])),
    ...(tags === undefined ? {} : { tagsAll: tags }),
  };
}

/** What AWS adds within inputs, which nobody knows before it is made. */
function unknownWithin({ within = {} }: Model): Props {
  const added = Object.entries(within).map(
    ([name, keys]) => [name, keys.map((key) => [key, UNKNOWN] as const)] as const,
  );
  return Object.fromEntries(added.map(([name, keys]) => [name, Object.fromEntries(keys)]));
}

function isInputGiven(name: string, asked: Props): boolean {
  return !isAbsent(asked[name]);
}

/** What stays of the state when inputs change: not what the program said before and says no more. */
function keptState(model: Model, { state, changed }: Before): Props {
  const gone = changed.filter((path) => isInput(model, path));
  return Object.fromEntries(Object.entries(state).filter(([name]) => !gone.includes(name)));
}

/** Inputs become outputs, without what only the provider's check keeps in them. */
function asState(inputs: PropertyMap): Props {
  return Object.fromEntries(Object.entries(given(inputs)).filter(([name]) => !name.startsWith("__")));
}

/** Tags with those that the provider gives everything, or `undefined` for what has no tags. */
export function tagsOf({ token }: Model, inputs: PropertyMap, { defaultTags }: Settings): unknown {
  if (!declarationOf(token).outputs.has("tagsAll")) return undefined;
  const own = plain(inputs.tags);
  if (isUnknown(own)) return UNKNOWN;
  const tags = { ...defaultTags, ...(isObject(own) ? own : {}) };
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, isUnknown(value) ? UNKNOWN : value]));
}

/** For the account's file: of a secret only whether it is the same. */
export function hidden(state: Props): Record<string, unknown> {
  const hide = (value: unknown): unknown => {
    if (isSecret(value)) {
      const digest = createHash("sha256")
        .update(JSON.stringify(plain(value)))
        .digest("hex");
      return `secret:${digest.slice(0, 16)}`;
    }
    if (Array.isArray(value)) return value.map(hide);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hide(item)]));
  };
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, hide(value)]));
}

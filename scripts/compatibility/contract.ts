import { CONTRACT_VERSION, STACK_OUTPUTS } from "../../components/stacks";
import { isObject, type Json } from "../../plan/program/json";
import { jsonSchema } from "../docs-outputs";

/** The contract of a version: its number, and the JSON Schema of each output. */
export interface KeptContract {
  readonly contract: number;
  readonly outputs: Json;
}

/** The contract of this program. */
export function ownContract(): KeptContract {
  const outputs = Object.entries(STACK_OUTPUTS).flatMap(([name, { schema }]) =>
    schema === undefined ? [] : [[name, jsonSchema(schema)] as const],
  );
  return { contract: CONTRACT_VERSION, outputs: Object.fromEntries(outputs) };
}

/**
 * Why programs of two versions of the same contract would misread each other's outputs; nothing where the contracts say
 * that they are of different versions, as both refuse each other then.
 */
export function misreadings(old: KeptContract, now: KeptContract): string[] {
  if (old.contract !== now.contract) return [];
  const names = [...new Set([...Object.keys(old.outputs), ...Object.keys(now.outputs)])];
  return names.flatMap((name) => {
    const [was, is] = [old.outputs[name], now.outputs[name]];
    if (is === undefined) return [`${name} is not put out any more`];
    // Nobody of an older version reads it; whoever is newer has to take its absence.
    return was === undefined ? [] : differences(was, is, name);
  });
}

function differences(was: unknown, is: unknown, path: string): string[] {
  if (!isObject(was) || !isObject(is)) return [];
  if (was.type !== is.type) return [`${path} was ${String(was.type)} and is ${String(is.type)}`];
  return [
    ...valueDifferences(was, is, path),
    ...keyDifferences(was, is, path),
    ...(was.items === undefined ? [] : differences(was.items, is.items, `${path}[]`)),
    ...(isObject(was.additionalProperties)
      ? differences(was.additionalProperties, is.additionalProperties, `${path}.<name>`)
      : []),
  ];
}

/** One side may put out a value that the other refuses. */
function valueDifferences(was: Json, is: Json, path: string): string[] {
  const values = (schema: Json) => (Array.isArray(schema.enum) ? schema.enum.map(String) : undefined);
  const [before, after] = [values(was), values(is)];
  const added = after?.filter((value) => before?.includes(value) === false) ?? [];
  const removed = before?.filter((value) => after?.includes(value) === false) ?? [];
  return [
    ...added.map((value) => `${path} may be ${value}, which an older reader refuses`),
    ...removed.map((value) => `${path} may not be ${value} any more, which an older stack puts out`),
  ];
}

function keyDifferences(was: Json, is: Json, path: string): string[] {
  const [before, after] = [propertiesOf(was), propertiesOf(is)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [always, alwaysNow] = [isRequired(was, key), isRequired(is, key)];
    const own = `${path}.${key}`;
    if (always && !alwaysNow) return [`${own} is not always put out any more, and an older reader needs it`];
    if (!always && alwaysNow) return [`${own} is needed by this reader, and an older stack may not put it out`];
    return differences(before[key], after[key], own);
  });
}

function propertiesOf({ properties }: Json): Json {
  return isObject(properties) ? properties : {};
}

function isRequired({ required }: Json, key: string): boolean {
  return Array.isArray(required) && required.includes(key);
}

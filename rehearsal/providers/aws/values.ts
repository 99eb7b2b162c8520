import { isUnknown } from "@pulumi/pulumi/output";
import * as rpc from "@pulumi/pulumi/runtime/rpc";

/** Plain values by name; one that is not known yet is the SDK's marker. */
export type Props = Readonly<Record<string, unknown>>;

/** On the wire, for a value that only `up` knows. */
export const UNKNOWN = rpc.unknownValue;

export { isUnknown };

export function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Every value at a path such as `vpcConfig.subnetIds`; lists on the way and at the end are walked through. */
export function valuesAt(value: unknown, path: string): unknown[] {
  if (path === "") return [value].flat().filter((item) => !isAbsent(item));
  const [head = "", ...rest] = path.split(".");
  return [value].flat().flatMap((item) => (isObject(item) ? valuesAt(item[head], rest.join(".")) : []));
}

/** The one value at a path, or `undefined`. */
export function at(value: unknown, path: string): unknown {
  return valuesAt(value, path)[0];
}

/** A text; what is absent or not known yet is empty. */
export function text(value: unknown, path: string): string {
  const found = at(value, path);
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : "";
}

/** A number, or `undefined`. */
export function number(value: unknown, path: string): number | undefined {
  const found = at(value, path);
  const parsed = typeof found === "string" && found !== "" ? Number(found) : found;
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined;
}

export function flag(value: unknown, path: string): boolean {
  const found = at(value, path);
  return found === true || found === "true";
}

export function texts(value: unknown, path: string): string[] {
  return valuesAt(value, path).filter((item) => typeof item === "string");
}

export function objects(value: unknown, path: string): Props[] {
  return valuesAt(value, path).filter(isObject);
}

/** The values that are there. */
export function present(values: Props): Props {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isAbsent(value)));
}

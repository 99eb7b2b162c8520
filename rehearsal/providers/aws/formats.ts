import { isRange, prefixOf } from "./network";
import { isObject } from "./values";

/** What is wrong with a value that is there and known, as the provider's plan says it; `undefined` where nothing is. */
export type Format = (value: unknown) => string | undefined;

export function cidr(from = 0, to = 32): Format {
  return (value) => {
    if (typeof value !== "string" || !isRange(value)) {
      return `"${value}" is not a valid CIDR block: it must be a network address such as 10.0.0.0/16`;
    }
    const prefix = prefixOf(value);
    return prefix >= from && prefix <= to
      ? undefined
      : `expected "${value}" to contain a network Value with between ${from} and ${to} significant bits, got: ${prefix}`;
  };
}

const ARN = /^arn:aws(-[\w-]+)?:[\w-]+:([a-z]{2}(-[a-z]+)+-\d+)?:(\d{12}|aws|aws-managed)?:\S+$/;

/** An ARN, of a service and a kind of resource where these are given. */
export function arn(service = "", resource = ""): Format {
  return (value) => {
    const [, , own, , , ...rest] = String(value).split(":");
    if (typeof value !== "string" || !ARN.test(value)) return `"${value}" is an invalid ARN`;
    if (service !== "" && own !== service) return `"${value}" is no ARN of ${service}`;
    return rest.join(":").startsWith(resource) ? undefined : `"${value}" is no ARN of a ${service} ${resource}`;
  };
}

export function oneOf(...allowed: readonly (string | number)[]): Format {
  return (value) =>
    allowed.some((one) => one === value) ? undefined : `expected one of [${allowed.join(", ")}], got "${value}"`;
}

export function matches(pattern: RegExp, expected: string): Format {
  return (value) => (pattern.test(String(value)) ? undefined : `"${value}" is invalid: ${expected}`);
}

export function between(from: number, to: number): Format {
  return (value) =>
    Number(value) >= from && Number(value) <= to
      ? undefined
      : `expected to be in the range (${from} - ${to}), got ${value}`;
}

export function length(from: number, to: number): Format {
  return (value) => {
    const size = String(value).length;
    return size >= from && size <= to ? undefined : `expected length to be in the range (${from} - ${to}), got ${size}`;
  };
}

/** Both, the first problem first. */
export function both(first: Format, second: Format): Format {
  return (value) => first(value) ?? second(value);
}

/** A JSON object, or an object that becomes one. */
export const json: Format = (value) => {
  if (isObject(value)) return undefined;
  try {
    if (isObject(JSON.parse(String(value)))) return undefined;
    return "contains an invalid JSON: it is no object";
  } catch (error) {
    return `contains an invalid JSON: ${error instanceof Error ? error.message : error}`;
  }
};

/** Problems with tags. Source: AWS, "Tag naming limits and requirements". */
export function tagProblem(key: string, value: unknown): string | undefined {
  if (/^aws:/i.test(key)) return "Tag keys starting with 'aws:' are reserved for internal use";
  if (key.length < 1 || key.length > 128) return "Tag keys have 1 to 128 characters";
  if (typeof value === "string" && value.length > 256) return "Tag values have at most 256 characters";
  const wrong = [key, String(value)].find((part) => !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(part));
  return wrong === undefined ? undefined : `"${wrong}" has a character that tags cannot have`;
}

export const MOST_TAGS = 50;

import { fieldsOf, type Member, type Shape } from "./declarations";
import { isAbsent, isObject, isUnknown } from "./values";

/** What is wrong with an input, and where. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

/** Checks values against the fields that are declared: none is missing, none is unknown, and types fit. */
export function shapeProblems(values: unknown, fields: ReadonlyMap<string, Member>, at = ""): Problem[] {
  if (!isObject(values)) return [{ path: at, reason: "expected an object" }];
  const missing = [...fields].filter(([name, { required }]) => required && isAbsent(values[name]));
  return [
    ...missing.map(([name]) => ({ path: join(at, name), reason: "Missing required argument" })),
    ...Object.entries(values)
      .filter(([name, value]) => !isAbsent(value) && !name.startsWith("__"))
      .flatMap(([name, value]): Problem[] => {
        const field = fields.get(name);
        const path = join(at, name);
        return field === undefined
          ? [{ path, reason: "Invalid or unknown key" }]
          : valueProblems(value, field.shape, path);
      }),
  ];
}

function valueProblems(value: unknown, shape: Shape, path: string): Problem[] {
  if (isUnknown(value) || isAbsent(value) || shape.kind === "any") return [];
  if (shape.kind === "either") {
    const all = shape.shapes.map((one) => valueProblems(value, one, path));
    return all.reduce((best, problems) => (problems.length < best.length ? problems : best));
  }
  if (shape.kind === "object") return shapeProblems(value, fieldsOf(shape.type), path);
  if (shape.kind === "list") {
    if (!Array.isArray(value)) return [{ path, reason: "expected a list" }];
    return value.flatMap((item, index) => valueProblems(item, shape.item, `${path}[${index}]`));
  }
  if (shape.kind === "map") {
    if (!isObject(value)) return [{ path, reason: "expected a map" }];
    return Object.entries(value).flatMap(([key, item]) => valueProblems(item, shape.item, join(path, key)));
  }
  return fits(value, shape.kind) ? [] : [{ path, reason: `expected a ${shape.kind}, got ${typeof value}` }];
}

/** As the real provider converts between them. */
function fits(value: unknown, kind: "string" | "number" | "boolean"): boolean {
  if (kind === "string") return ["string", "number", "boolean"].includes(typeof value);
  if (kind === "number")
    return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
  return typeof value === "boolean" || value === "true" || value === "false";
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** An expression of OpenChoreo's templates (CEL): its value takes the place of the whole text. */
export function cel(expression: string): string {
  return `\${${expression}}`;
}

/** A text with expressions in it: names in double braces, such as `{{metadata.namespace}}/x`. */
export function text(template: string): string {
  return template.replace(/\{\{(.+?)\}\}/g, (_, expression: string) => cel(expression));
}

/** Namespaces of tenants' organizations begin with it, which keeps them apart from the platform's own. */
export const ORGANIZATION_PREFIX = "tenant-";

/** The tenant of an organization's namespace: the name that settings, logs and registries know it by. */
export function tenantOf(namespace: string): string {
  const prefix = JSON.stringify(ORGANIZATION_PREFIX);
  return `(${namespace}.startsWith(${prefix}) ? ${namespace}.substring(${ORGANIZATION_PREFIX.length}) : ${namespace})`;
}

/** One object that a type renders. */
export interface ResourceTemplate {
  readonly id: string;
  readonly template: object;
  /** Rendered only where this is true. */
  readonly includeWhen?: string;
  /** Rendered once for each entry of this, which templates know as `var`. */
  readonly forEach?: string;
  readonly var?: string;
}

/** An OpenAPI schema, as OpenChoreo keeps it below `openAPIV3Schema`. */
export function schema(properties: object, required: readonly string[] = []) {
  return {
    openAPIV3Schema: { type: "object", properties, ...(required.length === 0 ? {} : { required: [...required] }) },
  };
}

/** A schema's text, number, truth, list and object, each with its default. */
export const field = {
  text: (value: string, description: string) => ({ type: "string", default: value, description }),
  matching: (pattern: string, description: string) => ({ type: "string", pattern, description }),
  number: (value: number, description: string, minimum = 0) => ({
    type: "integer",
    default: value,
    minimum,
    description,
  }),
  truth: (value: boolean, description: string) => ({ type: "boolean", default: value, description }),
  texts: (description: string) => ({ type: "array", items: { type: "string" }, default: [], description }),
  map: (description: string) => ({
    type: "object",
    additionalProperties: { type: "string" },
    default: {},
    description,
  }),
  choice: (choices: readonly string[], value: string, description: string) => ({
    type: "string",
    enum: [...choices],
    default: value,
    description,
  }),
  object: (properties: object, description: string) => ({ type: "object", default: {}, properties, description }),
} as const;

/** The name and the namespace of an object in a project's namespace. */
export function inProject(name: string, more: object = {}) {
  return { name, namespace: cel("metadata.namespace"), labels: cel("metadata.labels"), ...more };
}

/**
 * Whether a component says itself which namespace it runs in: those of this program's tenants do, as their namespaces are
 * there with their guard rails before anything runs, and are of the same name on every cluster.
 */
export const IS_PLACED = "metadata.environmentName in parameters.namespaces";

/** The namespace that a component runs in: the one it is placed in, else the one that OpenChoreo made for its project. */
export const NAMESPACE_OF = `(${IS_PLACED} ? parameters.namespaces[metadata.environmentName] : metadata.namespace)`;

/** The name and the namespace of an object of a component. */
export function inCell(name: string, more: object = {}) {
  return { name, namespace: cel(NAMESPACE_OF), labels: cel("metadata.labels"), ...more };
}

/** An object that a placed component has from whoever made its namespace. */
export function unlessPlaced(resource: ResourceTemplate): ResourceTemplate {
  const { includeWhen, ...rest } = resource;
  const inner = includeWhen?.slice(2, -1);
  return { ...rest, includeWhen: cel(inner === undefined ? `!(${IS_PLACED})` : `!(${IS_PLACED}) && (${inner})`) };
}

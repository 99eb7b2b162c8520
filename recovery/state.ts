import { z } from "zod";
import { RecoveryError } from "./errors";

/** A stack's state as `pulumi stack export` writes it; what is not looked at here is passed on as it is. */

const properties = z.record(z.string(), z.unknown());

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().optional(),
  inputs: properties.default({}),
  outputs: properties.optional(),
  /** URN and id of the provider, joined by "::". */
  provider: z.string().optional(),
  /** Why the last create or update did not end well; the next `up` changes such a resource whatever its inputs say. */
  initErrors: z.array(z.string()).optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  delete: z.boolean().optional(),
  pendingReplacement: z.boolean().optional(),
});
export type StateResource = z.output<typeof resource>;

const operation = z.looseObject({ resource, type: z.string() });
/** What the engine had begun and not ended: creating, updating, deleting, reading or importing. */
export type Operation = z.output<typeof operation>;

const exported = z.looseObject({
  version: z.number(),
  deployment: z
    .looseObject({
      resources: z
        .array(resource)
        .nullish()
        .transform((list) => list ?? []),
      pending_operations: z
        .array(operation)
        .nullish()
        .transform((list) => list ?? []),
    })
    .nullable(),
});
export type ExportedState = z.output<typeof exported>;

/** @throws RecoveryError where the text is no state. */
export function parseState(text: string): ExportedState {
  try {
    return exported.parse(JSON.parse(text));
  } catch {
    throw new RecoveryError("`pulumi stack export` wrote something that is no state that this program can read");
  }
}

export function resourcesOf({ deployment }: ExportedState): readonly StateResource[] {
  return deployment?.resources ?? [];
}

/** Operations that were interrupted, each resource once: where it was interrupted twice, the last one counts. */
export function operationsOf({ deployment }: ExportedState): Operation[] {
  const operations = deployment?.pending_operations ?? [];
  return [...new Map(operations.map((one) => [one.resource.urn, one])).values()];
}

/** What a preview would create, from what `pulumi preview --json` prints; lines before it are the program's. */
export function previewedCreates(text: string): StateResource[] {
  const steps = z.object({
    steps: z.array(z.object({ op: z.string(), newState: resource.nullish() })).nullish(),
  });
  const parsed = steps.safeParse(JSON.parse(text.slice(text.indexOf("{"))));
  return (parsed.data?.steps ?? []).flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
}

/** The name in a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The URN in a reference to a provider. */
export function providerOf({ provider = "" }: StateResource): string {
  return provider.split("::").slice(0, -1).join("::");
}

/** How the engine marks a secret in JSON. Source: pulumi/pulumi, sdk/go/common/resource/sig. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value with its secrets in plain text. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { readonly plaintext?: unknown };
  if (Reflect.get(value, SIGNATURE) === SECRET && typeof plaintext === "string") return revealed(JSON.parse(plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}

/** A value that the engine encrypts when the state is imported. */
export function asSecret(value: unknown): object {
  return { [SIGNATURE]: SECRET, plaintext: JSON.stringify(value) };
}

/** An input as text; empty where it is none. */
export function textInput({ inputs }: StateResource, key: string): string {
  const value = revealed(inputs[key]);
  return typeof value === "string" ? value : "";
}

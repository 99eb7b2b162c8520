import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { isObject, type Json } from "./json";

/** A resource as the engine is asked to register it. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Whether a provider manages it; a component is registered, and nothing else. */
  readonly custom: boolean;
  /** Whether its children are made by its provider, out of sight of the program. */
  readonly remote: boolean;
  /** Inputs as they travel: a secret is {@link Secret}, a value that is not known yet {@link UNKNOWN}. */
  readonly inputs: Json;
  /** The same with Pulumi's own marks, as what reads them for itself needs them. */
  readonly wire: Json;
  /** Name of the parent; absent for what stands below the stack. */
  readonly parent?: string;
  /** Name of its provider; absent for a default one and for components, but remote ones: their children's on Kubernetes. */
  readonly provider?: string;
  readonly providerUrn?: string;
  /** What it waits for, in order: type and name, as several types may share a name. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly retainOnDelete: boolean;
  /** How long its deletion may take; absent where it is as its provider has it. */
  readonly deleteTimeout?: string;
  /** Id of what is there already and is taken over; absent where it is made. */
  readonly importId?: string;
  /** What it may have been called before, beside what it takes from its parent. */
  readonly aliases: readonly Alias[];
  /** What the values of its inputs come from: type and name, by input. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** Another name of a resource; what is absent is as the resource has it now. */
export interface Alias {
  /** The whole URN; nothing else is given then. */
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  /** URN of the parent; empty for what stood below the stack. */
  readonly parentUrn?: string;
}

/** A secret's place in inputs. */
export interface Secret {
  readonly secret: unknown;
}

/** The place of a value that is not known in a preview. */
export const UNKNOWN = "(unknown)";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What a value that travels to the engine holds as a secret; `undefined` where it is none. */
export function secretIn(value: unknown): { readonly value: unknown } | undefined {
  return isObject(value) && value[SIGNATURE] === SECRET ? { value: value.value } : undefined;
}

/** Reads a value that travels to the engine: what Pulumi marks with signatures becomes readable. */
export function readable(value: unknown): unknown {
  if (value === UNKNOWN_VALUE) return UNKNOWN;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  const entries = value as Json;
  if (entries[SIGNATURE] === SECRET) return { secret: readable(entries.value) };
  if (typeof entries[SIGNATURE] === "string") throw new TypeError(`no way to show ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(entries).map(([key, inner]) => [key, readable(inner)]));
}

/** A request to register a resource, as far as it is of interest, and the URN that answered it. */
export interface Request extends Pick<Registered, "urn" | "type" | "name" | "custom" | "remote" | "wire" | "aliases"> {
  readonly parentUrn: string;
  /** Reference to its own provider; empty without one. */
  readonly ownProvider: string;
  /** References to the providers of a component, by package. */
  readonly providers: Readonly<Record<string, string>>;
  readonly dependencyUrns: readonly string[];
  /** URNs by input. */
  readonly sourceUrns: Readonly<Record<string, readonly string[]>>;
  readonly options: Pick<Registered, "protect" | "ignoreChanges" | "retainOnDelete" | "deleteTimeout" | "importId">;
}

/** Reads a request at once: as it travels it takes several times the memory. */
export function requestOf(urn: string, request: RegisterResourceRequest): Request {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    remote: request.getRemote(),
    wire: request.getObject()?.toJavaScript() ?? {},
    parentUrn: request.getParent(),
    ownProvider: request.getProvider(),
    providers: Object.fromEntries(request.getProvidersMap().getEntryList()),
    dependencyUrns: request.getDependenciesList(),
    aliases: request.getAliasesList().map(aliasOf),
    sourceUrns: sourcesOf(request),
    options: {
      protect: request.getProtect() === true,
      ignoreChanges: request.getIgnorechangesList(),
      retainOnDelete: request.getRetainondelete() === true,
      importId: request.getImportid() || undefined,
      deleteTimeout: request.getCustomtimeouts()?.getDelete() || undefined,
    },
  };
}

function sourcesOf(request: RegisterResourceRequest): Record<string, readonly string[]> {
  const sources: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, input) => {
    sources[input] = urns.getUrnsList();
  });
  return sources;
}

function aliasOf(alias: AliasMessage): Alias {
  if (alias.getUrn() !== "") return { urn: alias.getUrn() };
  const spec = alias.getSpec();
  const parentUrn = spec?.getNoparent() ? "" : spec?.getParenturn() || undefined;
  return { name: spec?.getName() || undefined, type: spec?.getType() || undefined, parentUrn };
}

/** Reads the requests of a run, in the order in which they were answered. */
export function readGraph(requests: readonly Request[]): Graph {
  const labels = new Map(requests.map(({ urn, type, name }) => [urn, { type, name }]));
  const components = new Map<string, Readonly<Record<string, string>>>();
  const resources = requests.flatMap((request) => {
    const { urn } = request;
    // As the engine does it: a component has its parent's providers and its own.
    const providers = { ...components.get(request.parentUrn), ...request.providers };
    if (!request.custom) components.set(urn, providers);
    return isStack(urn) ? [] : [registered(request, { labels, providers })];
  });
  return new Graph(resources.sort((a, b) => (key(a) < key(b) ? -1 : 1)));
}

interface Surroundings {
  /** Resources by their URNs. */
  readonly labels: ReadonlyMap<string, Label>;
  /** References to the providers of a component, by package. */
  readonly providers: Readonly<Record<string, string>>;
}

function registered(request: Request, { labels, providers }: Surroundings): Registered {
  const { urn, type, name, custom, remote, wire, aliases, parentUrn, options } = request;
  const label = (other: string) => labels.get(other) ?? { type: "unknown", name: other };
  const provider = remote ? providers.kubernetes : request.ownProvider || undefined;
  // A reference is `<urn>::<id>`.
  const providerUrn = provider?.split("::").slice(0, -1).join("::");
  const all: Registered = {
    urn,
    type,
    name,
    custom,
    remote,
    inputs: readable(wire) as Json,
    wire,
    parent: parentUrn === "" || isStack(parentUrn) ? undefined : label(parentUrn).name,
    provider: providerUrn === undefined ? undefined : label(providerUrn).name,
    providerUrn,
    dependencies: request.dependencyUrns.map((other) => key(label(other))).sort(),
    aliases,
    sources: Object.fromEntries(
      Object.entries(request.sourceUrns).map(([input, urns]) => [input, urns.map((one) => key(label(one))).sort()]),
    ),
    ...options,
  };
  // Whoever writes a resource out writes what is readable of it: on the wire secrets are plain. Neither is what it was
  // called, or where a value comes from, a difference to a provider.
  const hidden = { enumerable: false } as const;
  return Object.defineProperties(all, { wire: hidden, aliases: hidden, sources: hidden });
}

function isStack(urn: string): boolean {
  return urn.includes("::pulumi:pulumi:Stack::");
}

/** Everything that one run of the program registered, without the stack itself. */
export class Graph {
  private readonly byName: ReadonlyMap<string, Registered>;

  constructor(readonly resources: readonly Registered[]) {
    this.byName = new Map(resources.map((resource) => [key(resource), resource]));
    if (this.byName.size !== resources.length) throw new Error("two resources of one type have one name");
  }

  /** The one resource with the name, and of the type where several types share the name. */
  get(name: string, type?: string): Registered {
    const found = this.resources.filter((one) => one.name === name && (type === undefined || one.type === type));
    if (found.length !== 1 || found[0] === undefined) {
      throw new Error(`${found.length} resources named ${name}: ${found.map((one) => one.type).join(", ")}`);
    }
    return found[0];
  }

  /** Resources of a type, or of every type that begins with `type` and a colon. */
  ofType(type: string): Registered[] {
    return this.resources.filter((one) => one.type === type || one.type.startsWith(`${type}:`));
  }

  /** Number of resources by type. */
  counts(): Record<string, number> {
    const types = this.resources.map((one) => one.type).sort();
    return Object.fromEntries([...new Set(types)].map((type) => [type, types.filter((one) => one === type).length]));
  }

  /** What differs from `before`: names of added, removed and changed resources, sorted. */
  changesSince(before: Graph, changed = sameInputs): { added: string[]; removed: string[]; changed: string[] } {
    const names = (resources: readonly Registered[]) => resources.map((one) => one.name).sort();
    return {
      added: names(this.resources.filter((one) => !before.byName.has(key(one)))),
      removed: names(before.resources.filter((one) => !this.byName.has(key(one)))),
      changed: names(
        this.resources.filter((one) => {
          const old = before.byName.get(key(one));
          return old !== undefined && !changed(old, one);
        }),
      ),
    };
  }
}

type Label = Pick<Registered, "type" | "name">;

/** Type and name: what tells resources apart. */
export function key({ type, name }: Label): string {
  return `${type} ${name}`;
}

/** Whether two states of a resource are the same to a provider: what it waits for is no part of it. */
export function sameInputs(one: Registered, other: Registered): boolean {
  const { dependencies: _, ...a } = one;
  const { dependencies: __, ...b } = other;
  return JSON.stringify(a) === JSON.stringify(b);
}

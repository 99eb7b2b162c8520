import type { Json } from "./settings";

/**
 * What ztunnel and waypoints allow, computed from Istio's policies as its documentation says: where some policy with action
 * ALLOW is for a workload, one of its rules has to match; a policy without rules matches nothing.
 */

/** A pod that is called. */
export interface Called {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

const ROOT_NAMESPACE = "istio-system";

interface Rule {
  readonly from?: readonly { readonly source: Readonly<Record<string, readonly string[]>> }[];
  readonly to?: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[];
  /** The ports of all of `to`; absent: all. */
  readonly ports?: ReadonlySet<number>;
}

interface Policy {
  readonly namespace: string;
  readonly selector?: Readonly<Record<string, string>>;
  /** What of a waypoint it is for: Services by name, or all that pass the Gateway. */
  readonly targets?: readonly string[];
  readonly rules: readonly Rule[];
}

/** The policies of one cluster, read from its objects. */
export class IstioPolicies {
  private readonly policies = new Map<string, Policy[]>();
  private readonly authentications: readonly Json[];
  /** What is for a pod; the same few are asked for many times. */
  private readonly known = new WeakMap<
    Called,
    { readonly policies: readonly Policy[]; readonly plain: Map<number, boolean> }
  >();

  constructor(objects: readonly Json[]) {
    this.authentications = objects.filter(({ kind }) => kind === "PeerAuthentication");
    for (const object of objects.filter(({ kind }) => kind === "AuthorizationPolicy")) {
      const policy = read(object);
      this.policies.set(policy.namespace, [...(this.policies.get(policy.namespace) ?? []), policy]);
    }
  }

  /** Whether a pod's own ztunnel lets a caller through; one without an identity comes in plain text. */
  allows(caller: string | undefined, to: Called, port: number): boolean {
    const { policies, plain } = this.of(to);
    if (caller !== undefined) return decide(policies, caller, port);
    const taken = plain.get(port) ?? this.takesPlain(to, port);
    plain.set(port, taken);
    return taken && decide(policies, caller, port);
  }

  private of(to: Called) {
    const known = this.known.get(to);
    if (known !== undefined) return known;
    const own = [...(this.policies.get(ROOT_NAMESPACE) ?? []), ...(this.policies.get(to.namespace) ?? [])];
    const policies = own.filter(({ targets, selector }) => targets === undefined && selects(selector, to));
    const found = { policies, plain: new Map<number, boolean>() };
    this.known.set(to, found);
    return found;
  }

  /** Whether a namespace's waypoint lets a caller through to a Service: what is for the one, and for all of them. */
  waypointAllows(caller: string, service: string, namespace: string, port: number): boolean {
    const own = this.policies.get(namespace) ?? [];
    const wanted = [`Service/${service}`, "Gateway/waypoint"];
    return decide(
      own.filter(({ targets = [] }) => targets.some((target) => wanted.includes(target))),
      caller,
      port,
    );
  }

  /** The most special of the policies decides: of some pods, of the namespace, of the mesh. */
  private takesPlain(to: Called, port: number): boolean {
    const ranked = this.authentications
      .filter(({ metadata }) => [to.namespace, ROOT_NAMESPACE].includes((metadata as Json).namespace as string))
      .map(({ metadata, spec }) => {
        const { selector, mtls, portLevelMtls } = spec as { selector?: Json; mtls?: Json; portLevelMtls?: Json };
        const labels = selector?.matchLabels as Readonly<Record<string, string>> | undefined;
        const rank = labels !== undefined ? 2 : (metadata as Json).namespace === to.namespace ? 1 : 0;
        const own = (portLevelMtls?.[String(port)] ?? mtls ?? {}) as Json;
        return { rank, mode: own.mode, applies: selects(labels, to) };
      })
      .filter(({ applies, mode }) => applies && mode !== undefined)
      .sort((a, b) => b.rank - a.rank);
    return ranked[0]?.mode !== "STRICT";
  }
}

function decide(policies: readonly Policy[], caller: string | undefined, port: number): boolean {
  if (policies.length === 0) return true;
  return policies.some(({ rules }) => rules.some((rule) => ruleMatches(rule, caller, port)));
}

function ruleMatches({ from, ports }: Rule, caller: string | undefined, port: number): boolean {
  if (ports !== undefined && !ports.has(port)) return false;
  return from === undefined || from.some((one) => sourceMatches(one.source, caller));
}

function portsOf({ to }: Rule): ReadonlySet<number> | undefined {
  if (to === undefined || to.some(({ operation }) => operation.ports === undefined)) return undefined;
  return new Set(to.flatMap(({ operation }) => operation.ports ?? []).map(Number));
}

function sourceMatches(source: Readonly<Record<string, readonly string[]>>, caller: string | undefined): boolean {
  const { principals, notPrincipals } = source;
  if (principals !== undefined && !principals.some((pattern) => named(pattern, caller))) return false;
  return notPrincipals === undefined || !notPrincipals.some((pattern) => named(pattern, caller));
}

/** `*` stands for somebody, `x*` for what begins so, `*x` for what ends so. */
function named(pattern: string, caller: string | undefined): boolean {
  if (caller === undefined) return false;
  if (pattern === "*") return true;
  if (pattern.endsWith("*")) return caller.startsWith(pattern.slice(0, -1));
  return pattern.startsWith("*") ? caller.endsWith(pattern.slice(1)) : caller === pattern;
}

function selects(selector: Readonly<Record<string, string>> | undefined, { labels }: Called): boolean {
  return selector === undefined || Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function read({ metadata, spec }: Json): Policy {
  const {
    selector,
    action = "ALLOW",
    rules = [],
    targetRefs,
  } = (spec ?? {}) as {
    selector?: { matchLabels: Readonly<Record<string, string>> };
    action?: string;
    rules?: readonly Rule[];
    targetRefs?: readonly { kind: string; name: string }[];
  };
  if (action !== "ALLOW") throw new TypeError(`no reading of ${action}`);
  return {
    namespace: (metadata as Json).namespace as string,
    selector: selector?.matchLabels,
    targets: targetRefs?.map(({ kind, name }) => `${kind}/${name}`),
    rules: rules.map((rule) => ({ ...known(rule), ports: portsOf(rule) })),
  };
}

/** A rule that says something which this does not read would be taken for one that is wider, or narrower. */
function known(rule: Rule): Rule {
  const keys = (rule.from ?? []).flatMap(({ source }) => Object.keys(source));
  const unknown = keys.filter((key) => key !== "principals" && key !== "notPrincipals");
  if (unknown.length > 0) throw new TypeError(`no reading of ${unknown.join(", ")}`);
  return rule;
}

import { Address4 } from "ip-address";
import type { Json } from "./settings";

/**
 * What Cilium lets through, computed from its policies as its documentation says: a direction of an endpoint is closed as
 * soon as one policy that selects it speaks of the direction, and then open to what some rule names. Selectors are of the
 * policy's own namespace, unless they name one, and of its own cluster.
 */

/** A pod, or an address outside all clusters. */
export interface Endpoint {
  /** Absent for an address. */
  readonly cluster?: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly address?: string;
}

type Pair = readonly [key: string, value: string];

interface Peers {
  /** Pods that match all pairs of one of these. */
  readonly selectors: readonly (readonly Pair[])[];
  readonly ranges: readonly Address4[];
  /** TCP ports; absent: all. */
  readonly ports?: ReadonlySet<number>;
}

interface Policy {
  /** Absent: of every namespace. */
  readonly namespace?: string;
  readonly selector: readonly Pair[];
  readonly in?: readonly Peers[];
  readonly out?: readonly Peers[];
  readonly closes: { readonly in: boolean; readonly out: boolean };
}

const NAMESPACE = "io.kubernetes.pod.namespace";

/** The policies of one cluster, read from its objects. */
export class CiliumPolicies {
  private readonly byNamespace = new Map<string, Policy[]>();
  private readonly everywhere: Policy[] = [];
  /** Policies by the endpoints that they select; the same few are asked for many times. */
  private readonly selecting = new WeakMap<Endpoint, readonly Policy[]>();

  constructor(
    private readonly cluster: string,
    objects: readonly Json[],
  ) {
    for (const object of objects) {
      const policy = read(object);
      if (policy.namespace === undefined) this.everywhere.push(policy);
      else this.byNamespace.set(policy.namespace, [...(this.byNamespace.get(policy.namespace) ?? []), policy]);
    }
  }

  /** Whether `to`, a pod of this cluster, is open to `from` on a port. */
  admits(from: Endpoint, to: Endpoint, port: number): boolean {
    return this.allows("in", to, from, port);
  }

  /** Whether `from`, a pod of this cluster, may reach `to` on a port. */
  lets(from: Endpoint, to: Endpoint, port: number): boolean {
    return this.allows("out", from, to, port);
  }

  private allows(direction: "in" | "out", own: Endpoint, peer: Endpoint, port: number): boolean {
    const policies = this.of(own);
    let closed = false;
    for (const policy of policies) {
      closed ||= policy.closes[direction];
      for (const peers of policy[direction] ?? []) if (this.names(peers, peer, port)) return true;
    }
    return !closed;
  }

  private of(endpoint: Endpoint): readonly Policy[] {
    const known = this.selecting.get(endpoint);
    if (known !== undefined) return known;
    const all = [...this.everywhere, ...(this.byNamespace.get(endpoint.namespace) ?? [])];
    const found = all.filter(({ selector }) => matches(selector, endpoint));
    this.selecting.set(endpoint, found);
    return found;
  }

  private names({ selectors, ranges, ports }: Peers, peer: Endpoint, port: number): boolean {
    if (ports !== undefined && !ports.has(port)) return false;
    if (peer.address !== undefined) {
      const address = new Address4(peer.address);
      return ranges.some((range) => address.isInSubnet(range));
    }
    return peer.cluster === this.cluster && selectors.some((selector) => matches(selector, peer));
  }
}

function matches(selector: readonly Pair[], { namespace, labels }: Endpoint): boolean {
  return selector.every(([key, value]) => (key === NAMESPACE ? namespace === value : labels[key] === value));
}

function read(object: Json): Policy {
  const { namespace } = object.metadata as { namespace?: string };
  const spec = object.spec as Json;
  const { ingress = true, egress = true } = (spec.enableDefaultDeny ?? {}) as { ingress?: boolean; egress?: boolean };
  const rules = (key: string) => spec[key] as readonly Json[] | undefined;
  const peers = (list: readonly Json[] | undefined, way: "from" | "to") =>
    list?.map((rule) => readPeers(rule, way, namespace));
  return {
    namespace,
    selector: pairs(spec.endpointSelector as Json),
    in: peers(rules("ingress"), "from"),
    out: peers(rules("egress"), "to"),
    // A list that is there, and not empty, speaks of the direction; an empty rule names nobody.
    closes: {
      in: ingress && (rules("ingress")?.length ?? 0) > 0,
      out: egress && (rules("egress")?.length ?? 0) > 0,
    },
  };
}

const KNOWN = ["Endpoints", "CIDR", "CIDRSet", "Entities", "FQDNs", "Ports"];

function readPeers(rule: Json, way: "from" | "to", namespace: string | undefined): Peers {
  const unknown = Object.keys(rule).filter((key) => !KNOWN.includes(key.replace(/^(from|to)/, "")));
  if (unknown.length > 0) throw new TypeError(`no reading of ${unknown.join(", ")}`);
  const selectors = ((rule[`${way}Endpoints`] ?? []) as readonly Json[]).map((selector) => {
    const own = pairs(selector);
    return namespace === undefined || own.some(([key]) => key === NAMESPACE)
      ? own
      : [...own, [NAMESPACE, namespace] as const];
  });
  const cidrs = (rule[`${way}CIDR`] ?? []) as readonly string[];
  const sets = (rule[`${way}CIDRSet`] ?? []) as readonly { cidr: string }[];
  const ranges = [...cidrs, ...sets.map(({ cidr }) => cidr)].map((cidr) => new Address4(cidr));
  return { selectors, ranges, ports: readPorts(rule.toPorts as readonly Json[] | undefined) };
}

function readPorts(list: readonly Json[] | undefined): ReadonlySet<number> | undefined {
  if (list === undefined) return undefined;
  const ports = list.flatMap((entry) => entry.ports as readonly { port: string; protocol?: string }[]);
  return new Set(ports.filter(({ protocol = "TCP" }) => protocol === "TCP").map(({ port }) => Number(port)));
}

/** Labels have a source before the colon (`k8s:`), which says nothing here. */
function pairs(selector: Json): Pair[] {
  if (selector.matchExpressions !== undefined) throw new TypeError("no reading of matchExpressions");
  const labels = (selector.matchLabels ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(labels).map(([key, value]) => [key.replace(/^(k8s|any):/, ""), value]);
}

import { principal } from "./names";

/** An object as it stands in YAML, of a kind that this program knows by its definition only. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

type Labels = Readonly<Record<string, string>>;

function security(kind: string, name: string, namespace: string, spec: object): Manifest {
  return { apiVersion: "security.istio.io/v1", kind, metadata: { name, namespace }, spec };
}

/** Mutual TLS for everything in a namespace; in Istio's own, for the whole mesh. */
export function strictMutualTls(namespace: string): Manifest {
  return security("PeerAuthentication", "default", namespace, { mtls: { mode: "STRICT" } });
}

/**
 * Nothing in the namespace may be called but by what other policies allow; in Istio's own namespace, nothing in the mesh.
 * ztunnel enforces it. Waypoints do not: what passes one, its own policies allow (see `targetRefs` of Istio's policies).
 */
export function denyAll(namespace: string): Manifest {
  return security("AuthorizationPolicy", "default-deny", namespace, {});
}

/** Who may call what. */
export interface AllowArgs {
  /** Name of the policy. */
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods that are called. */
  readonly pods: Labels;
  /** Pods' own ports, not those of a Service. */
  readonly ports: readonly number[];
  /** Service accounts of the callers; `*` stands for all of a namespace. Absent: everybody, also from outside the mesh. */
  readonly from?: readonly { readonly namespace: string; readonly serviceAccount: string }[];
}

/** Lets callers, known by their identity, reach ports of some pods. ztunnel enforces it. */
export function allow({ name, namespace, pods, ports, from }: AllowArgs): Manifest {
  const principals = from?.map((caller) => principal(caller.namespace, caller.serviceAccount));
  const rule = {
    ...(principals === undefined ? {} : { from: [{ source: { principals } }] }),
    to: [{ operation: { ports: ports.map(String) } }],
  };
  return security("AuthorizationPolicy", name, namespace, {
    selector: { matchLabels: pods },
    action: "ALLOW",
    rules: [rule],
  });
}

/**
 * Lets Prometheus, which is outside the mesh, scrape one port of some pods in plain text. Nothing else of the pods is
 * opened; who reaches the port is then for the network policy alone to say.
 */
export function allowScrapes(args: Omit<AllowArgs, "ports" | "from"> & { readonly port: number }): Manifest[] {
  const { name, namespace, pods, port } = args;
  const exception = security("PeerAuthentication", name, namespace, {
    selector: { matchLabels: pods },
    mtls: { mode: "STRICT" },
    portLevelMtls: { [String(port)]: { mode: "PERMISSIVE" } },
  });
  return [exception, allow({ name, namespace, pods, ports: [port] })];
}

/** Name of every waypoint: Istio asks that it is the same on every cluster. */
export const WAYPOINT = "waypoint";

/** The waypoint's service account, which pods behind it have to allow. */
export const waypointOf = (namespace: string) => ({ namespace, serviceAccount: WAYPOINT });

/** Labels of a namespace, or of one Service, whose traffic goes through the namespace's waypoint. */
export const USE_WAYPOINT: Labels = { "istio.io/use-waypoint": WAYPOINT };

/** Labels of a Service that is one with those of its name on other clusters; endpoints of the own cluster go first. */
export const GLOBAL_SERVICE: Labels = { "istio.io/global": "true" };

/** A namespace's waypoint: routing, retries, L7 authorization, metrics and spans of requests to its Services. */
export function waypoint(namespace: string): Manifest {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: WAYPOINT, namespace, labels: { "istio.io/waypoint-for": "service" } },
    spec: {
      gatewayClassName: "istio-waypoint",
      listeners: [
        // 15008 is HBONE's port: Istio's tunnel in HTTP/2 and mutual TLS.
        { name: "mesh", port: 15008, protocol: "HBONE", allowedRoutes: { namespaces: { from: "Same" } } },
      ],
    },
  };
}

import { CiliumPolicies, type Endpoint } from "./cilium";
import type { Graph } from "./graph";
import { IstioPolicies } from "./istio";
import type { Json } from "./settings";
import { object } from "./stack";

/** A pod with an identity in the mesh; one without an account is outside it. */
export interface Pod extends Endpoint {
  readonly cluster: string;
  readonly account?: string;
}

/** Port of the mesh's own protocol. */
const HBONE = 15008;

const GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

/** Who reaches whom in a fleet, by the policies that a run of the program made; by every way that there is. */
export class Reach {
  private readonly clusters = new Map<string, { readonly cilium: CiliumPolicies; readonly istio: IstioPolicies }>();
  /** By namespace, then by cluster. */
  private readonly waypoints = new Map<string, Map<string, Pod>>();
  private readonly gateways: ReadonlyMap<string, Pod>;

  /** @param eastWest Address of each cluster's gateway for the others. */
  constructor(
    graph: Graph,
    private readonly eastWest: ReadonlyMap<string, string>,
  ) {
    this.gateways = new Map([...eastWest.keys()].map((cluster) => [cluster, gatewayOf(cluster)]));
    const objects = new Map<string, Json[]>();
    for (const { type, provider = "", inputs } of graph.ofType("kubernetes")) {
      if (/:(CiliumNetworkPolicy|CiliumClusterwideNetworkPolicy|AuthorizationPolicy|PeerAuthentication)$/.test(type)) {
        objects.set(provider, [...(objects.get(provider) ?? []), inputs]);
      }
      if (type.endsWith(":Namespace")) this.readNamespace(provider, object(inputs.metadata));
    }
    for (const [cluster, all] of objects) {
      const ofCilium = all.filter(({ kind }) => String(kind).startsWith("Cilium"));
      const ofIstio = all.filter(({ kind }) => !String(kind).startsWith("Cilium"));
      this.clusters.set(cluster, { cilium: new CiliumPolicies(cluster, ofCilium), istio: new IstioPolicies(ofIstio) });
    }
  }

  private readNamespace(cluster: string, { name, labels }: Json): void {
    if (object(labels)["istio.io/use-waypoint"] !== "waypoint") return;
    const namespace = String(name);
    const clusters = this.waypoints.get(namespace) ?? new Map<string, Pod>();
    clusters.set(cluster, { cluster, namespace, labels: { [GATEWAY_NAME]: "waypoint" }, account: "waypoint" });
    this.waypoints.set(namespace, clusters);
  }

  /** Whether the network lets a pod reach another one of the same cluster, in the mesh or past it. */
  network(from: Pod, to: Pod, port: number): boolean {
    return this.wire(from, to, port) || this.wire(from, to, HBONE);
  }

  /** Whether the mesh lets a caller reach a pod's port. */
  mesh(caller: string | undefined, to: Pod, port: number): boolean {
    return this.on(to.cluster).istio.allows(caller, to, port);
  }

  /** Whether a pod reaches a port of another one, by any way. */
  reaches(from: Pod, to: Pod, port: number): boolean {
    if (from.account === undefined) {
      return from.cluster === to.cluster && this.wire(from, to, port) && this.mesh(undefined, to, port);
    }
    const caller = principalOf(from);
    if (from.cluster === to.cluster && this.mesh(undefined, to, port) && this.wire(from, to, port)) return true;
    if (this.mesh(caller, to, port) && this.tunnel(from, to)) return true;
    return this.throughWaypoint(from, to, port);
  }

  /** By the waypoint of the called namespace on the caller's own cluster. */
  private throughWaypoint(from: Pod, to: Pod, port: number): boolean {
    const waypoint = this.waypoints.get(to.namespace)?.get(from.cluster);
    if (waypoint === undefined) return false;
    const service = to.labels["choreo.dev/component"] ?? "";
    return (
      this.tunnel(from, waypoint) &&
      this.on(from.cluster).istio.waypointAllows(principalOf(from), service, to.namespace, port) &&
      this.tunnel(waypoint, to) &&
      this.mesh(principalOf(waypoint), to, port)
    );
  }

  /** Whether the mesh's own protocol comes through: straight, or by the gateway of the other cluster. */
  private tunnel(from: Pod, to: Pod): boolean {
    if (from.cluster === to.cluster) return this.wire(from, to, HBONE);
    const gateway = this.gateways.get(to.cluster);
    const address = this.eastWest.get(to.cluster);
    if (gateway === undefined || address === undefined) return false;
    // What is cheap to say no comes first: pairs are many.
    if (!this.wire(gateway, to, HBONE)) return false;
    return this.on(from.cluster).cilium.lets(from, { namespace: "", labels: {}, address }, HBONE);
  }

  /** Whether both ends' network policies let a connection through. */
  private wire(from: Pod, to: Pod, port: number): boolean {
    const { cilium } = this.on(to.cluster);
    return cilium.admits(from, to, port) && cilium.lets(from, to, port);
  }

  private on(cluster: string) {
    const found = this.clusters.get(cluster);
    if (found === undefined) throw new Error(`no policies on cluster ${cluster}`);
    return found;
  }
}

/** The pods by which other clusters come in. */
function gatewayOf(cluster: string): Pod {
  return { cluster, namespace: "istio-east-west", labels: { [GATEWAY_NAME]: `east-west-${cluster}` } };
}

/** The identity of a pod's account. */
export function principalOf(pod: Pod): string {
  const known = principals.get(pod) ?? `cluster.local/ns/${pod.namespace}/sa/${pod.account}`;
  principals.set(pod, known);
  return known;
}

const principals = new WeakMap<Pod, string>();

import { contains, words } from "../settings";
import { type Edge, type End, isWorkload, type OwnEdges, type Port } from "./edges";
import type { Workload } from "./plan";
import {
  COMPONENT_LABEL,
  type EndpointSelector,
  eastWestPods,
  HBONE,
  type Labels,
  namesObjectStore,
  PLATFORM_ENDS,
  podsOf,
  ports,
  toObjectStore,
  WAYPOINT_PODS,
  workloadPods,
} from "./platform-ends";
import { behindWaypoint, placesOf, type Scene } from "./scene";

/**
 * Network policies, made of edges. Within the mesh what pods say arrives on port 15008, so an edge opens its port and that
 * one, between exactly its two ends; which port of the pod is reached is the AuthorizationPolicy's of the same edge.
 */

/** A CiliumNetworkPolicy's specification. */
export interface NetworkPolicySpec {
  readonly endpointSelector: object;
  readonly ingress: readonly object[];
  readonly egress: readonly object[];
}

/** Pods that may be reached, or may reach, on some ports. */
interface Opening {
  readonly pods: EndpointSelector;
  readonly ports: readonly Port[];
}

/** Closes a namespace: an empty rule admits nobody, and whatever no other policy opens stays closed. */
export const DEFAULT_DENY: NetworkPolicySpec = { endpointSelector: {}, ingress: [{}], egress: [{}] };

/** The policy of one component or database. Default-deny is the namespace's. */
export function workloadPolicy(workload: Workload, edges: OwnEdges, scene: Scene): NetworkPolicySpec {
  const calls = edges.in.flatMap((edge) => openingsIn(edge, workload, scene));
  const names = readNames(edges.out, scene);
  const isRead = ({ to }: Edge) => names.length > 0 && to.kind === "platform" && to.name === "dns";
  const called = edges.out.flatMap((edge) => (isRead(edge) ? [] : openingsOut(edge, workload, scene)));
  return {
    endpointSelector: { matchLabels: { [COMPONENT_LABEL]: workload.name } },
    ingress: grouped(calls).map(({ pods, toPorts }) => ({ fromEndpoints: pods, toPorts })),
    egress: [
      ...names,
      ...grouped(called).map(({ pods, toPorts }) => ({ toEndpoints: pods, toPorts })),
      ...edges.out.flatMap((edge) => outside(edge, scene)),
      ...toOtherClusters(edges.out, scene),
    ],
  };
}

/** The policy of a namespace's waypoint: between those who call its components, and these. */
export function waypointPolicy(
  components: readonly (readonly [Workload, OwnEdges])[],
  scene: Scene,
): NetworkPolicySpec {
  const callers = components.flatMap(([component, edges]) =>
    edges.in.flatMap((edge) => openingsIn(edge, component, { ...scene, waypoints: new Set() })),
  );
  const meshed = callers.filter(({ ports: list }) => list.includes(HBONE));
  const targets = components.flatMap(([component, edges]) => {
    const served = edges.in.filter(({ from }) => isMeshed(from)).flatMap((edge) => edge.ports);
    const { here } = placesOf(component, scene);
    return here && served.length > 0 ? [{ pods: workloadPods(component), ports: [...served, HBONE] }] : [];
  });
  const outgoing = components.map(([to]): Edge => ({ from: to, to, ports: [] }));
  return {
    endpointSelector: { matchLabels: WAYPOINT_PODS },
    ingress: [
      ...grouped(meshed.map(({ pods }) => ({ pods, ports: [HBONE] }))),
      ...grouped([opening("prometheus", [{ port: 15020, protocol: "TCP" }])]),
    ].map(({ pods, toPorts }) => ({ fromEndpoints: pods, toPorts })),
    egress: [
      ...grouped([
        ...targets,
        opening("dns", DNS),
        opening("collector", [{ port: 4317, protocol: "TCP" }]),
        { pods: podsOf("istio-system", { app: "istiod" }), ports: [{ port: 15012, protocol: "TCP" }] },
      ]).map(({ pods, toPorts }) => ({ toEndpoints: pods, toPorts })),
      ...toOtherClusters(outgoing, { ...scene, waypoints: new Set() }),
    ],
  };
}

const DNS: readonly Port[] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

function opening(name: "prometheus" | "dns" | "collector", list: readonly Port[]): Opening {
  return { pods: PLATFORM_ENDS[name].pods ?? { matchLabels: {} }, ports: list };
}

/** Whether an end has an identity in the mesh. */
export function isMeshed(end: End): boolean {
  return isWorkload(end) || (end.kind === "platform" && PLATFORM_ENDS[end.name].principal !== undefined);
}

function openingsIn({ from, ports: list }: Edge, to: Workload, scene: Scene): Opening[] {
  const inMesh = scene.meshed && isMeshed(from);
  const both = inMesh ? [...list, HBONE] : list;
  const remote = inMesh && placesOf(callersOf(from, to), scene).elsewhere.length > 0;
  return [
    ...callers(from, to, scene).map((pods) => ({ pods, ports: both })),
    // Who comes in from another cluster is said in the mesh's own protocol, and checked by the authorization.
    ...(remote ? [{ pods: eastWestPods(scene.cluster), ports: [HBONE] }] : []),
  ];
}

/** A gateway calls from wherever it leads to the component: where its own cluster has no pod of it left, from others. */
function callersOf(from: End, to: Workload): Workload {
  return isWorkload(from) ? from : to;
}

function callers(from: End, to: Workload, scene: Scene): EndpointSelector[] {
  if (isMeshed(from) && behindWaypoint(to, scene)) return [podsOf(to.namespace, WAYPOINT_PODS)];
  if (isWorkload(from)) return placesOf(from, scene).here ? [workloadPods(from)] : [];
  const pods = from.kind === "platform" ? PLATFORM_ENDS[from.name].pods : undefined;
  return pods === undefined ? [] : [pods];
}

function openingsOut({ to, ports: list }: Edge, from: Workload, scene: Scene): Opening[] {
  if (isWorkload(to)) {
    if (behindWaypoint(to, scene)) return [{ pods: podsOf(to.namespace, WAYPOINT_PODS), ports: [HBONE] }];
    if (!placesOf(to, scene).here && to !== from) return [];
    return [{ pods: workloadPods(to), ports: scene.meshed ? [...list, HBONE] : list }];
  }
  const pods = to.kind === "platform" ? PLATFORM_ENDS[to.name].pods : undefined;
  return pods === undefined ? [] : [{ pods, ports: list }];
}

/** The east-west gateways of the other clusters that something called is on. */
function toOtherClusters(edges: readonly Edge[], scene: Scene): object[] {
  const targets = edges.flatMap(({ to }) => (isWorkload(to) && !behindWaypoint(to, scene) ? [to] : []));
  const clusters = new Set(targets.flatMap((to) => placesOf(to, scene).elsewhere));
  const addresses = [...clusters].sort().flatMap((cluster) => scene.eastWest.get(cluster) ?? []);
  if (addresses.length === 0) return [];
  return [{ toCIDR: addresses.map((address) => `${address}/32`), toPorts: ports([HBONE]) }];
}

/** What is no pod: addresses outside the platform, the API server, the object store. */
function outside({ to, ports: list }: Edge, { backups }: Scene): object[] {
  if (to.kind === "outside") {
    const toPorts = ports(list);
    if (to.range !== undefined) return [{ toCIDRSet: [{ cidr: to.range, except: exceptIn(to.range) }], toPorts }];
    return [{ toFQDNs: [{ matchName: to.host }], toPorts }];
  }
  if (to.kind !== "platform") return [];
  if (to.name === "api-server") return [{ toEntities: ["kube-apiserver"], toPorts: ports(list) }];
  return to.name === "object-store" ? toObjectStore(backups) : [];
}

/** Addresses of the node itself, which hand out its credentials, are in no range of a tenant's; settings refuse those within. */
function exceptIn(range: string): string[] {
  return contains(range, words.NODE_ADDRESSES) ? [words.NODE_ADDRESSES] : [];
}

/** Where a name is opened, Cilium has to see which addresses pods are told for it: it reads their questions of DNS. */
function readNames(edges: readonly Edge[], { backups }: Scene): object[] {
  const names = edges.some(({ to }) => to.kind === "outside" && to.host !== undefined);
  const store = edges.some(({ to }) => to.kind === "platform" && to.name === "object-store");
  if (!names && !(store && namesObjectStore(backups))) return [];
  const list = DNS.map(({ port, protocol }) => ({ port: String(port), protocol }));
  return [
    { toEndpoints: [PLATFORM_ENDS.dns.pods], toPorts: [{ ports: list, rules: { dns: [{ matchPattern: "*" }] } }] },
  ];
}

/** Pods that share their ports are one rule. */
function grouped(openings: readonly Opening[]): { readonly pods: EndpointSelector[]; readonly toPorts: object[] }[] {
  const groups = new Map<string, { pods: Map<string, EndpointSelector>; list: readonly Port[] }>();
  for (const { pods, ports: list } of openings) {
    const key = list.map(({ port, protocol }) => `${protocol}/${port}`).join(" ");
    const group = groups.get(key) ?? { pods: new Map(), list };
    group.pods.set(labelsKey(pods.matchLabels), pods);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ pods, list }) => ({ pods: [...pods.values()], toPorts: ports(list) }));
}

function labelsKey(labels: Labels): string {
  return Object.entries(labels).flat().join(" ");
}

import type { Manifest } from "../addons";
import { principal, WAYPOINT } from "../addons";
import { type Edge, type End, isWorkload, type OwnEdges } from "./edges";
import { isMeshed } from "./network-policy";
import type { PlannedComponent, Workload } from "./plan";
import { COMPONENT_LABEL, PLATFORM_ENDS, workloadPrincipal } from "./platform-ends";
import { behindWaypoint, type Scene } from "./scene";

/** Istio's authorization, made of the same edges as the network's policies. */

const API = "security.istio.io/v1";

/** What ztunnel, or a waypoint, lets somebody do. */
export interface Rule {
  readonly from: readonly { readonly source: Readonly<Record<string, readonly string[]>> }[];
  readonly to: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[];
}

/** Whoever has no identity: callers outside the mesh, whom the network's policies tell apart. */
const OUTSIDE_MESH = { notPrincipals: ["*"] } as const;

/** Who may call a workload; nothing where nobody may, as the namespace is closed. */
export function workloadAuthorization(workload: Workload, edges: OwnEdges, scene: Scene): Manifest[] {
  const rules = rulesOf(edges.in, (from) => sourceOf(from, workload, scene));
  if (!scene.meshed || rules.length === 0) return [];
  const { name, namespace } = workload;
  const selector = { matchLabels: { [COMPONENT_LABEL]: name } };
  const plain = plainPorts(edges.in);
  return [
    {
      apiVersion: API,
      kind: "AuthorizationPolicy",
      metadata: { name, namespace },
      spec: { selector, action: "ALLOW", rules },
    },
    ...(plain.length === 0
      ? []
      : [
          {
            apiVersion: API,
            kind: "PeerAuthentication",
            metadata: { name, namespace },
            spec: {
              selector,
              mtls: { mode: "STRICT" },
              portLevelMtls: Object.fromEntries(plain.map((port) => [String(port), { mode: "PERMISSIVE" }])),
            },
          },
        ]),
  ];
}

/** Closes a namespace's waypoint: it has to know of whoever may pass, also to what runs on other clusters only. */
export function closedWaypoint(namespace: string): Manifest {
  return {
    apiVersion: API,
    kind: "AuthorizationPolicy",
    metadata: { name: WAYPOINT, namespace },
    spec: { targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: WAYPOINT }] },
  };
}

/** Who may call a component through its namespace's waypoint, and what they may ask for. */
export function waypointAuthorization(component: PlannedComponent, edges: OwnEdges): Manifest {
  const { name, namespace } = component;
  const callers = edges.in.filter(({ from }) => isMeshed(from));
  return {
    apiVersion: API,
    kind: "AuthorizationPolicy",
    metadata: { name: `${name}.requests`, namespace },
    spec: {
      targetRefs: [{ group: "", kind: "Service", name }],
      action: "ALLOW",
      // An empty list of rules allows nobody.
      rules: callers.map((edge) => requestRule(component, edge)),
    },
  };
}

function requestRule(component: PlannedComponent, { from, ports }: Edge): Rule {
  const permission = isWorkload(from) ? permissionOf(component, from) : undefined;
  return {
    from: [{ source: { principals: [principalOf(from) ?? ""] } }],
    to: [
      {
        operation: {
          ports: ports.map(({ port }) => String(port)),
          ...(permission?.methods && { methods: permission.methods }),
          ...(permission?.paths && { paths: permission.paths }),
        },
      },
    ],
  };
}

/** A caller is named as in its own connections, read from the component that is called. */
function permissionOf({ settings, tenant, project }: PlannedComponent, caller: Workload) {
  const permissions = settings.mesh?.permissions ?? {};
  const full = [caller.tenant, caller.project, caller.name];
  const names = [
    full.join("/"),
    ...(caller.tenant === tenant ? [full.slice(1).join("/")] : []),
    ...(caller.tenant === tenant && caller.project === project ? [caller.name] : []),
  ];
  const found = names.find((name) => Object.hasOwn(permissions, name));
  return found === undefined ? undefined : permissions[found];
}

/** The rules of edges: callers of the same ports are one. */
function rulesOf(edges: readonly Edge[], sourceFor: (from: End) => Rule["from"][number]["source"] | undefined): Rule[] {
  const groups = new Map<string, { ports: readonly string[]; principals: Set<string>; outside: boolean }>();
  for (const { from, ports } of edges) {
    const source = sourceFor(from);
    if (source === undefined || ports.length === 0) continue;
    const numbers = ports.map(({ port }) => String(port));
    const group = groups.get(numbers.join()) ?? { ports: numbers, principals: new Set(), outside: false };
    for (const one of source.principals ?? []) group.principals.add(one);
    group.outside ||= source.notPrincipals !== undefined;
    groups.set(numbers.join(), group);
  }
  return [...groups.values()].map(({ ports, principals, outside }) => ({
    from: [
      ...(principals.size === 0 ? [] : [{ source: { principals: [...principals] } }]),
      ...(outside ? [{ source: OUTSIDE_MESH }] : []),
    ],
    to: [{ operation: { ports } }],
  }));
}

function sourceOf(from: End, to: Workload, scene: Scene): Rule["from"][number]["source"] | undefined {
  if (!isMeshed(from)) return from.kind === "platform" ? OUTSIDE_MESH : undefined;
  if (behindWaypoint(to, scene)) return { principals: [principal(to.namespace, WAYPOINT)] };
  return { principals: [principalOf(from) ?? ""] };
}

function principalOf(from: End): string | undefined {
  if (isWorkload(from)) return workloadPrincipal(from);
  return from.kind === "platform" ? PLATFORM_ENDS[from.name].principal : undefined;
}

/** Ports that take what comes without the mesh's encryption. */
function plainPorts(edges: readonly Edge[]): number[] {
  const open = edges.filter(({ from }) => from.kind === "platform" && !isMeshed(from));
  return [...new Set(open.flatMap(({ ports }) => ports.map(({ port }) => port)))];
}

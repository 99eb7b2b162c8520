import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../addons";
import { waypointAuthorization, workloadAuthorization } from "./authorization";
import { isTold, readersBinding } from "./data/shared-connection";
import { type Edge, isWorkload, servedPort } from "./edges";
import { foreignWorkload } from "./foreign";
import { networkPolicy } from "./guard-rails";
import { waypointPolicy, workloadPolicy } from "./network-policy";
import type { Workload } from "./plan";
import type { ResolvedUse } from "./references";
import { behindWaypoint, type Scene, sceneOf } from "./scene";
import type { TenantSite, TenantSites } from "./site";

/** Arguments of {@link admitForeign}. */
export interface AdmitForeignArgs {
  readonly uses: readonly ResolvedUse[];
  readonly sites: TenantSites;
  /** Name of this stack: its policies stand beside those of other stacks. */
  readonly stack: string;
}

/**
 * The other half of connections to other stacks: in the namespace of what is used, on every cluster that it is on, policies
 * that admit this stack's callers. The other stack's own policies stay as they are, and what several admit is admitted.
 */
export function admitForeign({ uses, sites, stack }: AdmitForeignArgs): void {
  const waypoints = foreignWaypoints(uses);
  for (const [tenant, own] of grouped(uses, ({ from }) => from.tenant)) {
    for (const [, edges] of grouped(own.flatMap(edgeOf), ({ to }) => `${to.namespace} ${to.name}`)) {
      const to = edges[0]?.to;
      for (const cluster of to?.clusters ?? []) {
        const site = sites.clusters.get(cluster);
        if (to === undefined || site === undefined) continue;
        const scene = sceneOf(site, sites, waypoints);
        const name = `${cluster}.${to.namespace}.${to.name}.for-${tenant}`;
        new ForeignAdmission(name, { tenant, stack, to, edges, site, scene }, { providers: [site.provider] });
      }
    }
  }
}

/** Namespaces of other stacks whose calls go through a waypoint. */
export function foreignWaypoints(uses: readonly ResolvedUse[]): ReadonlySet<string> {
  return new Set(
    uses.flatMap(({ workload, way }) => (way === "service" && workload.waypoint ? [workload.namespace] : [])),
  );
}

interface ForeignEdge extends Edge {
  readonly to: Workload;
}

/** One edge for each environment that calls. */
function edgeOf({ way, workload, from }: ResolvedUse): ForeignEdge[] {
  if (way !== "service") return [];
  const to = foreignWorkload(workload);
  const port = servedPort(to) ?? workload.port;
  return [{ from, to, ports: [{ port, protocol: "TCP" }] }];
}

function grouped<T>(entries: readonly T[], key: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry));
    if (group === undefined) groups.set(key(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}

/** Arguments of {@link ForeignAdmission}. */
interface ForeignAdmissionArgs {
  /** Whose components call. */
  readonly tenant: string;
  readonly stack: string;
  readonly to: Workload;
  readonly edges: readonly ForeignEdge[];
  readonly site: TenantSite;
  readonly scene: Scene;
}

/** A tenant's callers, admitted to something of another stack on one cluster. */
class ForeignAdmission extends pulumi.ComponentResource {
  constructor(name: string, args: ForeignAdmissionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:tenants:ForeignAdmission", name, {}, opts);
    const own = { parent: this, dependsOn: args.site.after("cilium", "istiod") };
    for (const { apiVersion, kind, metadata, spec } of admissions(args)) {
      new kubernetes.apiextensions.CustomResource(name, { apiVersion, kind, metadata, spec }, own);
    }
    const binding = readersOf(args);
    if (binding !== undefined) new kubernetes.rbac.v1.RoleBinding(name, binding, { parent: this });
    this.registerOutputs({ tenant: args.tenant });
  }
}

/** Lets the callers' namespaces fetch how to sign in to a database; see data/shared-connection.ts. */
function readersOf({ tenant, stack, to, edges, scene }: ForeignAdmissionArgs) {
  if (to.kind !== "database" || !isTold(to)) return undefined;
  const callers = edges.flatMap(({ from }) =>
    isWorkload(from) && from.clusters.includes(scene.cluster) ? [from] : [],
  );
  if (callers.length === 0) return undefined;
  const args = { database: to, callers: callers.map(({ namespace }) => namespace) };
  return readersBinding(admissionName(to, stack, tenant), args);
}

/** A name that no other stack and no other tenant uses. */
function admissionName({ name }: Workload, stack: string, tenant: string): string {
  return `${name}-for-${digest(`${stack}/${tenant}`)}`;
}

/** The policies, by names of this stack and this tenant alone. */
export function admissions({ tenant, stack, to, edges, scene }: Omit<ForeignAdmissionArgs, "site">): Manifest[] {
  const name = admissionName(to, stack, tenant);
  const incoming = { in: edges, out: [] };
  const through = to.kind === "component" && behindWaypoint(to, scene) ? to : undefined;
  const { egress: _, ...network } =
    through === undefined ? workloadPolicy(to, incoming, scene) : waypointPolicy([[through, incoming]], scene);
  const mesh =
    through === undefined ? workloadAuthorization(to, incoming, scene) : [waypointAuthorization(through, incoming)];
  const policies = [networkPolicy(name, to.namespace, { ...network, egress: [] }), ...mesh];
  return policies.map((one) => ({ ...one, metadata: { ...one.metadata, name, namespace: to.namespace } }));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Manifest, pullLogin, REGISTRY_LOGIN } from "../addons";
import { alertRules } from "./alerts";
import { closedWaypoint, waypointAuthorization, workloadAuthorization } from "./authorization";
import type { Cell } from "./cells";
import { componentObjects, componentService, isNeeded } from "./component";
import { variablesName } from "./configuration";
import { isGlobal } from "./control-objects";
import { kept } from "./data/kept";
import type { Edges } from "./edges";
import {
  cellWaypoint,
  defaultDeny,
  LIMITS,
  LOCAL_FIRST,
  namespaceLabels,
  networkPolicy,
  quotaSpec,
} from "./guard-rails";
import { waypointPolicy, workloadPolicy } from "./network-policy";
import type { PlannedComponent, Workload } from "./plan";
import type { Scene } from "./scene";
import type { TenantSite } from "./site";

/** Arguments of {@link TenantCell}. */
export interface TenantCellArgs {
  readonly cell: Cell;
  readonly edges: Edges;
  readonly scene: Scene;
  readonly site: TenantSite;
  /** Kinds and controllers of the cluster; nothing where another stack made them. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/**
 * A project's environment on one cluster: the namespace with its guard rails, and the policies of what runs in it. What
 * runs there is made by others: by Argo CD and OpenChoreo, or by the operators of databases.
 */
export class TenantCell extends pulumi.ComponentResource {
  /** The namespace; whatever is made in it comes after. */
  readonly namespace: kubernetes.core.v1.Namespace;
  private readonly prefix: string;
  readonly #args: TenantCellArgs;
  private readonly own: pulumi.CustomResourceOptions;

  constructor(name: string, args: TenantCellArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:tenants:Cell", name, {}, opts);
    this.prefix = name;
    this.#args = args;
    const { cell, scene } = args;
    // What guards data stays with the data.
    const keep = cell.holds === "databases" ? kept({ purge: purgeOf(cell), production: cell.production }) : {};
    this.namespace = this.makeNamespace({ parent: this, dependsOn: args.after, ...keep });
    this.own = { parent: this, dependsOn: [this.namespace], ...keep };
    this.makeGuardRails();
    for (const workload of [...cell.components, ...cell.databases]) this.makePolicies(workload);
    if (cell.components.length > 0) this.makeLogin();
    for (const component of cell.components) this.makeObjects(component);
    if (this.hasWaypoint) this.makeWaypoint();
    for (const workload of cell.elsewhere) {
      // Databases have Services of their own; see data/services.ts.
      if (workload.kind === "component" && scene.meshed) this.makeService(workload);
    }
    this.makeAlerts();
    this.registerOutputs({ tenant: cell.tenant });
  }

  private get hasWaypoint(): boolean {
    const { cell, scene } = this.#args;
    return scene.meshed && scene.waypoints.has(cell.namespace);
  }

  private makeNamespace(opts: pulumi.CustomResourceOptions): kubernetes.core.v1.Namespace {
    const { cell, scene } = this.#args;
    const labels = namespaceLabels(cell, { meshed: scene.meshed, waypoint: this.hasWaypoint });
    const annotations = scene.meshed ? LOCAL_FIRST : {};
    return new kubernetes.core.v1.Namespace(
      this.prefix,
      { metadata: { name: cell.namespace, labels, annotations } },
      opts,
    );
  }

  private makeGuardRails(): void {
    const { prefix, own } = this;
    const { cell, scene } = this.#args;
    const { namespace, owners } = cell;
    const metadata = { name: "tenant", namespace };
    new kubernetes.core.v1.ResourceQuota(`${prefix}-quota`, { metadata, spec: quotaSpec(cell) }, own);
    new kubernetes.core.v1.LimitRange(`${prefix}-limits`, { metadata, spec: LIMITS }, own);
    const apiGroup = "rbac.authorization.k8s.io";
    new kubernetes.rbac.v1.RoleBinding(
      `${prefix}-owners`,
      {
        metadata: { name: "owners", namespace },
        // Who may see, not change: what runs is what Git says.
        roleRef: { apiGroup, kind: "ClusterRole", name: "view" },
        subjects: owners.map((name) => ({ apiGroup, kind: "Group", name })),
      },
      own,
    );
    for (const manifest of defaultDeny(namespace, scene.meshed)) this.make(`${prefix}-default-deny`, manifest);
  }

  /** What images are pulled by, where nodes cannot do it by themselves. */
  private makeLogin(): void {
    const { cell, site } = this.#args;
    const login = pullLogin(site.registry);
    if (login === undefined) return;
    const metadata = { name: REGISTRY_LOGIN, namespace: cell.namespace };
    const stringData = { ".dockerconfigjson": login };
    const type = "kubernetes.io/dockerconfigjson";
    new kubernetes.core.v1.Secret(`${this.prefix}-registry`, { metadata, type, stringData }, this.own);
  }

  private makePolicies(workload: Workload): void {
    const { cell, edges, scene } = this.#args;
    const name = `${this.prefix}.${workload.name}`;
    const own = edges.of(workload);
    this.make(name, networkPolicy(workload.name, cell.namespace, workloadPolicy(workload, own, scene)));
    for (const manifest of workloadAuthorization(workload, own, scene)) this.make(name, manifest);
  }

  private makeWaypoint(): void {
    const { prefix } = this;
    const { cell, edges, scene } = this.#args;
    const { namespace } = cell;
    const components = [...cell.components, ...cell.elsewhere.filter((one) => one.kind === "component")];
    const served = components.filter(({ settings }) => settings.port !== undefined);
    const global = served.some((one) => isGlobal(one, edges));
    const policy = waypointPolicy(
      served.map((component) => [component, edges.of(component)]),
      scene,
    );
    this.make(`${prefix}-waypoint`, networkPolicy("waypoint", namespace, policy));
    this.make(`${prefix}-waypoint`, cellWaypoint(namespace, global));
    this.make(`${prefix}-waypoint`, closedWaypoint(namespace));
    for (const component of served) {
      this.make(`${prefix}.${component.name}.requests`, waypointAuthorization(component, edges.of(component)));
    }
  }

  /** What a component is told, how it is reached, and the Service that Git does not bring. */
  private makeObjects(component: PlannedComponent): void {
    const { edges, site } = this.#args;
    const name = `${this.prefix}.${component.name}`;
    const { variables, objects } = componentObjects(component, edges.of(component), site);
    if (Object.keys(variables).length > 0) {
      const metadata = { name: variablesName(component.name), namespace: component.namespace };
      new kubernetes.core.v1.ConfigMap(name, { metadata, data: variables }, this.own);
    }
    for (const manifest of objects) this.make(name, manifest);
    // OpenChoreo renders the Service of what it runs.
    if (component.deploy === "plain" && isNeeded(component)) this.makeService(component);
  }

  private makeService(component: PlannedComponent): void {
    new kubernetes.core.v1.Service(`${this.prefix}.${component.name}`, componentService(component), this.own);
  }

  private makeAlerts(): void {
    const { cell, site } = this.#args;
    const rules = site.has("kube-prometheus-stack") ? alertRules(cell) : undefined;
    if (rules !== undefined) this.make(`${this.prefix}-alerts`, rules);
  }

  private make(name: string, { apiVersion, kind, metadata, spec }: Manifest): void {
    new kubernetes.apiextensions.CustomResource(name, { apiVersion, kind, metadata, spec }, this.own);
  }
}

function purgeOf({ databases, elsewhere }: Cell): boolean | undefined {
  const all = [...databases, ...elsewhere.flatMap((one) => (one.kind === "database" ? [one] : []))];
  return all[0]?.purge;
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AgentPlane, applicationHost, GATEWAY, observerHost, SECRET_STORE } from "../addons";
import { type FleetPlan, type PlannedCluster, planeName } from "../fleet";

const API = "openchoreo.dev/v1alpha1";

/** OpenChoreo's kind for each plane, visible in all organizations. */
const KINDS = {
  data: "ClusterDataPlane",
  workflow: "ClusterWorkflowPlane",
  observability: "ClusterObservabilityPlane",
} as const satisfies Record<AgentPlane, string>;

/** What the specification of a plane is made of. */
export interface PlaneArgs {
  readonly fleet: FleetPlan;
  readonly cluster: PlannedCluster;
  /** PEM of the authority that signs this plane's agent, and nobody else. */
  readonly agentCa: pulumi.Input<string>;
  /** Whether the cluster has the platform's gateway. */
  readonly hasGateway: boolean;
  /** Whether the cluster has the platform's secret store. */
  readonly hasSecretStore: boolean;
}

/** The specification of a plane. Source: the definitions in the control plane's chart. */
export function planeSpec(plane: AgentPlane, args: PlaneArgs): object {
  const { fleet, cluster, agentCa, hasSecretStore } = args;
  const common = { planeID: planeName(fleet, cluster), clusterAgent: { clientCA: { value: agentCa } } };
  if (plane === "observability") return { ...common, observerURL: `https://${observerHost(fleet, cluster)}` };
  const store = hasSecretStore ? { secretStoreRef: { name: SECRET_STORE } } : {};
  const observed = { ...common, ...store, ...observabilityRef(fleet, cluster) };
  return plane === "data" ? { ...observed, ...gatewayRef(args) } : observed;
}

/** Where components are reached from outside. */
function gatewayRef({ fleet, cluster, hasGateway }: PlaneArgs) {
  if (!hasGateway) return {};
  const { name, namespace, listener: listenerName } = GATEWAY;
  const https = { host: applicationHost(fleet, cluster), port: 443, listenerName };
  return { gateway: { ingress: { external: { name, namespace, https } } } };
}

/** Who shows what a cluster's workloads say: the cluster itself where it can, else the first that can. */
function observabilityRef(fleet: FleetPlan, cluster: PlannedCluster) {
  const observers = fleet.clusters.filter(({ planes }) => planes.includes("observability"));
  const chosen = observers.find(({ name }) => name === cluster.name) ?? observers[0];
  if (chosen === undefined) return {};
  return { observabilityPlaneRef: { kind: KINDS.observability, name: planeName(fleet, chosen) } };
}

/** Arguments of {@link PlaneRegistration}. */
export interface PlaneRegistrationArgs {
  readonly fleet: FleetPlan;
  readonly cluster: PlannedCluster;
  /** By plane: what its specification needs, and what has to be there before. */
  readonly planes: ReadonlyMap<AgentPlane, Omit<PlaneArgs, "fleet" | "cluster">>;
  /** The control plane, and the cluster's agents: a plane is unregistered while both still run. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** The planes of one cluster, registered with the control plane. */
export class PlaneRegistration extends pulumi.ComponentResource {
  constructor(
    name: string,
    { fleet, cluster, planes, after }: PlaneRegistrationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:planes:PlaneRegistration", name, {}, opts);
    for (const [plane, args] of planes) {
      const metadata = {
        name: planeName(fleet, cluster),
        annotations: { "openchoreo.dev/display-name": cluster.name },
      };
      new kubernetes.apiextensions.CustomResource(
        `${name}-${plane}`,
        { apiVersion: API, kind: KINDS[plane], metadata, spec: planeSpec(plane, { fleet, cluster, ...args }) },
        { parent: this, dependsOn: after },
      );
    }
    this.registerOutputs();
  }
}

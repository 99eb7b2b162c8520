import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterApiPlan, FleetPlan, PlannedCluster } from "../../fleet";
import type { ClusterConnection } from "../connection";
import { selectContext } from "../kubeconfig";
import type { AwaitedObject, ClusterProbe } from "../probe";
import { providerOptions } from "../provider-options";
import { makeEncryptionSecret } from "./encryption";
import { type ClusterApiObject, type ClusterApiObjects, clusterApiObjects } from "./objects";

/** Arguments of {@link ClusterApiCluster}. */
export interface ClusterApiClusterArgs {
  readonly cluster: PlannedCluster;
  readonly fleet: FleetPlan;
  readonly probe: ClusterProbe;
  /** The control cluster, where Cluster API runs and has its objects. */
  readonly control: ClusterConnection;
}

/** Makes a cluster by Cluster API on the control cluster. @param after What its first object waits for. */
export function makeByClusterApi(
  args: Omit<ClusterApiClusterArgs, "control">,
  after: readonly pulumi.Resource[],
  control: ClusterConnection | undefined,
): ClusterConnection {
  const { name } = args.cluster;
  if (control === undefined) throw new Error(`no control cluster to make cluster "${name}" on`);
  const opts = { providers: [control.provider], dependsOn: [...after] };
  return new ClusterApiCluster(`${name}.cluster-api`, { ...args, control }, opts).connection;
}

/** How long machines and load balancers of a new control plane may take, and a rolling upgrade of the whole cluster. */
const INITIALIZED_SECONDS = 1800;
const AVAILABLE_SECONDS = 3600;

/** How long nodes may take to be drained and machines, load balancers and networks to go; Pulumi would wait ten minutes. */
const DELETE_TIMEOUT = "60m";

/**
 * A cluster that Cluster API makes of objects on the control cluster. The program waits for its API server only, installs
 * Cilium there, and then waits for all of it: nodes are not ready before they have a network.
 */
export class ClusterApiCluster extends pulumi.ComponentResource {
  readonly connection: ClusterConnection;
  private readonly plan: ClusterApiPlan;
  private readonly objects: ClusterApiObjects;
  private readonly made: kubernetes.apiextensions.CustomResource;

  constructor(
    name: string,
    private readonly args: ClusterApiClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:clusters:ClusterApiCluster", name, {}, opts);
    const { cluster, fleet, probe } = args;
    if (cluster.clusterApi === undefined) throw new Error(`cluster "${cluster.name}" is not made by Cluster API`);
    this.plan = cluster.clusterApi;
    this.objects = clusterApiObjects(this.plan);
    this.made = this.makeObjects(name);
    const kubeconfig = this.readKubeconfig(name);
    const provider = new kubernetes.Provider(
      cluster.name,
      { kubeconfig, ...providerOptions(fleet, cluster.name) },
      { parent: this },
    );
    this.connection = {
      name: cluster.name,
      provider,
      kubeconfig,
      // Its address is no secret.
      apiServer: pulumi.unsecret(kubeconfig.apply((text) => selectContext(text).endpoint)),
      probe,
      nodes: (network) => this.waitForNodes(network),
      versions: () => this.versions(),
    };
    this.registerOutputs();
  }

  /**
   * The Cluster is made last and goes first: with it Cluster API itself removes machines, load balancers and network, and
   * it is gone when they are.
   */
  private makeObjects(name: string): kubernetes.apiextensions.CustomResource {
    const { plan, objects } = this;
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: plan.namespace, labels } },
      { parent: this },
    );
    const make = (object: ClusterApiObject, dependsOn: pulumi.Resource[], more: pulumi.CustomResourceOptions = {}) => {
      const { why, apiVersion, kind, spec, annotations } = object;
      const metadata = {
        name: object.name,
        namespace: plan.namespace,
        labels: { "cluster.x-k8s.io/cluster-name": plan.physicalName },
        annotations,
      };
      const resource = { apiVersion, kind, metadata, spec };
      return new kubernetes.apiextensions.CustomResource(`${name}-${why}`, resource, {
        parent: this,
        dependsOn,
        // What was made of a template points at it until it is replaced; Cluster API removes it with the cluster.
        retainOnDelete: object.isTemplate,
        customTimeouts: { delete: DELETE_TIMEOUT },
        ...more,
      });
    };
    const encryption = makeEncryptionSecret(
      `${name}-encryption`,
      { physicalName: plan.physicalName, namespace: plan.namespace },
      { parent: this, protect: plan.protect, dependsOn: namespace },
    );
    const parts = objects.parts.map((part) => make(part, [namespace, encryption]));
    return make(objects.cluster, [namespace, encryption, ...parts], { protect: plan.protect });
  }

  /**
   * The Secret's id comes of the Cluster's, so that it is unknown, and not missing, in a preview of a cluster that is not
   * there yet.
   */
  private readKubeconfig(name: string): pulumi.Output<string> {
    const { plan } = this;
    const running = this.wait(
      [{ object: this.objects.cluster, True: ["ControlPlaneInitialized"] }],
      INITIALIZED_SECONDS,
    );
    const id = pulumi.all([this.made.id, running]).apply(() => `${plan.namespace}/${plan.physicalName}-kubeconfig`);
    const secret = kubernetes.core.v1.Secret.get(`${name}-kubeconfig`, id, { parent: this, dependsOn: this.made });
    return pulumi.secret(secret.data.apply(({ value = "" }) => Buffer.from(value, "base64").toString("utf8")));
  }

  private waitForNodes(network: pulumi.Output<pulumi.Resource[]>): pulumi.Output<pulumi.Resource[]> {
    const { cluster, rolledOut } = this.objects;
    const installed = network.apply((resources) => pulumi.all(resources.map(({ urn }) => urn)));
    const wanted = [
      ...rolledOut.map((object) => ({ object, True: ["Available"], False: ["RollingOut"] })),
      { object: cluster, True: ["Available"] },
    ];
    const ready = this.wait(wanted, AVAILABLE_SECONDS, installed);
    return ready.apply(() => [this.made]) as pulumi.Output<pulumi.Resource[]>;
  }

  /** Waits in `up` alone, and after the objects are there: in a preview nothing is asked. */
  private wait(
    wanted: readonly { object: ClusterApiObject; True?: readonly string[]; False?: readonly string[] }[],
    seconds: number,
    after: pulumi.Output<unknown> = pulumi.output(undefined),
  ): pulumi.Output<void> {
    const { control, probe, cluster } = this.args;
    const objects = wanted.map(({ object, ...conditions }) => awaited(this.plan, object, conditions));
    return pulumi.all([control.kubeconfig, this.made.id, after]).apply(async ([kubeconfig]) => {
      if (pulumi.runtime.isDryRun()) return;
      try {
        await probe.met(kubeconfig, objects, seconds);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const look = `kubectl -n ${this.plan.namespace} get clusters,machines; kubectl -n ${this.plan.namespace} get events`;
        throw new pulumi.RunError(
          `cluster ${cluster.name}: ${why}; on the control cluster look at: ${look}; then run "up" again`,
        );
      }
    });
  }

  private versions() {
    const { kubernetes: controlPlane, pools } = this.plan;
    const nodePools = Object.fromEntries(pools.map(({ name, kubernetes: nodes = controlPlane }) => [name, nodes]));
    return this.made.id.apply(() => ({ kubernetes: controlPlane, nodePools }));
  }
}

/** Plural names of kinds that are waited for. */
const PLURALS: Readonly<Record<string, string>> = {
  Cluster: "clusters",
  KubeadmControlPlane: "kubeadmcontrolplanes",
  MachineDeployment: "machinedeployments",
};

function awaited(
  { namespace }: ClusterApiPlan,
  { apiVersion, kind, name }: ClusterApiObject,
  conditions: Pick<AwaitedObject, "True" | "False">,
): AwaitedObject {
  const [group = "", version = ""] = apiVersion.split("/");
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`no plural of ${kind}`);
  return { group, version, plural, namespace, name, ...conditions };
}

import type * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan, FleetPlan, PlannedCluster } from "../../fleet";
import type { AwsCloud, CloudIdentity, HostedZone } from "../cloud";
import type { ClusterConnection } from "../connection";
import { endpointOf } from "../kubeconfig";
import type { ClusterProbe } from "../probe";
import { providerOptions } from "../provider-options";
import { makeEksAddon } from "./addons";
import { EksBuckets } from "./buckets";
import { EksControlPlane } from "./control-plane";
import { PodIdentity } from "./identity";
import { EksKarpenter } from "./karpenter";
import { accountOf, EksKeys, type Place } from "./keys";
import { eksKubeconfig } from "./kubeconfig";
import { repositoryPrefix } from "./names";
import { EksNetwork } from "./network";
import { EksNodeGroups } from "./node-groups";
import { type AwsTags, awsProvider, tagsOf } from "./providers";
import { EksRegistry } from "./registry";
import { RunnerAccess } from "./runner";

/** Arguments of {@link EksCluster}. */
export interface EksClusterArgs {
  readonly cluster: PlannedCluster;
  readonly fleet: FleetPlan;
  readonly probe: ClusterProbe;
  /** The provider of the cluster's region, which add-ons use too. */
  readonly provider: aws.Provider;
  /** The hosted zone of the platform's domain, where there is one. */
  readonly zone?: HostedZone;
}

/** How long access entries may take to be known. Source: EKS' API reference: they are eventually consistent. */
const ADMITTED_SECONDS = 300;

/**
 * A cluster on EKS with all that belongs to it alone: network, keys, control plane, buckets, registry. Nodes come later,
 * when the network add-ons are installed: without Cilium they never become ready.
 */
export class EksCluster extends pulumi.ComponentResource {
  readonly connection: ClusterConnection;
  // Out of reach of the SDK, which walks all that a resource holds whenever an output holds the resource.
  readonly #args: EksClusterArgs;
  readonly #parts: EksParts;
  #groups?: EksNodeGroups;

  constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:EksCluster", name, {}, opts);
    this.#args = args;
    this.#parts = makeParts(args, this);
    const { cluster, probe } = args;
    const { controlPlane, ready } = this.#parts;
    const kubeconfig = this.whenAdmitted(eksKubeconfig(controlPlane.cluster, this.#parts.plan.region));
    const provider = new kubernetes.Provider(
      cluster.name,
      { kubeconfig, ...providerOptions(args.fleet, cluster.name) },
      // Before these, the API server cannot be reached or refuses everyone.
      { parent: this, dependsOn: [...ready] },
    );
    this.connection = {
      name: cluster.name,
      provider,
      kubeconfig,
      apiServer: controlPlane.cluster.endpoint.apply(endpointOf),
      probe,
      cloud: this.cloud(),
      nodes: (network) => this.makeNodes(network),
      versions: () => this.versions(),
    };
  }

  /**
   * The kubeconfig, in `up` not before the API server admits it: AWS tells its API servers of access entries a minute or so
   * after they are made, and until then the first objects would be refused. A preview asks nothing, and waits for nothing
   * that is not known yet.
   */
  private whenAdmitted(kubeconfig: pulumi.Output<string>): pulumi.Output<string> {
    if (pulumi.runtime.isDryRun()) return kubeconfig;
    const { cluster, probe } = this.#args;
    const made = this.#parts.ready.map((resource) => resource.urn);
    return pulumi.secret(
      pulumi.all([kubeconfig, pulumi.all(made)]).apply(async ([text]) => {
        try {
          await probe.admitted(text, ADMITTED_SECONDS);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          throw new pulumi.RunError(
            `cluster ${cluster.name}: ${why}; check that the role that runs "up" has an entry with policy: admin in aws.access`,
          );
        }
        return text;
      }),
    );
  }

  private makeNodes(network: pulumi.Output<pulumi.Resource[]>): pulumi.Output<pulumi.Resource[]> {
    const args = this.#args;
    const parts = this.#parts;
    const { plan, network: vpc, controlPlane } = parts;
    const { cluster } = controlPlane;
    const groups = new EksNodeGroups(
      `${args.cluster.name}.nodes`,
      {
        plan,
        cluster,
        subnetIds: vpc.privateSubnetIds,
        nodesGroup: vpc.nodesGroup,
        keyArn: parts.keys.data.arn,
        tags: parts.tags,
        after: network.apply((installed) => [...installed, ...vpc.wayOut]),
      },
      { parent: this },
    );
    const coredns = makeEksAddon(
      `${args.cluster.name}.coredns`,
      "coredns",
      { plan, cluster },
      // Without nodes it would never be active.
      { parent: this, dependsOn: [...groups.all] },
    );
    this.registerOutputs({ endpoint: cluster.endpoint });
    this.#groups = groups;
    return pulumi.output<pulumi.Resource[]>([...groups.all, coredns]);
  }

  private versions() {
    const { version } = this.#parts.controlPlane.cluster;
    const nodePools = pulumi.all(this.#groups?.versions ?? {});
    return pulumi.all([version, nodePools]).apply(([kubernetes, pools]) => ({ kubernetes, nodePools: pools }));
  }

  /** What the add-ons get of the account. */
  private cloud(): AwsCloud {
    const args = this.#args;
    const parts = this.#parts;
    const { plan, place, network, controlPlane, keys, buckets, karpenter, tags } = parts;
    return {
      kind: "aws",
      region: plan.region,
      provider: args.provider,
      account: place.account,
      partition: pulumi.output(plan.partition),
      clusterName: controlPlane.cluster.name,
      vpcId: network.vpcId,
      network: {
        cidr: plan.cidr,
        subnetIds: network.subnetIds,
        routeTableIds: network.routeTableIds,
        groups: { nodes: network.nodesGroup.id, api: network.apiGroup.id },
      },
      privateSubnetIds: pulumi.all([...network.privateSubnetIds]),
      keyArn: keys.data.arn,
      buckets: buckets.names,
      registry: pulumi.interpolate`${place.account}.dkr.ecr.${plan.region}.amazonaws.com`,
      repositories: repositoryPrefix(plan),
      zone: args.zone,
      karpenter: karpenter && { nodeRole: karpenter.nodeRole, queue: karpenter.queue },
      tags,
      identify: (name, identity, opts) => this.identify(name, identity, opts),
    };
  }

  private identify(name: string, identity: CloudIdentity, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    const { plan, place, controlPlane, agent } = this.#parts;
    const { cluster } = controlPlane;
    const args = { identity, cluster, physicalName: plan.physicalName, account: place.account, agent };
    return new PodIdentity(name, args, { ...opts, providers: [this.#args.provider] }).association;
  }
}

/** Everything of a cluster but its nodes. */
interface EksParts {
  readonly plan: EksPlan;
  readonly place: Place;
  readonly tags: AwsTags;
  readonly keys: EksKeys;
  readonly network: EksNetwork;
  readonly controlPlane: EksControlPlane;
  readonly agent: aws.eks.Addon;
  readonly buckets: EksBuckets;
  /** Absent where no Karpenter adds nodes. */
  readonly karpenter?: EksKarpenter;
  /** What has to be there before the API server can be used. */
  readonly ready: readonly pulumi.Resource[];
}

function makeParts({ cluster, fleet, provider }: EksClusterArgs, parent: pulumi.Resource): EksParts {
  const { name, eks: plan } = cluster;
  if (plan === undefined || fleet.aws === undefined) throw new Error(`cluster "${name}" is not on EKS`);
  const own = { parent };
  const tags = tagsOf(fleet, name);
  const { accountId, runner, imageScanning: scanning } = fleet.aws;
  const place = { account: accountOf(accountId, parent), partition: plan.partition, region: plan.region };
  const keys = new EksKeys(`${name}.keys`, { ...place, plan }, own);
  const keyArn = keys.data.arn;
  const network = new EksNetwork(`${name}.network`, { ...place, plan, keyArn }, own);
  const controlPlane = new EksControlPlane(`${name}.control-plane`, { plan, network, keys, tags }, own);
  const made = { plan, cluster: controlPlane.cluster };
  const agent = makeEksAddon(`${name}.pod-identity-agent`, "podIdentityAgent", made, own);
  const karpenter = plan.karpenter
    ? new EksKarpenter(`${name}.karpenter-aws`, { ...made, account: place.account, keyArn }, own)
    : undefined;
  const { replicaRegion: region } = plan;
  const replica =
    region === undefined ? undefined : awsProvider(`${name}.replicas`, { region, tags, accountId }, parent);
  const buckets = new EksBuckets(`${name}.buckets`, { ...place, plan, keyArn, replica, accountId }, own);
  if (cluster.planes.includes("workflow")) {
    new EksRegistry(`${name}.registry`, { plan, scanning, account: place.account, keyArn, tags }, own);
  }
  const access =
    runner && new RunnerAccess(`${name}.runner`, { cluster, plan, fleet, runner, network, provider, tags }, own);
  const ready = [...controlPlane.access, ...(access?.ready ?? [])];
  return { plan, place, tags, keys, network, controlPlane, agent, buckets, karpenter, ready };
}

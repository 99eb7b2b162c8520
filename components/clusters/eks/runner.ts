import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan, FleetPlan, PlannedCluster } from "../../fleet";
import type { EksNetwork } from "./network";
import { VpcPeering } from "./peering";
import { type AwsTags, awsProvider } from "./providers";
import { admit, trafficTo } from "./traffic";

/** Arguments of {@link RunnerAccess}. */
export interface RunnerAccessArgs {
  readonly cluster: PlannedCluster;
  readonly plan: EksPlan;
  readonly fleet: FleetPlan;
  readonly runner: NonNullable<NonNullable<FleetPlan["aws"]>["runner"]>;
  readonly network: EksNetwork;
  readonly provider: aws.Provider;
  readonly tags: AwsTags;
}

/** Joins a cluster's network with the one that `pulumi up` runs in, which may reach the API server and nothing else. */
export class RunnerAccess extends pulumi.ComponentResource {
  /** What has to be there before `up` can reach the API server. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: RunnerAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:RunnerAccess", name, {}, opts);
    const { cluster, plan, fleet, runner, network, provider, tags } = args;
    const there = { region: runner.region, tags, accountId: fleet.aws?.accountId };
    const far = runner.region === plan.region ? provider : awsProvider(`${name}-aws`, there, this);
    const peering = new VpcPeering(
      `${name}-peering`,
      {
        requester: { ...plan, name: cluster.name, provider, vpcId: network.vpcId, routeTables: network.routeTableIds },
        accepter: {
          ...runner,
          name: "runner",
          provider: far,
          routeTables: new Map(runner.routeTableIds.map((id) => [id, id])),
        },
      },
      { parent: this },
    );
    const groups = { nodes: network.nodesGroup.id, api: network.apiGroup.id };
    const rules = admit(
      name,
      { traffic: trafficTo(cluster, "runner"), cidr: runner.cidr, groups },
      { parent: this, provider },
    );
    this.ready = [...peering.routes, ...rules];
    this.registerOutputs();
  }
}

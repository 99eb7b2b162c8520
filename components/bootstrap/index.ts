import * as pulumi from "@pulumi/pulumi";
import { accountOf, awsProvider, ownershipTags } from "../clusters";
import { type BootstrapPlan, planBootstrap } from "./plan";
import { RunnerNetwork } from "./runner-network";
import { StateStore } from "./state-store";

export { type BootstrapPlan, planBootstrap };

/** What the bootstrap stack puts out, to be used by people and in other stacks' settings. */
export interface BootstrapOutputs {
  /** For `pulumi login`. */
  readonly backend: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  /** As `platform.aws.runner` takes it. */
  readonly runner?: pulumi.Output<{
    readonly region: string;
    readonly vpcId: string;
    readonly cidr: string;
    readonly routeTableIds: readonly string[];
  }>;
  /** Where to start what runs `pulumi up`. */
  readonly runnerPlacement?: pulumi.Output<{ readonly subnetIds: readonly string[]; readonly securityGroupId: string }>;
}

/** What is there before any other stack: the place of their states, and the network that `pulumi up` runs in. */
export class Bootstrap extends pulumi.ComponentResource {
  readonly outputs: BootstrapOutputs;

  constructor(name: string, plan: BootstrapPlan, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:bootstrap:Bootstrap", name, {}, opts);
    const { region, partition, accountId } = plan;
    const own = { parent: this };
    const place = { account: accountOf(accountId, this), partition, region };
    const { backend, secretsProvider } = new StateStore(`${name}.state`, { ...place, plan }, own);
    const { runner } = plan;
    const network = runner && new RunnerNetwork(`${name}.runner`, { ...place, plan: runner }, own);
    this.outputs = { backend, secretsProvider, ...(runner && network && runnerOutputs(runner, network)) };
    this.registerOutputs({ ...this.outputs });
  }
}

/** Makes the bootstrap stack. */
export function makeBootstrap(plan: BootstrapPlan): BootstrapOutputs {
  const { region, accountId } = plan;
  const tags = ownershipTags(plan.stack, "fleet", plan);
  const provider = awsProvider("bootstrap.aws", { region, tags, accountId });
  return new Bootstrap("bootstrap", plan, { providers: [provider] }).outputs;
}

function runnerOutputs({ region, cidr }: NonNullable<BootstrapPlan["runner"]>, network: RunnerNetwork) {
  const { vpcId, securityGroupId } = network;
  const [tables, subnets] = [pulumi.all([...network.routeTableIds]), pulumi.all([...network.subnetIds])];
  return {
    runner: pulumi.all([vpcId, tables]).apply(([id, routeTableIds]) => ({ region, vpcId: id, cidr, routeTableIds })),
    runnerPlacement: pulumi.all([subnets, securityGroupId]).apply(([subnetIds, group]) => {
      return { subnetIds, securityGroupId: group };
    }),
  };
}

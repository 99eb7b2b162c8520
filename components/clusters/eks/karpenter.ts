import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";
import { LIMITS, physicalName } from "./names";
import { nodeRole } from "./node-groups";
import { resourcePolicy } from "./policy";

/** Arguments of {@link EksKarpenter}. */
export interface EksKarpenterArgs {
  readonly plan: EksPlan;
  readonly cluster: aws.eks.Cluster;
  readonly account: pulumi.Output<string>;
  /** Encrypts the queue. */
  readonly keyArn: pulumi.Input<string>;
}

/**
 * What AWS says of instances that are about to go away, or of their hosts.
 * Source: Karpenter's documentation, CloudFormation reference, "Interruption handling".
 */
const EVENTS = {
  health: { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
  spot: { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
  rebalance: { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
  state: { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
} as const;

/** What Karpenter needs of AWS beside its identity: a role for its nodes, and a queue of interruptions. */
export class EksKarpenter extends pulumi.ComponentResource {
  /** Name of the role of its nodes. */
  readonly nodeRole: pulumi.Output<string>;
  /** Name of the queue. */
  readonly queue: pulumi.Output<string>;

  constructor(name: string, args: EksKarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:EksKarpenter", name, {}, opts);
    const { plan, cluster, keyArn, account } = args;
    const own = { parent: this };
    const { role } = nodeRole(name, plan, "karpenter-nodes", own);
    // EKS makes the entry itself only for nodes of its own groups.
    new aws.eks.AccessEntry(
      `${name}-nodes`,
      { clusterName: cluster.name, principalArn: role.arn, type: "EC2_LINUX" },
      own,
    );
    const queue = new aws.sqs.Queue(
      name,
      {
        name: physicalName(LIMITS.queue, plan.physicalName, "interruptions"),
        messageRetentionSeconds: 300,
        kmsMasterKeyId: keyArn,
      },
      own,
    );
    new aws.sqs.QueuePolicy(`${name}-policy`, { queueUrl: queue.url, policy: queuePolicy(queue, account) }, own);
    for (const [event, pattern] of Object.entries(EVENTS)) {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${event}`,
        {
          name: physicalName(LIMITS.rule, plan.physicalName, "interruptions", event),
          eventPattern: JSON.stringify(pattern),
        },
        own,
      );
      new aws.cloudwatch.EventTarget(`${name}-${event}-target`, { rule: rule.name, arn: queue.arn }, own);
    }
    this.nodeRole = role.name;
    this.queue = queue.name;
    this.registerOutputs({ nodeRole: this.nodeRole, queue: this.queue });
  }
}

function queuePolicy(queue: aws.sqs.Queue, account: pulumi.Output<string>): pulumi.Output<string> {
  return resourcePolicy([
    {
      principal: { Service: "events.amazonaws.com" },
      actions: ["sqs:SendMessage"],
      resources: [queue.arn],
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    },
    {
      effect: "Deny",
      principal: { AWS: "*" },
      actions: ["sqs:*"],
      resources: [queue.arn],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

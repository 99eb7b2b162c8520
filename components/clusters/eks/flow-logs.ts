import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";
import type { Place } from "./keys";
import { LIMITS, physicalName } from "./names";
import { policyDocument, trustPolicy } from "./policy";

/** Arguments of {@link makeFlowLogs}. */
export interface FlowLogsArgs extends Place {
  readonly plan: Pick<EksPlan, "physicalName" | "logDays">;
  readonly vpcId: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
}

/** Records every connection into and out of a network, admitted or not, in an encrypted log group. */
export function makeFlowLogs(name: string, args: FlowLogsArgs, opts: pulumi.CustomResourceOptions): void {
  const { plan, account, vpcId, keyArn } = args;
  const group = new aws.cloudwatch.LogGroup(
    `${name}-flow-logs`,
    { name: `/openchoreo/${plan.physicalName}/flow-logs`, retentionInDays: plan.logDays, kmsKeyId: keyArn },
    opts,
  );
  const role = new aws.iam.Role(
    `${name}-flow-logs-role`,
    {
      name: physicalName(LIMITS.role, plan.physicalName, "flow-logs"),
      assumeRolePolicy: trustPolicy("vpc-flow-logs.amazonaws.com", { StringEquals: { "aws:SourceAccount": account } }),
    },
    opts,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-flow-logs-policy`,
    {
      role: role.id,
      policy: policyDocument([
        {
          actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${group.arn}:*`],
        },
      ]),
    },
    opts,
  );
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: plan.physicalName },
    },
    { ...opts, dependsOn: [policy] },
  );
}

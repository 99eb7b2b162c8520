import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CloudIdentity } from "../cloud";
import { LIMITS, physicalName } from "./names";
import { policyDocument, trustPolicy } from "./policy";

/** Arguments of {@link PodIdentity}. */
export interface PodIdentityArgs {
  readonly identity: CloudIdentity;
  readonly cluster: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
  /** The cluster's name in AWS, as the plan has it. */
  readonly physicalName: string;
  readonly account: pulumi.Input<string>;
  /** EKS' agent, which hands the role's credentials to pods; absent where another stack has made it. */
  readonly agent?: pulumi.Resource;
}

/**
 * A role that the pods of one service account have, by EKS Pod Identity. No other account, cluster or service account can
 * take it. Pods get it when they start, so they come after {@link association}.
 */
export class PodIdentity extends pulumi.ComponentResource {
  readonly association: aws.eks.PodIdentityAssociation;

  constructor(name: string, args: PodIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:PodIdentity", name, {}, opts);
    const { identity, cluster, account, agent } = args;
    const { namespace, serviceAccount, statements } = identity;
    const role = new aws.iam.Role(
      name,
      {
        name: physicalName(LIMITS.role, args.physicalName, namespace, serviceAccount),
        // Source: AWS, "Create IAM role with trust policy required by EKS Pod Identity".
        assumeRolePolicy: trustPolicy(
          "pods.eks.amazonaws.com",
          { StringEquals: { "aws:SourceAccount": account }, ArnEquals: { "aws:SourceArn": cluster.arn } },
          ["sts:AssumeRole", "sts:TagSession"],
        ),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.id, policy: policyDocument(statements) },
      { parent: this },
    );
    this.association = new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      { clusterName: cluster.name, namespace, serviceAccount, roleArn: role.arn },
      { parent: this, dependsOn: agent === undefined ? [policy] : [policy, agent] },
    );
    this.registerOutputs({ roleArn: role.arn });
  }
}

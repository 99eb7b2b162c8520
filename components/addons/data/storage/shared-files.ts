import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsCloud } from "../../../clusters";
import type { TierClass } from "./classes";

/** NFS. */
const PORT = 2049;

/** Arguments of {@link SharedFiles}. */
export interface SharedFilesArgs {
  readonly cloud: AwsCloud;
  /** What the file system is found by in AWS: stack and cluster. */
  readonly label: string;
  /** Whether the files stay when the file system is removed from the program. */
  readonly retain: boolean;
}

/** An encrypted file system that pods of every zone mount, with its way into each private subnet. */
export class SharedFiles extends pulumi.ComponentResource {
  /** The class of its volumes; each is a directory of its own behind an access point. */
  readonly tier: TierClass;

  constructor(name: string, { cloud, label, retain }: SharedFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:addons:SharedFiles", name, {}, opts);
    const own = { parent: this };
    const files = new aws.efs.FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: cloud.keyArn,
        throughputMode: "elastic",
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }],
        tags: { Name: label },
      },
      { ...own, retainOnDelete: retain },
    );
    new aws.efs.FileSystemPolicy(`${name}-policy`, { fileSystemId: files.id, policy: mountPolicy(files) }, own);
    const group = this.securityGroup(name, cloud, label);
    const targets = [...cloud.network.subnetIds].map(([zone, subnetId]) => {
      const target = { fileSystemId: files.id, subnetId, securityGroups: [group.id] } satisfies aws.efs.MountTargetArgs;
      return new aws.efs.MountTarget(`${name}-mount-${zone}`, target, own);
    });
    // Known once it can be mounted.
    const fileSystemId = pulumi.all([files.id, ...targets.map(({ id }) => id)]).apply(([id = ""]) => id);
    this.tier = {
      tier: "shared",
      provisioner: "efs.csi.aws.com",
      parameters: { provisioningMode: "efs-ap", fileSystemId, directoryPerms: "700", basePath: "/volumes" },
      annotations: {},
      expandable: true,
      // The same in every zone.
      binding: "Immediate",
    };
    this.registerOutputs({ fileSystemId: files.id });
  }

  /** Nodes and pods are in the cluster's own network; nothing else has a way in. */
  private securityGroup(name: string, { vpcId, network }: AwsCloud, label: string): aws.ec2.SecurityGroup {
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId, description: "Mounts of the shared file system", tags: { Name: `${label}-files` } },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-access-nfs`,
      {
        securityGroupId: group.id,
        description: "NFS from the cluster",
        cidrIpv4: network.cidr,
        ipProtocol: "tcp",
        fromPort: PORT,
        toPort: PORT,
      },
      { parent: this },
    );
    return group;
  }
}

/** Whoever reaches a mount target may mount, and only with TLS. Source: AWS, "Using IAM to control access to EFS". */
function mountPolicy(files: aws.efs.FileSystem): pulumi.Output<string> {
  const everyone = { Principal: { AWS: "*" }, Resource: files.arn };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        ...everyone,
        Action: ["ClientMount", "ClientWrite", "ClientRootAccess"].map((action) => `elasticfilesystem:${action}`),
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
      {
        Effect: "Deny",
        ...everyone,
        Action: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}

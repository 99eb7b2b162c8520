import * as pulumi from "@pulumi/pulumi";
import type { AwsCloud } from "../../components/clusters";

/** What a cluster in AWS gives its add-ons, with names that say what they are. */
export function awsCloud(cluster: string): AwsCloud {
  const known = (text: string) => pulumi.output(text);
  const bucket = (use: string) => known(`test-${cluster}-${use}`);
  return {
    kind: "aws",
    region: "eu-west-1",
    provider: undefined as unknown as AwsCloud["provider"],
    account: known("123456789012"),
    partition: known("aws"),
    clusterName: known(`test-${cluster}`),
    vpcId: known("vpc-1"),
    network: {
      cidr: "10.2.0.0/16",
      subnetIds: new Map([["euw1-az1", known("subnet-1")]]),
      routeTableIds: new Map([["euw1-az1", known("rtb-1")]]),
      groups: { nodes: known("sg-nodes"), api: known("sg-api") },
    },
    privateSubnetIds: pulumi.output(["subnet-1", "subnet-2", "subnet-3"]),
    keyArn: known("arn:aws:kms:eu-west-1:123456789012:key/1"),
    buckets: { metrics: bucket("metrics"), backups: bucket("backups"), logs: bucket("logs") },
    registry: known("123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
    repositories: `test-${cluster}`,
    zone: { id: known("Z1"), name: "choreo.test" },
    karpenter: { nodeRole: known(`test-${cluster}-node`), queue: known(`test-${cluster}-interruptions`) },
    tags: { stack: "test", cluster },
    identify: () => {
      throw new Error("identities are not made here");
    },
  };
}

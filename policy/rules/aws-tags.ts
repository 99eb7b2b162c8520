import { stackOf } from "../lib/aws";
import { type Addition, type Resource, resourceRule, textList, types } from "../lib/rule";
import { at, isFields, isMissing, json, UNKNOWN } from "../lib/values";

/** What is paid for, or opens or holds something, and can have tags. */
const TAGGED = types(
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ebs/volume:Volume",
  "aws:ec2/eip:Eip",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/instance:Instance",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ec2transitgateway/transitGateway:TransitGateway",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:eks/nodeGroup:NodeGroup",
  "aws:iam/role:Role",
  "aws:kms/key:Key",
  "aws:route53/zone:Zone",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
);

export const awsTags = resourceRule({
  name: "aws-tags",
  description: "What is made in AWS says of which stack and cluster it is.",
  severity: "low",
  enforcement: "remediate",
  reason: "without tags nobody knows who pays for it, or whether it may be deleted",
  fix: "Set the tags in defaultTags of the provider; this rule adds stack and cluster where it is allowed to remedy.",
  options: { tags: textList("Tags that everything has.", ["stack", "cluster"]) },
  appliesTo: TAGGED,
  check: (resource, report, { tags }) => {
    const lacking = lackingTags(resource, tags);
    if (lacking.length > 0) report(`no tag ${lacking.join(", ")}`);
  },
  remedy: (resource, { tags }) =>
    lackingTags(resource, tags).flatMap((tag): Addition[] => {
      const value = known(tag, resource);
      return value === undefined ? [] : [{ path: ["tags", tag], value }];
    }),
});

function lackingTags({ props, provider }: Resource, tags: readonly string[]): string[] {
  const byDefault = at(json(provider?.props.defaultTags), "tags");
  const places = [props.tags, props.tagsAll, byDefault];
  if (places.includes(UNKNOWN) || json(provider?.props.defaultTags) === UNKNOWN) return [];
  return tags.filter((tag) => places.every((place) => !isFields(place) || isMissing(place[tag])));
}

/** The value of a tag that follows from where a resource stands: its name begins with its cluster's. */
function known(tag: string, resource: Resource): string | undefined {
  if (tag === "stack") return stackOf(resource);
  const [cluster, ...rest] = resource.name.split(".");
  return tag === "cluster" && rest.length > 0 && cluster !== "" ? cluster : undefined;
}

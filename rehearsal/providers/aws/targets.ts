import type { Item } from "./account";
import type { Call, Target } from "./model";
import { text } from "./values";

/** Type tokens of what others name. */
export const TYPES = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  routeTable: "aws:ec2/routeTable:RouteTable",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  eip: "aws:ec2/eip:Eip",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  peering: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  instance: "aws:ec2/instance:Instance",
  transitGateway: "aws:ec2transitgateway/transitGateway:TransitGateway",
  transitRouteTable: "aws:ec2transitgateway/routeTable:RouteTable",
  vpcAttachment: "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
  peeringAttachment: "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
  cluster: "aws:eks/cluster:Cluster",
  nodeGroup: "aws:eks/nodeGroup:NodeGroup",
  addon: "aws:eks/addon:Addon",
  accessEntry: "aws:eks/accessEntry:AccessEntry",
  role: "aws:iam/role:Role",
  policy: "aws:iam/policy:Policy",
  instanceProfile: "aws:iam/instanceProfile:InstanceProfile",
  key: "aws:kms/key:Key",
  replicaKey: "aws:kms/replicaKey:ReplicaKey",
  alias: "aws:kms/alias:Alias",
  bucket: "aws:s3/bucket:Bucket",
  bucketVersioning: "aws:s3/bucketVersioning:BucketVersioning",
  queue: "aws:sqs/queue:Queue",
  topic: "aws:sns/topic:Topic",
  eventRule: "aws:cloudwatch/eventRule:EventRule",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  zone: "aws:route53/zone:Zone",
  healthCheck: "aws:route53/healthCheck:HealthCheck",
  repository: "aws:ecr/repository:Repository",
  fileSystem: "aws:efs/fileSystem:FileSystem",
  secret: "aws:secretsmanager/secret:Secret",
} as const;

/** Something of EC2, by its id. */
function ec2(type: string, code: string, what: string): Target {
  return { type, missing: (id) => [`${code}.NotFound`, `The ${what} ID '${id}' does not exist`] };
}

/** Whether an ARN is of another account, or of AWS itself. */
export function isForeign(arn: string, { accountId }: Pick<Call, "accountId">): boolean {
  const owner = arn.split(":")[4] ?? "";
  return arn.startsWith("arn:") && owner !== "" && owner !== accountId;
}

function byArn(type: string): Target["find"] {
  return (arn, { view }) => view.all(type).find((item) => text(item.state, "arn") === arn);
}

export const vpc = ec2(TYPES.vpc, "InvalidVpcID", "vpc");
export const subnet = ec2(TYPES.subnet, "InvalidSubnetID", "subnet");
export const routeTable = ec2(TYPES.routeTable, "InvalidRouteTableID", "routeTable");
export const natGateway = ec2(TYPES.natGateway, "InvalidNatGatewayID", "natGateway");
export const internetGateway: Target = {
  ...ec2(TYPES.internetGateway, "InvalidInternetGatewayID", "internetGateway"),
  // `local` is what a route to the VPC itself says.
  foreign: (id) => id === "local" || id.startsWith("vgw-"),
};
export const allocation = ec2(TYPES.eip, "InvalidAllocationID", "allocation");
export const peering: Target = {
  ...ec2(TYPES.peering, "InvalidVpcPeeringConnectionID", "vpcPeeringConnection"),
  // A connection is known at both of its ends.
  find: (id, { view, region }) =>
    view
      .all(TYPES.peering)
      .find((item) => item.id === id && [item.region, text(item.state, "peerRegion")].includes(region)),
};
export const transitGateway = ec2(TYPES.transitGateway, "InvalidTransitGatewayID", "transitGateway");
export const transitRouteTable = ec2(TYPES.transitRouteTable, "InvalidRouteTableID", "transitGatewayRouteTable");
export const transitAttachment: Target = {
  ...ec2(TYPES.vpcAttachment, "InvalidTransitGatewayAttachmentID", "transitGatewayAttachment"),
  also: [TYPES.peeringAttachment],
  find: (id, { view, region }) =>
    view.get(TYPES.vpcAttachment, id, region) ?? findPeeringAttachment(id, view.all(TYPES.peeringAttachment), region),
};
export const peeringAttachment: Target = {
  ...ec2(TYPES.peeringAttachment, "InvalidTransitGatewayAttachmentID", "transitGatewayAttachment"),
  find: (id, { view, region }) => findPeeringAttachment(id, view.all(TYPES.peeringAttachment), region),
};
function findPeeringAttachment(id: string, all: readonly Item[], region: string): Item | undefined {
  return all.find((item) => item.id === id && [item.region, text(item.state, "peerRegion")].includes(region));
}
export const securityGroup: Target = {
  type: TYPES.securityGroup,
  missing: (id) => ["InvalidGroup.NotFound", `The security group '${id}' does not exist`],
};
export const launchTemplate = ec2(TYPES.launchTemplate, "InvalidLaunchTemplateId", "launch template");
export const launchTemplateName: Target = {
  type: TYPES.launchTemplate,
  find: (name, { view, region }) =>
    view.all(TYPES.launchTemplate, region).find((item) => text(item.state, "name") === name),
  missing: (name) => [
    "InvalidLaunchTemplateName.NotFoundException",
    `The launch template with name '${name}' does not exist`,
  ],
};

export const cluster: Target = {
  type: TYPES.cluster,
  missing: (name) => ["ResourceNotFoundException", `No cluster found for name: ${name}.`],
};

export const roleName: Target = {
  type: TYPES.role,
  missing: (name) => ["NoSuchEntity", `The role with name ${name} cannot be found.`],
};
export const roleArn: Target = {
  type: TYPES.role,
  find: byArn(TYPES.role),
  foreign: isForeign,
  missing: (arn) => [
    "InvalidParameterException",
    `Role with arn: ${arn}, could not be assumed because it does not exist or the trusted entity is not correct`,
  ],
};
export const instanceProfile: Target = {
  type: TYPES.instanceProfile,
  missing: (name) => [
    "InvalidParameterValue",
    `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
  ],
};
export const instanceProfileArn: Target = {
  ...instanceProfile,
  find: byArn(TYPES.instanceProfile),
  foreign: isForeign,
};

/** A customer's key of the region: by ARN, id, or alias. The aliases of AWS's own keys are always there. */
export const key: Target = {
  type: TYPES.key,
  also: [TYPES.replicaKey],
  foreign: (text_, call) => /(^|:)alias\/aws\//.test(text_) || isForeign(text_, call),
  find: (named, { view, region }) => {
    const name = named.replace(/^.*:(key\/|(?=alias\/))/, "");
    if (named.startsWith("arn:") && named.split(":")[3] !== region) return undefined;
    const alias = view.all(TYPES.alias, region).find((item) => item.id === name);
    const id = alias === undefined ? name : text(alias.state, "targetKeyId").replace(/^.*key\//, "");
    return view.get(TYPES.key, id, region) ?? view.get(TYPES.replicaKey, id, region);
  },
  missing: (named) => ["NotFoundException", `Key '${named}' does not exist`],
};

export const bucket: Target = {
  type: TYPES.bucket,
  // The names of buckets are one space for all regions.
  find: (name, { view }) =>
    view.all(TYPES.bucket).find((item) => item.id === name.replace(/^arn:aws:s3:::/, "").split("/")[0]),
  missing: (name) => ["NoSuchBucket", `The specified bucket does not exist: ${name}`],
};
export const queueUrl: Target = {
  type: TYPES.queue,
  missing: () => ["AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."],
};
export const zone: Target = {
  type: TYPES.zone,
  missing: (id) => ["NoSuchHostedZone", `No hosted zone found with ID: ${id}`],
};
export const healthCheck: Target = {
  type: TYPES.healthCheck,
  missing: (id) => ["NoSuchHealthCheck", `A health check with id ${id} does not exist.`],
};
export const repository: Target = {
  type: TYPES.repository,
  missing: (name) => [
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry`,
  ],
};
export const fileSystem: Target = {
  type: TYPES.fileSystem,
  missing: (id) => ["FileSystemNotFound", `File system '${id}' does not exist.`],
};
export const secret: Target = {
  type: TYPES.secret,
  find: (named, { view, region }) =>
    view.all(TYPES.secret, region).find((item) => [item.id, text(item.state, "name")].includes(named)),
  missing: () => ["ResourceNotFoundException", "Secrets Manager can't find the specified secret."],
};
export const logGroup: Target = {
  type: TYPES.logGroup,
  find: (arn, { view }) => view.all(TYPES.logGroup).find((item) => text(item.state, "arn") === arn.replace(/:\*$/, "")),
  foreign: isForeign,
  missing: (arn) => ["ResourceNotFoundException", `The specified log group does not exist: ${arn}`],
};

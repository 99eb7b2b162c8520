import assert from "node:assert/strict";
import { build, ESTATE } from "./estate";
import { ACCOUNT_ID, type Made, World } from "./world";

type Change = (made: Readonly<Record<string, Made>>) => Readonly<Record<string, unknown>>;
type Case = readonly [what: string, piece: string, change: Change, message: RegExp];

/** One field of a good resource made wrong; `undefined` takes it away. Names of its own keep it apart from the good one. */
const CASES: readonly Case[] = [
  ["a field that is missing", "a", () => ({ vpcId: undefined }), /vpcId: Missing required argument/],
  ["a field that nobody knows", "vpc", () => ({ cidr: "10.0.0.0/16" }), /cidr: Invalid or unknown key/],
  [
    "a nested field that nobody knows",
    "cluster",
    () => ({ vpcConfig: { subnetIds: [], subnets: [] } }),
    /vpcConfig\.subnets: Invalid or unknown key/,
  ],
  [
    "a list that is none",
    "cluster",
    () => ({ enabledClusterLogTypes: "api" }),
    /enabledClusterLogTypes: expected a list/,
  ],
  [
    "a number that is none",
    "workers",
    () => ({ scalingConfig: { minSize: "few", desiredSize: 1, maxSize: 1 } }),
    /minSize: expected a number/,
  ],
  ["a region that is none", "vpc", () => ({ region: "us-nowhere-1" }), /Invalid AWS Region: us-nowhere-1/],
  ["a range with host bits", "vpc", () => ({ cidrBlock: "10.0.0.1/16" }), /not a valid CIDR block/],
  ["a range that is too large", "vpc", () => ({ cidrBlock: "10.0.0.0/8" }), /between 16 and 28 significant bits/],
  ["a tag of AWS", "vpc", () => ({ tags: { "aws:owner": "x" } }), /reserved for internal use/],
  ["a tag's key that is too long", "vpc", () => ({ tags: { ["k".repeat(129)]: "x" } }), /1 to 128 characters/],
  ["a tag's value that is too long", "vpc", () => ({ tags: { k: "v".repeat(257) } }), /at most 256 characters/],
  [
    "too many tags",
    "vpc",
    () => ({ tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"])) }),
    /at most 50/,
  ],
  [
    "a VPC that is not there",
    "a",
    () => ({ vpcId: "vpc-0123456789abcdef0" }),
    /InvalidVpcID\.NotFound: The vpc ID 'vpc-0123456789abcdef0' does not exist/,
  ],
  ["a VPC of another region", "a", ({ far }) => ({ vpcId: far?.id }), /InvalidVpcID\.NotFound/],
  ["a subnet outside its VPC", "a", () => ({ cidrBlock: "10.9.0.0/20" }), /InvalidSubnet\.Range/],
  [
    "a subnet in another one",
    "a",
    () => ({ cidrBlock: "10.0.16.0/24" }),
    /InvalidSubnet\.Conflict: The CIDR '10\.0\.16\.0\/24' conflicts/,
  ],
  [
    "a zone that is not there",
    "a",
    () => ({ cidrBlock: "10.0.64.0/20", availabilityZoneId: "use1-az9" }),
    /InvalidParameterValue: Value \(use1-az9\) for parameter availabilityZone is invalid.*us-east-1a \(use1-az6\)/,
  ],
  ["two ways to name a zone", "a", () => ({ availabilityZone: "us-east-1a" }), /conflicts with "availabilityZoneId"/],
  [
    "a reservation outside its subnet",
    "reserved",
    () => ({ cidrBlock: "10.0.32.0/24" }),
    /is not within 10\.0\.16\.0\/20/,
  ],
  ["a reservation of what is reserved", "reserved", () => ({ cidrBlock: "10.0.31.128/25" }), /overlaps with another/],
  [
    "a policy of another file system",
    "filesPolicy",
    () => ({
      policy: document({
        Principal: "*",
        Action: "*",
        Resource: "arn:aws:elasticfilesystem:us-east-1:1:file-system/x",
      }),
    }),
    /InvalidPolicyException|must be in ARN format/,
  ],
  ["a range that the VPC has", "more", () => ({ cidrBlock: "10.0.0.0/20" }), /InvalidVpc\.Range/],
  [
    "a second internet gateway",
    "gateway",
    () => ({}),
    /Resource\.AlreadyAssociated: Network vpc-\w+ already has an internet gateway/,
  ],
  ["a NAT gateway in no subnet", "nat", () => ({ subnetId: "subnet-0123456789abcdef0" }), /InvalidSubnetID\.NotFound/],
  ["a NAT gateway with a used address", "nat", () => ({}), /Resource\.AlreadyAssociated: Elastic IP address/],
  ["a NAT gateway without an address", "nat", () => ({ allocationId: undefined }), /MissingParameter.*AllocationId/],
  ["a route that is there", "out", () => ({}), /RouteAlreadyExists: The route identified by 0\.0\.0\.0\/0/],
  [
    "a route with two targets",
    "out",
    ({ gateway }) => ({ gatewayId: gateway?.id }),
    /only one of gatewayId, natGatewayId can be specified/,
  ],
  ["a route without a target", "out", () => ({ natGatewayId: undefined }), /one of gatewayId, .* must be specified/],
  [
    "a route by an unknown peering",
    "across",
    () => ({ destinationCidrBlock: "10.3.0.0/16", vpcPeeringConnectionId: "pcx-0123456789abcdef0" }),
    /InvalidVpcPeeringConnectionID\.NotFound/,
  ],
  ["a second table of a subnet", "uses", () => ({}), /Resource\.AlreadyAssociated/],
  ["a group of a taken name", "group", ({ group }) => ({ name: group?.state.name }), /InvalidGroup\.Duplicate/],
  ["a group without a VPC", "group", () => ({ vpcId: undefined }), /VPCIdNotSpecified/],
  ["a rule that is there", "in", () => ({}), /InvalidPermission\.Duplicate/],
  [
    "a rule described in Markdown",
    "in",
    () => ({ description: "`up`" }),
    /description: "`up`" is invalid: at most 255/,
  ],
  [
    "a rule with two sources",
    "in",
    ({ group }) => ({ referencedSecurityGroupId: group?.id }),
    /only one of cidrIpv4, referencedSecurityGroupId/,
  ],
  ["a rule without ports", "in", () => ({ fromPort: undefined, toPort: undefined }), /takes fromPort and toPort/],
  ["a rule whose range is malformed", "in", () => ({ cidrIpv4: "10.0.0.0/33" }), /cidrIpv4: .*not a valid CIDR/],
  [
    "a rule that names a group across regions",
    "in",
    ({ farGroup }) => ({ cidrIpv4: undefined, referencedSecurityGroupId: farGroup?.id }),
    /InvalidGroup\.NotFound/,
  ],
  ["an endpoint of another region", "s3", () => ({ serviceName: "com.amazonaws.eu-west-1.s3" }), /InvalidServiceName/],
  ["an endpoint of no service", "ecr", () => ({ serviceName: "com.amazonaws.us-east-1.ecr" }), /InvalidServiceName/],
  [
    "a gateway for what has none",
    "s3",
    () => ({ serviceName: "com.amazonaws.us-east-1.sts" }),
    /does not match available service types/,
  ],
  [
    "an endpoint twice in a zone",
    "ecr",
    ({ a }) => ({ serviceName: "com.amazonaws.us-east-1.sts", subnetIds: [a?.id, a?.id] }),
    /DuplicateSubnetsInSameZone/,
  ],
  ["a second private name of a service", "ecr", () => ({}), /conflicting DNS domain/],
  ["flow logs without a role", "flow", () => ({ iamRoleArn: undefined }), /DeliverLogsPermissionArn/],
  [
    "flow logs to nowhere",
    "flow",
    () => ({ logDestination: `arn:aws:logs:us-east-1:${ACCOUNT_ID}:log-group:none` }),
    /InvalidParameter: LogDestination/,
  ],
  [
    "flow logs by a role of another",
    "flow",
    ({ nodes }) => ({ iamRoleArn: nodes?.state.arn }),
    /cannot be assumed by vpc-flow-logs/,
  ],
  ["a peering with nobody", "peering", () => ({ peerVpcId: "vpc-0123456789abcdef0" }), /InvalidVpcID\.NotFound/],
  ["a second peering", "peering", () => ({}), /VpcPeeringConnectionAlreadyExists/],
  [
    "a peering that accepts itself across regions",
    "peering",
    () => ({ autoAccept: true }),
    /peerRegion cannot be set whilst autoAccept is true/,
  ],
  ["an attachment twice", "attachment", () => ({}), /DuplicateTransitGatewayAttachment/],
  [
    "a transit gateway that is not there",
    "tgwTable",
    () => ({ transitGatewayId: "tgw-0123456789abcdef0" }),
    /InvalidTransitGatewayID\.NotFound/,
  ],
  ["an image that is none", "runner", () => ({ ami: "ubuntu" }), /an AMI is such as/],
  ["a template of a taken name", "template", () => ({}), /InvalidLaunchTemplateName\.AlreadyExistsException/],
  ["user data that is not encoded", "template", () => ({ name: "other", userData: "#!/bin/sh" }), /base64-encoded/],

  [
    "a cluster of a taken name",
    "cluster",
    () => ({}),
    /ResourceInUseException: Cluster already exists with name: test-control-plane/,
  ],
  [
    "a cluster in one zone",
    "cluster",
    ({ a }) => ({ name: "other", vpcConfig: { subnetIds: [a?.id] } }),
    /at least two different AZs/,
  ],
  [
    "a version that is none",
    "cluster",
    () => ({ name: "other", version: "1.99" }),
    /unsupported Kubernetes version 1\.99/,
  ],
  [
    "a role that EKS cannot take",
    "cluster",
    ({ nodes }) => ({ name: "other", roleArn: nodes?.state.arn }),
    /could not be assumed/,
  ],
  [
    "a role that is not there",
    "cluster",
    () => ({ name: "other", roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/none` }),
    /could not be assumed because it does not exist/,
  ],
  [
    "a role that is no ARN",
    "cluster",
    () => ({ roleArn: "test-control" }),
    /roleArn: "test-control" is an invalid ARN/,
  ],
  [
    "a key that is not there",
    "cluster",
    () => ({
      name: "other",
      encryptionConfig: {
        provider: { keyArn: `arn:aws:kms:us-east-1:${ACCOUNT_ID}:key/none` },
        resources: ["secrets"],
      },
    }),
    /NotFoundException: Key/,
  ],
  [
    "a key of another region",
    "cluster",
    ({ replica }) => ({
      name: "other",
      encryptionConfig: { provider: { keyArn: replica?.state.arn }, resources: ["secrets"] },
    }),
    /NotFoundException: Key/,
  ],
  [
    "no endpoint at all",
    "cluster",
    ({ a, b }) => ({ name: "other", vpcConfig: { subnetIds: [a?.id, b?.id], endpointPublicAccess: false } }),
    /Private and public endpoint access cannot be false/,
  ],
  [
    "private ranges on a public endpoint",
    "cluster",
    ({ a, b }) => ({ name: "other", vpcConfig: { subnetIds: [a?.id, b?.id], publicAccessCidrs: ["10.0.0.0/8"] } }),
    /not allowed in publicAccessCidrs/,
  ],
  [
    "services in the VPC's range",
    "cluster",
    () => ({ name: "other", kubernetesNetworkConfig: { serviceIpv4Cidr: "10.0.128.0/20" } }),
    /conflicts with the VPC's CIDR/,
  ],
  [
    "services in a public range",
    "cluster",
    () => ({ name: "other", kubernetesNetworkConfig: { serviceIpv4Cidr: "100.64.0.0/16" } }),
    /must be within/,
  ],
  [
    "an unknown log",
    "cluster",
    () => ({ name: "other", enabledClusterLogTypes: ["apiserver"] }),
    /expected one of \[api/,
  ],

  [
    "nodes of no cluster",
    "workers",
    () => ({ clusterName: "none" }),
    /ResourceNotFoundException: No cluster found for name: none/,
  ],
  [
    "nodes by a role of another",
    "workers",
    ({ control }) => ({ nodeGroupName: "other", nodeRoleArn: control?.state.arn }),
    /service principals \[ec2\.amazonaws\.com\] were not found/,
  ],
  [
    "nodes that are newer",
    "workers",
    () => ({ nodeGroupName: "other", version: "1.35" }),
    /newer than the cluster's version 1\.34/,
  ],
  [
    "nodes that are too old",
    "workers",
    () => ({ nodeGroupName: "other", version: "1.30" }),
    /unsupported Kubernetes version 1\.30/,
  ],
  [
    "nodes in another VPC",
    "workers",
    ({ public: place, farA }) => ({ nodeGroupName: "other", subnetIds: [place?.id, farA?.id] }),
    /InvalidSubnetID\.NotFound/,
  ],
  [
    "nodes of another processor",
    "workers",
    () => ({ nodeGroupName: "other", instanceTypes: ["m7g.large"] }),
    /not valid for requested amiType AL2023_x86_64_STANDARD/,
  ],
  [
    "a template's version that is not there",
    "workers",
    ({ template }) => ({ nodeGroupName: "other", launchTemplate: { id: template?.id, version: "7" } }),
    /VersionNotFound/,
  ],
  [
    "a disk beside a template",
    "workers",
    () => ({ nodeGroupName: "other", diskSize: 50 }),
    /Disk size must be specified within the launch template/,
  ],
  [
    "more at least than at most",
    "workers",
    () => ({ nodeGroupName: "other", scalingConfig: { minSize: 3, desiredSize: 2, maxSize: 2 } }),
    /can't be greater than desired size/,
  ],
  [
    "a pool of zero",
    "workers",
    () => ({ nodeGroupName: "other", scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 0 } }),
    /maxSize: expected to be in the range \(1 - 450\)/,
  ],
  [
    "a taint in Kubernetes' words",
    "workers",
    () => ({ nodeGroupName: "other", taints: [{ key: "a", effect: "NoSchedule" }] }),
    /expected one of \[NO_SCHEDULE/,
  ],
  ["an add-on that EKS has not", "agent", () => ({ addonName: "cilium" }), /Addon specified is not supported/],
  ["an add-on twice", "agent", () => ({}), /ResourceInUseException: Addon already exists/],
  ["an add-on of no cluster", "agent", () => ({ clusterName: "none" }), /No cluster found/],
  ["an identity twice", "identity", () => ({}), /Association already exists: a-/],
  [
    "an identity by a role that pods cannot take",
    "identity",
    ({ nodes }) => ({ serviceAccount: "other", roleArn: nodes?.state.arn }),
    /does not allow pods\.eks\.amazonaws\.com to sts:AssumeRole and sts:TagSession/,
  ],
  ["an entry twice", "entry", () => ({}), /already in use on this cluster/],
  [
    "an entry of the nodes' role, which EKS made",
    "entry",
    ({ nodes }) => ({ principalArn: nodes?.state.arn }),
    /already in use on this cluster/,
  ],
  [
    "an entry of nobody",
    "entry",
    () => ({ principalArn: `arn:aws:iam::${ACCOUNT_ID}:role/none` }),
    /invalid principal/,
  ],
  [
    "a policy without an entry",
    "admin",
    ({ control }) => ({ principalArn: control?.state.arn }),
    /has no access entry/,
  ],
  [
    "a policy that EKS has not",
    "admin",
    () => ({ policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
    /no access policy of EKS/,
  ],
  [
    "a namespace's scope without one",
    "admin",
    () => ({ accessScope: { type: "namespace" } }),
    /accessScope\.namespaces: is required/,
  ],

  ["a role of a taken name", "control", () => ({}), /EntityAlreadyExists: Role with name test-control already exists/],
  [
    "a trust that is no JSON",
    "control",
    () => ({ name: "other", assumeRolePolicy: "{" }),
    /assumeRolePolicy: contains an invalid JSON/,
  ],
  [
    "a trust with resources",
    "control",
    () => ({
      name: "other",
      assumeRolePolicy: document({ Principal: { Service: "ec2.amazonaws.com" }, Resource: "*" }),
    }),
    /MalformedPolicyDocument: Has prohibited field Resource/,
  ],
  [
    "a trust of nobody",
    "control",
    () => ({ name: "other", assumeRolePolicy: document({}) }),
    /Missing required field Principal/,
  ],
  [
    "a trust of a role that is not there",
    "control",
    () => ({
      name: "other",
      assumeRolePolicy: document({ Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:role/none` } }),
    }),
    /Invalid principal in policy: "AWS"/,
  ],
  [
    "a policy with a principal",
    "mayCopy",
    () => ({ name: "other", policy: document({ Principal: "*", Resource: "*" }) }),
    /should not specify a principal/,
  ],
  ["a policy without resources", "mayCopy", () => ({ name: "other", policy: document({}) }), /must contain resources/],
  [
    "a policy whose resource is no ARN",
    "mayCopy",
    () => ({ name: "other", policy: document({ Resource: "test-source" }) }),
    /must be in ARN format/,
  ],
  [
    "a policy whose action has no service",
    "mayCopy",
    () => ({ name: "other", policy: document({ Action: "GetObject", Resource: "*" }) }),
    /must be prefaced by a vendor/,
  ],
  [
    "a policy of a role that is not there",
    "mayCopy",
    () => ({ role: "none" }),
    /NoSuchEntity: The role with name none cannot be found/,
  ],
  [
    "a policy of AWS that is none",
    "attached",
    () => ({ policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolcy" }),
    /NoSuchEntity: Policy .*Polcy does not exist/,
  ],
  [
    "a policy of the account that is none",
    "own",
    () => ({ policyArn: `arn:aws:iam::${ACCOUNT_ID}:policy/none` }),
    /NoSuchEntity/,
  ],

  [
    "a key that shuts its maker out",
    "key",
    () => ({ policy: document({ Principal: { Service: "logs.amazonaws.com" }, Action: "kms:*", Resource: "*" }) }),
    /will not allow you to update the key policy/,
  ],
  ["an alias that is taken", "alias", () => ({}), /AlreadyExistsException/],
  ["an alias of AWS", "alias", () => ({ name: "alias/aws/s3" }), /not with alias\/aws\//],
  ["a bucket's name in capitals", "source", () => ({ bucket: "Test" }), /3 to 63 lower-case/],
  ["a bucket's name like an address", "source", () => ({ bucket: "10.0.0.1" }), /3 to 63 lower-case/],
  ["a bucket that is taken, in another region", "copy", () => ({ bucket: "test-source" }), /BucketAlreadyOwnedByYou/],
  ["versions of no bucket", "versions", () => ({ bucket: "none" }), /NoSuchBucket/],
  [
    "versions off under replication",
    "versions",
    () => ({ versioningConfiguration: { status: "Suspended" } }),
    /InvalidBucketState/,
  ],
  [
    "encryption by no key",
    "encryption",
    ({ source }) => ({
      bucket: source?.id,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "none" } }],
    }),
    /NotFoundException/,
  ],
  [
    "a bucket's policy about another one",
    "tls",
    () => ({ policy: document({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::other/*" }) }),
    /Policy has invalid resource/,
  ],
  [
    "a public policy that is blocked",
    "tls",
    ({ source }) => ({
      policy: document({ Principal: "*", Action: "s3:GetObject", Resource: `${source?.state.arn}/*` }),
    }),
    /BlockPublicPolicy/,
  ],
  [
    "replication of what has no versions",
    "replication",
    ({ accessLogs }) => ({ bucket: accessLogs?.id }),
    /Versioning must be 'Enabled' on the bucket/,
  ],
  [
    "replication to what has no versions",
    "replication",
    ({ accessLogs }) => ({ rules: [{ status: "Enabled", destination: { bucket: accessLogs?.state.arn } }] }),
    /Destination bucket must have versioning enabled/,
  ],
  [
    "replication by a role of another",
    "replication",
    ({ nodes }) => ({ role: nodes?.state.arn }),
    /cannot assume the role/,
  ],
  [
    "replication with a key and no selection",
    "replication",
    ({ copy, replica }) => ({
      rules: [
        {
          status: "Enabled",
          destination: { bucket: copy?.state.arn, encryptionConfiguration: { replicaKmsKeyId: replica?.state.arn } },
        },
      ],
    }),
    /SseKmsEncryptedObjects must be specified/,
  ],
  [
    "cold storage too early",
    "ages",
    () => ({ rules: [{ id: "a", status: "Enabled", transitions: [{ days: 7, storageClass: "STANDARD_IA" }] }] }),
    /greater than or equal to 30/,
  ],
  ["logs to another region", "logging", ({ copy }) => ({ targetBucket: copy?.id }), /same region as the source bucket/],

  ["a queue of a taken name", "queue", () => ({}), /QueueAlreadyExists/],
  [
    "a queue whose dead letters go nowhere",
    "queue",
    () => ({
      name: "other",
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:us-east-1:1:none", maxReceiveCount: 3 }),
    }),
    /Dead letter target does not exist/,
  ],
  ["a policy of no file system", "filesPolicy", () => ({ fileSystemId: "fs-0123456789abcdef0" }), /FileSystemNotFound/],
  [
    "a policy of no queue",
    "queuePolicy",
    () => ({ queueUrl: "https://sqs.us-east-1.amazonaws.com/1/none" }),
    /NonExistentQueue/,
  ],
  [
    "a rule without a pattern",
    "rule",
    () => ({ eventPattern: undefined }),
    /one of eventPattern, scheduleExpression must be specified/,
  ],
  [
    "a pattern of plain values",
    "rule",
    () => ({ name: "other", eventPattern: JSON.stringify({ source: "aws.ec2" }) }),
    /InvalidEventPatternException/,
  ],
  ["a target of no rule", "target", () => ({ rule: "none" }), /Rule none does not exist/],
  [
    "a target that is not there",
    "target",
    () => ({ targetId: "other", arn: `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:none` }),
    /ResourceNotFoundException/,
  ],
  ["logs that are there", "logs", () => ({}), /ResourceAlreadyExistsException/],
  [
    "logs for a number of days that AWS has not",
    "flowLogs",
    () => ({ name: "other", retentionInDays: 45 }),
    /expected one of \[0, 1, 3/,
  ],
  [
    "a record outside its zone's rules",
    "record",
    ({ zone }) => ({ zoneId: zone?.id, name: "choreo.example.com", setIdentifier: "x" }),
    /not permitted at apex/,
  ],
  ["a record of no zone", "record", () => ({ zoneId: "Z0000000000" }), /NoSuchHostedZone/],
  ["a record that is there", "record", () => ({}), /but it already exists/],
  [
    "a weight without an identifier",
    "record",
    () => ({ setIdentifier: undefined }),
    /setIdentifier: is required with weightedRoutingPolicies/,
  ],
  [
    "a record beside an alias",
    "record",
    () => ({ aliases: [{ name: "x", zoneId: "Z1", evaluateTargetHealth: true }] }),
    /only one of aliases, records/,
  ],
  ["a record without a time to live", "record", () => ({ ttl: undefined }), /ttl: is required with records/],
  [
    "an address that is none",
    "record",
    () => ({
      name: "b",
      type: "A",
      records: ["lb.example.net"],
      setIdentifier: undefined,
      weightedRoutingPolicies: undefined,
    }),
    /not a valid IPv4 address/,
  ],
  ["a check of nothing", "health", () => ({ fqdn: undefined }), /Either IPAddress or FullyQualifiedDomainName/],
  ["a repository that is there", "images", () => ({}), /RepositoryAlreadyExistsException/],
  ["a repository in capitals", "images", () => ({ name: "Images" }), /lower-case letters/],
  [
    "an expiry without a count",
    "expiry",
    () => ({
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            selection: { tagStatus: "any", countType: "imageCountMoreThan" },
            action: { type: "expire" },
          },
        ],
      }),
    }),
    /countNumber is missing/,
  ],
  [
    "a template that encrypts without a role",
    "creation",
    ({ key }) => ({ prefix: "other", encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key?.state.arn }] }),
    /A custom role is required/,
  ],
  ["a second scanning of the registry", "scanning", () => ({}), /such a configuration already/],
  ["a key without encryption", "files", () => ({ encrypted: false }), /encrypted: must be set to true/],
  ["a second mount in a zone", "mount", () => ({}), /MountTargetConflict/],
  ["a secret that is there", "secret", () => ({}), /ResourceExistsException/],
  [
    "a version of no secret",
    "secretValue",
    () => ({ secretId: "none" }),
    /Secrets Manager can't find the specified secret/,
  ],
  ["a parameter that is there", "parameter", () => ({}), /ParameterAlreadyExists/],
  [
    "a parameter without a value",
    "parameter",
    () => ({ name: "other", value: undefined }),
    /one of value, insecureValue, valueWo must be specified/,
  ],
  [
    "a table whose key is not defined",
    "locks",
    () => ({ name: "other", attributes: [] }),
    /attribute LockID is a key and not defined/,
  ],
];

/** A policy document of one statement. */
function document(statement: Readonly<Record<string, unknown>>): string {
  const good = { Effect: "Allow", Action: "sts:AssumeRole" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ ...good, ...statement }] });
}

describe("stand-in aws refuses", () => {
  const world = new World();
  let made: Record<string, Made> = {};
  before(async () => {
    made = await build(world);
  });
  after(() => world.end());

  for (const [what, piece, change, message] of CASES) {
    it(`${what}`, async () => {
      const [type, , inputs, region] = ESTATE.find(([, name]) => name === piece) ?? assert.fail(`no piece ${piece}`);
      const before = world.items().length;
      const args = { ...inputs(made), ...change(made) };
      await assert.rejects(world.make(type, `${piece}-2`, args, region), (error: Error) => {
        assert.match(error.message, message);
        return true;
      });
      assert.equal(world.items().length, before, "nothing is made of what is refused");
    });
  }

  it("says what was being done, in AWS's words", async () => {
    await assert.rejects(
      world.make("ec2/internetGateway:InternetGateway", "second", { vpcId: made.vpc?.id }),
      /^Error: creating aws\.ec2\.InternetGateway \(second\): api error Resource\.AlreadyAssociated: Network vpc-/,
    );
  });
});

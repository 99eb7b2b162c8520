import { ACCOUNT_ID, type Made, value, type World } from "./world";

/** Inputs by what was made before, by name. */
type Inputs = (made: Readonly<Record<string, Made>>) => Readonly<Record<string, unknown>>;

/** One resource of the estate: type, name, inputs, region where it is not the first one. */
export type Piece = readonly [type: string, name: string, inputs: Inputs, region?: string];

const trust = (service: string, ...actions: string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole", ...actions] }],
});
const allow = (action: string, resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: resource }] });
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` };
const keyPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: ROOT, Action: "kms:*", Resource: "*" },
    { Effect: "Allow", Principal: { Service: "logs.us-east-1.amazonaws.com" }, Action: "kms:Encrypt", Resource: "*" },
  ],
});
const tags = { owner: "platform" };
const WEST = "eu-west-1";
const SECURE = { Bool: { "aws:SecureTransport": "false" } };

const network: readonly Piece[] = [
  ["kms/key:Key", "key", () => ({ policy: keyPolicy, enableKeyRotation: true, multiRegion: true, tags })],
  ["kms/alias:Alias", "alias", ({ key }) => ({ name: "alias/test", targetKeyId: key?.id })],
  ["kms/replicaKey:ReplicaKey", "replica", ({ key }) => ({ primaryKeyArn: key?.state.arn }), WEST],
  ["ec2/vpc:Vpc", "vpc", () => ({ cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, tags })],
  [
    "ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    "more",
    ({ vpc }) => ({ vpcId: vpc?.id, cidrBlock: "10.7.0.0/20" }),
  ],
  ["ec2/vpc:Vpc", "far", () => ({ cidrBlock: "10.1.0.0/16", enableDnsHostnames: true }), WEST],
  ["ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", ({ vpc }) => ({ vpcId: vpc?.id, tags })],
  ["ec2/internetGateway:InternetGateway", "gateway", ({ vpc }) => ({ vpcId: vpc?.id, tags })],
  [
    "ec2/subnet:Subnet",
    "public",
    ({ vpc }) => ({ vpcId: vpc?.id, cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" }),
  ],
  [
    "ec2/subnet:Subnet",
    "a",
    ({ vpc }) => ({ vpcId: vpc?.id, cidrBlock: "10.0.16.0/20", availabilityZoneId: "use1-az1" }),
  ],
  [
    "ec2/subnetCidrReservation:SubnetCidrReservation",
    "reserved",
    ({ a }) => ({ subnetId: a?.id, cidrBlock: "10.0.31.0/24", reservationType: "explicit" }),
  ],
  [
    "ec2/subnet:Subnet",
    "b",
    ({ vpc }) => ({ vpcId: vpc?.id, cidrBlock: "10.0.32.0/20", availabilityZoneId: "use1-az2" }),
  ],
  [
    "ec2/subnet:Subnet",
    "farA",
    ({ far }) => ({ vpcId: far?.id, cidrBlock: "10.1.0.0/20", availabilityZone: "eu-west-1a" }),
    WEST,
  ],
  ["ec2/eip:Eip", "address", () => ({ domain: "vpc", tags })],
  [
    "ec2/natGateway:NatGateway",
    "nat",
    ({ public: place, address }) => ({ subnetId: place?.id, allocationId: address?.id, tags }),
  ],
  ["ec2/routeTable:RouteTable", "table", ({ vpc }) => ({ vpcId: vpc?.id, tags })],
  [
    "ec2/routeTable:RouteTable",
    "inline",
    ({ vpc, gateway }) => ({ vpcId: vpc?.id, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway?.id }] }),
  ],
  [
    "ec2/route:Route",
    "out",
    ({ table, nat }) => ({ routeTableId: table?.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat?.id }),
  ],
  [
    "ec2/routeTableAssociation:RouteTableAssociation",
    "uses",
    ({ table, a }) => ({ subnetId: a?.id, routeTableId: table?.id }),
  ],
  ["ec2/securityGroup:SecurityGroup", "group", ({ vpc }) => ({ vpcId: vpc?.id, description: "cluster", tags })],
  ["ec2/securityGroup:SecurityGroup", "farGroup", ({ far }) => ({ vpcId: far?.id, description: "far" }), WEST],
  [
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "in",
    ({ group }) => ({
      securityGroupId: group?.id,
      cidrIpv4: "10.0.0.0/8",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    }),
  ],
  [
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "egress",
    ({ group }) => ({ securityGroupId: group?.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }),
  ],
  [
    "ec2/vpcEndpoint:VpcEndpoint",
    "s3",
    ({ vpc, table }) => ({ vpcId: vpc?.id, serviceName: "com.amazonaws.us-east-1.s3", routeTableIds: [table?.id] }),
  ],
  [
    "ec2/vpcEndpoint:VpcEndpoint",
    "ecr",
    ({ vpc, a, b, group }) => ({
      vpcId: vpc?.id,
      serviceName: "com.amazonaws.us-east-1.ecr.dkr",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: [a?.id, b?.id],
      securityGroupIds: [group?.id],
    }),
  ],
  [
    "ec2/vpcPeeringConnection:VpcPeeringConnection",
    "peering",
    ({ vpc, far }) => ({ vpcId: vpc?.id, peerVpcId: far?.id, peerRegion: WEST, tags }),
  ],
  [
    "ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    "accepter",
    ({ peering }) => ({ vpcPeeringConnectionId: peering?.id, autoAccept: true }),
    WEST,
  ],
  [
    "ec2/peeringConnectionOptions:PeeringConnectionOptions",
    "options",
    ({ peering }) => ({ vpcPeeringConnectionId: peering?.id, requester: { allowRemoteVpcDnsResolution: true } }),
  ],
  [
    "ec2/route:Route",
    "across",
    ({ table, peering }) => ({
      routeTableId: table?.id,
      destinationCidrBlock: "10.1.0.0/16",
      vpcPeeringConnectionId: peering?.id,
    }),
  ],
];

const transit: readonly Piece[] = [
  ["ec2transitgateway/transitGateway:TransitGateway", "tgw", () => ({ description: "mesh", tags })],
  [
    "ec2transitgateway/transitGateway:TransitGateway",
    "farTgw",
    () => ({ defaultRouteTableAssociation: "disable", defaultRouteTablePropagation: "disable" }),
    WEST,
  ],
  [
    "ec2transitgateway/vpcAttachment:VpcAttachment",
    "attachment",
    ({ tgw, vpc, a, b }) => ({ transitGatewayId: tgw?.id, vpcId: vpc?.id, subnetIds: [a?.id, b?.id] }),
  ],
  [
    "ec2transitgateway/peeringAttachment:PeeringAttachment",
    "link",
    ({ tgw, farTgw }) => ({ transitGatewayId: tgw?.id, peerTransitGatewayId: farTgw?.id, peerRegion: WEST }),
  ],
  [
    "ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
    "linked",
    ({ link }) => ({ transitGatewayAttachmentId: link?.id }),
    WEST,
  ],
  ["ec2transitgateway/routeTable:RouteTable", "tgwTable", ({ tgw }) => ({ transitGatewayId: tgw?.id })],
  [
    "ec2transitgateway/route:Route",
    "tgwRoute",
    ({ tgwTable, link }) => ({
      transitGatewayRouteTableId: tgwTable?.id,
      destinationCidrBlock: "10.1.0.0/16",
      transitGatewayAttachmentId: link?.id,
    }),
  ],
  [
    "ec2transitgateway/routeTableAssociation:RouteTableAssociation",
    "tgwUses",
    ({ tgwTable, attachment }) => ({
      transitGatewayRouteTableId: tgwTable?.id,
      transitGatewayAttachmentId: attachment?.id,
    }),
  ],
  [
    "ec2transitgateway/routeTablePropagation:RouteTablePropagation",
    "tgwKnows",
    ({ tgwTable, attachment }) => ({
      transitGatewayRouteTableId: tgwTable?.id,
      transitGatewayAttachmentId: attachment?.id,
    }),
  ],
];

const identities: readonly Piece[] = [
  ["iam/role:Role", "control", () => ({ name: "test-control", assumeRolePolicy: trust("eks.amazonaws.com"), tags })],
  [
    "iam/role:Role",
    "nodes",
    () => ({ name: "test-nodes", assumeRolePolicy: JSON.stringify(trust("ec2.amazonaws.com")) }),
  ],
  [
    "iam/role:Role",
    "pods",
    () => ({ name: "test-pods", assumeRolePolicy: trust("pods.eks.amazonaws.com", "sts:TagSession") }),
  ],
  ["iam/role:Role", "copies", () => ({ name: "test-copies", assumeRolePolicy: trust("s3.amazonaws.com") })],
  ["iam/role:Role", "flows", () => ({ name: "test-flows", assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com") })],
  [
    "iam/policy:Policy",
    "policy",
    () => ({ name: "test-policy", policy: allow("s3:GetObject", "arn:aws:s3:::test-source/*") }),
  ],
  [
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    "attached",
    ({ control }) => ({ role: control?.id, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" }),
  ],
  [
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    "own",
    ({ pods, policy }) => ({ role: pods?.id, policyArn: policy?.state.arn }),
  ],
  [
    "iam/rolePolicy:RolePolicy",
    "mayCopy",
    ({ copies }) => ({ role: copies?.id, name: "copy", policy: allow("s3:*", "*") }),
  ],
  ["iam/instanceProfile:InstanceProfile", "profile", ({ nodes }) => ({ name: "test-nodes", role: nodes?.id })],
  [
    "iam/openIdConnectProvider:OpenIdConnectProvider",
    "oidc",
    () => ({ url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] }),
  ],
];

const CLUSTER = "test-control-plane";
const clusters: readonly Piece[] = [
  [
    "cloudwatch/logGroup:LogGroup",
    "logs",
    ({ key }) => ({ name: `/aws/eks/${CLUSTER}/cluster`, retentionInDays: 90, kmsKeyId: key?.state.arn, tags }),
  ],
  ["cloudwatch/logGroup:LogGroup", "flowLogs", () => ({ name: "/test/flows", retentionInDays: 30 })],
  [
    "ec2/flowLog:FlowLog",
    "flow",
    ({ vpc, flows, flowLogs }) => ({
      vpcId: vpc?.id,
      trafficType: "ALL",
      iamRoleArn: flows?.state.arn,
      logDestination: flowLogs?.state.arn,
    }),
  ],
  [
    "eks/cluster:Cluster",
    "cluster",
    ({ control, a, b, group, key }) => ({
      name: CLUSTER,
      roleArn: control?.state.arn,
      version: "1.34",
      bootstrapSelfManagedAddons: false,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      enabledClusterLogTypes: ["api", "audit"],
      encryptionConfig: { provider: { keyArn: key?.state.arn }, resources: ["secrets"] },
      kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" },
      vpcConfig: {
        subnetIds: [a?.id, b?.id],
        securityGroupIds: [group?.id],
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
      },
      tags,
    }),
  ],
  [
    "ec2/tag:Tag",
    "clusterTag",
    ({ cluster }) => ({
      resourceId: value(cluster, "vpcConfig.clusterSecurityGroupId"),
      key: "owner",
      value: "platform",
    }),
  ],
  ["eks/addon:Addon", "agent", ({ cluster }) => ({ clusterName: cluster?.id, addonName: "eks-pod-identity-agent" })],
  [
    "eks/accessEntry:AccessEntry",
    "entry",
    ({ cluster, pods }) => ({ clusterName: cluster?.id, principalArn: pods?.state.arn, tags }),
  ],
  [
    "eks/accessPolicyAssociation:AccessPolicyAssociation",
    "admin",
    ({ cluster, entry }) => ({
      clusterName: cluster?.id,
      principalArn: entry?.state.principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    }),
  ],
  [
    "eks/podIdentityAssociation:PodIdentityAssociation",
    "identity",
    ({ cluster, pods }) => ({
      clusterName: cluster?.id,
      namespace: "kube-system",
      serviceAccount: "cilium-operator",
      roleArn: pods?.state.arn,
    }),
  ],
  [
    "ec2/launchTemplate:LaunchTemplate",
    "template",
    ({ key }) => ({
      name: "test-nodes",
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeSize: 50, volumeType: "gp3", encrypted: "true", kmsKeyId: key?.state.arn },
        },
      ],
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    }),
  ],
  [
    "eks/nodeGroup:NodeGroup",
    "workers",
    ({ cluster, nodes, a, b, template }) => ({
      clusterName: cluster?.id,
      nodeGroupName: "workers",
      nodeRoleArn: nodes?.state.arn,
      subnetIds: [a?.id, b?.id],
      instanceTypes: ["m7i.large", "m6i.large"],
      amiType: "AL2023_x86_64_STANDARD",
      version: "1.34",
      scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 3 },
      updateConfig: { maxUnavailable: 1 },
      launchTemplate: { id: template?.id, version: String(template?.state.latestVersion) },
      taints: [{ key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" }],
    }),
  ],
  [
    "eks/addon:Addon",
    "dns",
    ({ cluster }) => ({ clusterName: cluster?.id, addonName: "coredns", configurationValues: "{}" }),
  ],
  [
    "ec2/instance:Instance",
    "runner",
    ({ a, group, profile }) => ({
      ami: "ami-0abcdef1234567890",
      instanceType: "t3.small",
      subnetId: a?.id,
      vpcSecurityGroupIds: [group?.id],
      iamInstanceProfile: profile?.id,
    }),
  ],
];

const bucketTypes: readonly Piece[] = [
  ["s3/bucket:Bucket", "source", () => ({ bucket: "test-source", objectLockEnabled: true, tags })],
  ["s3/bucket:Bucket", "copy", () => ({ bucket: "test-copy" }), WEST],
  [
    "s3/bucketVersioning:BucketVersioning",
    "versions",
    ({ source }) => ({ bucket: source?.id, versioningConfiguration: { status: "Enabled" } }),
  ],
  [
    "s3/bucketVersioning:BucketVersioning",
    "copyVersions",
    ({ copy }) => ({ bucket: copy?.id, versioningConfiguration: { status: "Enabled" } }),
    WEST,
  ],
  [
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "encryption",
    ({ source, key }) => ({
      bucket: source?.id,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key?.state.arn },
          bucketKeyEnabled: true,
        },
      ],
    }),
  ],
  [
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "closed",
    ({ source }) => ({
      bucket: source?.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
  ],
  [
    "s3/bucketOwnershipControls:BucketOwnershipControls",
    "owners",
    ({ source }) => ({ bucket: source?.id, rule: { objectOwnership: "BucketOwnerEnforced" } }),
  ],
  [
    "s3/bucketPolicy:BucketPolicy",
    "tls",
    ({ source }) => ({
      bucket: source?.id,
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [source?.state.arn, `${source?.state.arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    }),
  ],
  [
    "s3/bucketReplicationConfig:BucketReplicationConfig",
    "replication",
    ({ source, copy, copies, replica }) => ({
      bucket: source?.id,
      role: copies?.state.arn,
      rules: [
        {
          id: "all",
          status: "Enabled",
          filter: {},
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: { bucket: copy?.state.arn, encryptionConfiguration: { replicaKmsKeyId: replica?.state.arn } },
        },
      ],
    }),
  ],
  [
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "ages",
    ({ source }) => ({
      bucket: source?.id,
      rules: [
        {
          id: "old",
          status: "Enabled",
          filter: {},
          transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
          expiration: { days: 365 },
        },
      ],
    }),
  ],
  ["s3/bucket:Bucket", "accessLogs", () => ({ bucket: "test-access" })],
  [
    "s3/bucketLogging:BucketLogging",
    "logging",
    ({ source, accessLogs }) => ({ bucket: source?.id, targetBucket: accessLogs?.id, targetPrefix: "source/" }),
  ],
  [
    "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "lock",
    ({ source }) => ({ bucket: source?.id, rule: { defaultRetention: { mode: "GOVERNANCE", days: 30 } } }),
  ],
  [
    "s3/bucketObjectv2:BucketObjectv2",
    "object",
    ({ source }) => ({ bucket: source?.id, key: "hello", content: "hello" }),
  ],
];

const services: readonly Piece[] = [
  ["sqs/queue:Queue", "dead", () => ({ name: "test-dead", messageRetentionSeconds: 1_209_600 })],
  [
    "sqs/queue:Queue",
    "queue",
    ({ dead, key }) => ({
      name: "test-karpenter",
      kmsMasterKeyId: key?.id,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: dead?.state.arn, maxReceiveCount: 3 }),
    }),
  ],
  [
    "sqs/queuePolicy:QueuePolicy",
    "queuePolicy",
    ({ queue }) => ({
      queueUrl: queue?.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queue?.state.arn,
          },
        ],
      }),
    }),
  ],
  [
    "cloudwatch/eventRule:EventRule",
    "rule",
    () => ({
      name: "test-spot",
      eventPattern: JSON.stringify({ source: ["aws.ec2"], detail: { state: ["stopping"] } }),
    }),
  ],
  [
    "cloudwatch/eventTarget:EventTarget",
    "target",
    ({ rule, queue }) => ({ rule: rule?.state.name, arn: queue?.state.arn, targetId: "queue" }),
  ],
  [
    "cloudwatch/metricAlarm:MetricAlarm",
    "alarm",
    () => ({
      name: "test-alarm",
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      metricName: "ApproximateAgeOfOldestMessage",
      namespace: "AWS/SQS",
      period: 60,
      statistic: "Maximum",
      threshold: 300,
    }),
  ],
  ["route53/zone:Zone", "zone", () => ({ name: "choreo.example.com", tags })],
  [
    "route53/healthCheck:HealthCheck",
    "health",
    () => ({
      type: "HTTPS",
      fqdn: "east.choreo.example.com",
      port: 443,
      resourcePath: "/healthz",
      requestInterval: 10,
    }),
  ],
  [
    "route53/record:Record",
    "record",
    ({ zone, health }) => ({
      zoneId: zone?.id,
      name: "api",
      type: "CNAME",
      ttl: 60,
      records: ["lb.example.net"],
      setIdentifier: "east",
      weightedRoutingPolicies: [{ weight: 10 }],
      healthCheckId: health?.id,
    }),
  ],
  [
    "ecr/repository:Repository",
    "images",
    ({ key }) => ({
      name: "test/images",
      imageTagMutability: "IMMUTABLE",
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key?.state.arn }],
    }),
  ],
  [
    "ecr/lifecyclePolicy:LifecyclePolicy",
    "expiry",
    ({ images }) => ({
      repository: images?.id,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
            action: { type: "expire" },
          },
        ],
      }),
    }),
  ],
  [
    "ecr/repositoryPolicy:RepositoryPolicy",
    "pull",
    ({ images }) => ({
      repository: images?.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Sid: "pull", Effect: "Allow", Principal: ROOT, Action: ["ecr:BatchGetImage"] }],
      }),
    }),
  ],
  [
    "ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "creation",
    () => ({ prefix: "tenants", appliedFors: ["REPLICATION"] }),
  ],
  [
    "ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    "scanning",
    () => ({
      scanType: "ENHANCED",
      rules: [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
    }),
  ],
  [
    "ecr/replicationConfiguration:ReplicationConfiguration",
    "registryCopies",
    () => ({ replicationConfiguration: { rules: [{ destinations: [{ region: WEST, registryId: ACCOUNT_ID }] }] } }),
  ],
  [
    "efs/fileSystem:FileSystem",
    "files",
    ({ key }) => ({ encrypted: true, kmsKeyId: key?.state.arn, throughputMode: "elastic", tags: { Name: "shared" } }),
  ],
  [
    "efs/mountTarget:MountTarget",
    "mount",
    ({ files, a, group }) => ({ fileSystemId: files?.id, subnetId: a?.id, securityGroups: [group?.id] }),
  ],
  [
    "efs/accessPoint:AccessPoint",
    "point",
    ({ files }) => ({ fileSystemId: files?.id, posixUser: { uid: 1000, gid: 1000 } }),
  ],
  [
    "efs/fileSystemPolicy:FileSystemPolicy",
    "filesPolicy",
    ({ files }) => ({
      fileSystemId: files?.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Deny", Principal: { AWS: "*" }, Action: "*", Resource: files?.state.arn, Condition: SECURE },
        ],
      }),
    }),
  ],
  [
    "efs/backupPolicy:BackupPolicy",
    "filesBackup",
    ({ files }) => ({ fileSystemId: files?.id, backupPolicy: { status: "ENABLED" } }),
  ],
  [
    "secretsmanager/secret:Secret",
    "secret",
    ({ key }) => ({ name: "test/secret", kmsKeyId: key?.id, recoveryWindowInDays: 0 }),
  ],
  [
    "secretsmanager/secretVersion:SecretVersion",
    "secretValue",
    ({ secret }) => ({ secretId: secret?.id, secretString: "hush" }),
  ],
  ["ssm/parameter:Parameter", "parameter", () => ({ name: "/test/parameter", type: "String", value: "one" })],
  [
    "dynamodb/table:Table",
    "locks",
    ({ key }) => ({
      name: "test-locks",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "LockID",
      attributes: [{ name: "LockID", type: "S" }],
      serverSideEncryption: { enabled: true, kmsKeyArn: key?.state.arn },
    }),
  ],
];

/** One of every type that the stand-in knows, as a program would make them, in an order that AWS takes. */
export const ESTATE: readonly Piece[] = [
  ...network,
  ...transit,
  ...identities,
  ...clusters,
  ...bucketTypes,
  ...services,
];

/** Makes the pieces of the estate, all or those up to a name. */
export async function build(world: World, last?: string): Promise<Record<string, Made>> {
  const made: Record<string, Made> = {};
  for (const [type, name, inputs, region] of ESTATE) {
    try {
      made[name] = await world.make(type, name, inputs(made), region);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
    }
    if (name === last) break;
  }
  return made;
}

import { type Case, type Made, object } from "./case";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1";
const aws = (type: string, props: Made["props"], name?: string): Made => ({ type: `aws:${type}`, props, name });
const document = (...statements: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

const CLUSTER = aws("eks/cluster:Cluster", {
  name: "it",
  accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
  enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  encryptionConfig: { provider: { keyArn: KEY }, resources: ["secrets"] },
  vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false, subnetIds: ["subnet-1", "subnet-2"] },
});
const NODES = aws(
  "eks/nodeGroup:NodeGroup",
  {
    clusterName: "it",
    taints: [{ key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" }],
  },
  "nodes",
);
const TEMPLATE = aws("ec2/launchTemplate:LaunchTemplate", {
  metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
  blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: KEY } }],
});
const NODE_CLASS = {
  ...object("karpenter.k8s.aws/v1:EC2NodeClass", {
    spec: {
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: true } }],
    },
  }),
  name: "class",
};
const VOLUME = aws("ebs/volume:Volume", { encrypted: true, size: 10 }, "volume");

export const AWS_CLUSTERS: readonly Case[] = [
  {
    rule: "aws-eks-private-endpoint",
    good: [CLUSTER],
    bad: [{ what: "no private endpoint", at: ["vpcConfig", "endpointPrivateAccess"], is: false }],
  },
  {
    rule: "aws-eks-public-endpoint",
    good: [CLUSTER],
    bad: [
      { what: "a public endpoint for everybody", at: ["vpcConfig", "endpointPublicAccess"], is: true },
      { what: "AWS' default", at: ["vpcConfig", "endpointPublicAccess"] },
      {
        what: "every address",
        at: ["vpcConfig"],
        is: { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"] },
      },
    ],
  },
  {
    rule: "aws-eks-secrets-encrypted",
    good: [CLUSTER],
    bad: [
      { what: "no encryption", at: ["encryptionConfig"] },
      { what: "no key", at: ["encryptionConfig", "provider"] },
      { what: "nothing that is encrypted", at: ["encryptionConfig", "resources"], is: [] },
    ],
  },
  {
    rule: "aws-eks-logs",
    good: [CLUSTER],
    bad: [
      { what: "no logs", at: ["enabledClusterLogTypes"] },
      { what: "no audit log", at: ["enabledClusterLogTypes", "1"] },
    ],
  },
  {
    rule: "aws-eks-access-entries",
    good: [CLUSTER],
    bad: [
      { what: "aws-auth", at: ["accessConfig", "authenticationMode"], is: "API_AND_CONFIG_MAP" },
      { what: "its maker's rights", at: ["accessConfig", "bootstrapClusterCreatorAdminPermissions"], is: true },
      { what: "AWS' defaults", at: ["accessConfig"] },
    ],
  },
  {
    rule: "aws-imds-v2",
    good: [TEMPLATE, NODE_CLASS],
    bad: [
      { what: "IMDSv1", at: ["metadataOptions", "httpTokens"], is: "optional" },
      { what: "AWS' default", at: ["metadataOptions"] },
      { what: "metadata for pods", at: ["metadataOptions", "httpPutResponseHopLimit"], is: 2 },
      { what: "IMDSv1 by Karpenter", of: "class", at: ["spec", "metadataOptions", "httpTokens"], is: "optional" },
    ],
  },
  {
    rule: "aws-volumes-encrypted",
    good: [TEMPLATE, NODE_CLASS, VOLUME],
    bad: [
      { what: "a plain disk", at: ["blockDeviceMappings", "0", "ebs", "encrypted"], is: "false" },
      { what: "a disk that says nothing", at: ["blockDeviceMappings", "0", "ebs", "encrypted"] },
      { what: "the image's disks", at: ["blockDeviceMappings"] },
      {
        what: "a plain one of Karpenter's",
        of: "class",
        at: ["spec", "blockDeviceMappings", "0", "ebs", "encrypted"],
        is: false,
      },
      { what: "a plain volume", of: "volume", at: ["encrypted"], is: false },
    ],
  },
  {
    rule: "aws-nodes-wait-for-cilium",
    good: [{ ...NODES, name: "main" }],
    bad: [
      { what: "no taint", at: ["taints"] },
      { what: "one that admits pods", at: ["taints", "0", "effect"], is: "PREFER_NO_SCHEDULE" },
    ],
  },
  {
    rule: "aws-nodes-no-ssh",
    good: [TEMPLATE, NODES],
    bad: [
      { what: "a key", at: ["keyName"], is: "ops" },
      { what: "a key of a node group", of: "nodes", at: ["remoteAccess"], is: { ec2SshKey: "ops" } },
    ],
  },
];

const POLICY = aws("iam/rolePolicy:RolePolicy", {
  role: "it",
  policy: document(
    { Effect: "Allow", Action: ["ec2:DescribeInstances"], Resource: "*" },
    { Effect: "Allow", Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::logs/*"] },
    {
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestTag/a": "b" } },
    },
  ),
});
const allow = (Action: unknown, Resource: unknown) => document({ Effect: "Allow", Action, Resource });
const ROLE = aws("iam/role:Role", {
  assumeRolePolicy: document({
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: "sts:AssumeRole",
  }),
});
const QUEUE_POLICY = aws("sqs/queuePolicy:QueuePolicy", {
  queueUrl: "https://sqs.test/it",
  policy: document(
    { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "sqs:SendMessage",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    },
  ),
});

export const AWS_IDENTITY: readonly Case[] = [
  {
    rule: "aws-iam-no-wildcards",
    good: [POLICY],
    bad: [
      { what: "everything", at: ["policy"], is: allow("*", "arn:aws:s3:::logs") },
      { what: "everything of a service", at: ["policy"], is: allow(["s3:*"], "arn:aws:s3:::logs") },
      { what: "everything but", at: ["policy"], is: document({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }) },
    ],
  },
  {
    rule: "aws-iam-scoped-writes",
    good: [POLICY],
    bad: [
      { what: "a change of anything", at: ["policy"], is: allow(["ec2:DescribeInstances", "ec2:DeleteVolume"], "*") },
    ],
  },
  {
    rule: "aws-iam-no-administrators",
    good: [
      aws("iam/rolePolicyAttachment:RolePolicyAttachment", {
        role: "it",
        policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
      }),
    ],
    bad: [{ what: "an administrator", at: ["policyArn"], is: "arn:aws:iam::aws:policy/AdministratorAccess" }],
  },
  {
    rule: "aws-iam-trust",
    good: [ROLE],
    bad: [
      {
        what: "everybody",
        at: ["assumeRolePolicy"],
        is: document({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
      },
      {
        what: "every account",
        at: ["assumeRolePolicy"],
        is: document({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
      },
    ],
  },
  {
    rule: "aws-resource-policies",
    good: [QUEUE_POLICY],
    bad: [
      {
        what: "everybody",
        at: ["policy"],
        is: document({ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }),
      },
      {
        what: "everybody under a condition that everybody meets",
        at: ["policy"],
        is: document({
          Effect: "Allow",
          Principal: { AWS: ["*"] },
          Action: "sqs:*",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        }),
      },
    ],
  },
  {
    rule: "aws-iam-no-users",
    good: [ROLE],
    bad: [
      { what: "a user", adds: aws("iam/user:User", { name: "it" }, "user") },
      { what: "a key", adds: aws("iam/accessKey:AccessKey", { user: "it" }, "key") },
    ],
  },
];

const GROUP = aws("ec2/securityGroup:SecurityGroup", {
  vpcId: "vpc-1",
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }],
});
const INGRESS = aws(
  "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  { securityGroupId: "sg-1", cidrIpv4: "10.0.0.0/8", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
  "ingress",
);
const OLD_RULE = aws(
  "ec2/securityGroupRule:SecurityGroupRule",
  { type: "ingress", cidrBlocks: ["10.0.0.0/8"], fromPort: 443, toPort: 443, protocol: "tcp", securityGroupId: "sg-1" },
  "old",
);
const VPC = aws("ec2/vpc:Vpc", { cidrBlock: "10.1.0.0/16", enableDnsHostnames: true, enableDnsSupport: true });
const FLOW_LOG: Made = {
  ...aws("ec2/flowLog:FlowLog", { trafficType: "ALL", vpcId: "vpc-1" }, "log"),
  waitsFor: ["main"],
};

export const AWS_NETWORK: readonly Case[] = [
  {
    rule: "aws-security-groups",
    good: [GROUP, INGRESS, OLD_RULE],
    bad: [
      { what: "everybody", of: "ingress", at: ["cidrIpv4"], is: "0.0.0.0/0" },
      { what: "everybody by IPv6", of: "ingress", at: ["cidrIpv6"], is: "::/0" },
      { what: "everybody in the group itself", at: ["ingress", "0", "cidrBlocks"], is: ["0.0.0.0/0"] },
      { what: "everybody by an old rule", of: "old", at: ["cidrBlocks"], is: ["0.0.0.0/0"] },
    ],
  },
  {
    rule: "aws-default-group",
    good: [aws("ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "vpc-1" })],
    bad: [{ what: "a rule", at: ["ingress"], is: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] }],
  },
  {
    rule: "aws-no-public-addresses",
    good: [
      aws("ec2/subnet:Subnet", { vpcId: "vpc-1", cidrBlock: "10.1.0.0/18" }),
      aws(
        "ec2/launchTemplate:LaunchTemplate",
        { ...TEMPLATE.props, networkInterfaces: [{ deviceIndex: 0 }] },
        "template",
      ),
    ],
    bad: [
      { what: "addresses of a subnet", at: ["mapPublicIpOnLaunch"], is: true },
      {
        what: "an address of a machine",
        of: "template",
        at: ["networkInterfaces", "0", "associatePublicIpAddress"],
        is: "true",
      },
    ],
  },
  {
    rule: "aws-flow-logs",
    good: [VPC, FLOW_LOG],
    bad: [
      { what: "no log", of: "log", blamed: "main" },
      { what: "a log of what is refused alone", of: "log", at: ["trafficType"], is: "REJECT", blamed: "main" },
    ],
  },
  {
    rule: "aws-private-names",
    good: [VPC, FLOW_LOG],
    bad: [
      { what: "no names of hosts", at: ["enableDnsHostnames"], is: false },
      { what: "no names", at: ["enableDnsSupport"], is: false },
    ],
  },
  {
    rule: "aws-health-checks",
    good: [aws("route53/healthCheck:HealthCheck", { type: "HTTPS", fqdn: "it.test", port: 443 })],
    bad: [{ what: "HTTP", at: ["type"], is: "HTTP" }],
  },
  {
    rule: "aws-endpoints-guarded",
    good: [
      aws("ec2/vpcEndpoint:VpcEndpoint", {
        vpcId: "vpc-1",
        vpcEndpointType: "Interface",
        serviceName: "com.amazonaws.eu-west-1.sts",
        securityGroupIds: ["sg-1"],
      }),
    ],
    bad: [{ what: "no group", at: ["securityGroupIds"] }],
  },
];

const BUCKET = aws("s3/bucket:Bucket", { bucket: "it" });
const part = (type: string, props: Made["props"], name: string): Made => ({
  ...aws(`s3/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`, props, name),
  waitsFor: ["main"],
});
const BUCKET_GOOD = [
  BUCKET,
  part(
    "bucketServerSideEncryptionConfiguration",
    { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }] },
    "encryption",
  ),
  part(
    "bucketPublicAccessBlock",
    { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    "access",
  ),
  part(
    "bucketPolicy",
    {
      policy: document({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    },
    "policy",
  ),
  part("bucketVersioning", { versioningConfiguration: { status: "Enabled" } }, "versioning"),
];
const IMAGES = aws("ecr/repository:Repository", {
  name: "it",
  imageTagMutability: "IMMUTABLE",
  encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }],
});

export const AWS_STORAGE: readonly Case[] = [
  {
    rule: "aws-buckets-encrypted",
    good: BUCKET_GOOD,
    bad: [
      { what: "no encryption", of: "encryption", blamed: "main" },
      {
        what: "AWS' key",
        of: "encryption",
        at: ["rules", "0", "applyServerSideEncryptionByDefault"],
        is: { sseAlgorithm: "AES256" },
        blamed: "main",
      },
    ],
  },
  {
    rule: "aws-buckets-private",
    good: BUCKET_GOOD,
    bad: [
      { what: "no block", of: "access", blamed: "main" },
      { what: "a hole in it", of: "access", at: ["restrictPublicBuckets"], is: false, blamed: "main" },
    ],
  },
  {
    rule: "aws-buckets-tls-only",
    good: BUCKET_GOOD,
    bad: [
      { what: "no policy", of: "policy", blamed: "main" },
      {
        what: "one that denies something else",
        of: "policy",
        at: ["policy"],
        is: document({ Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "*" }),
        blamed: "main",
      },
    ],
  },
  {
    rule: "aws-buckets-versioned",
    good: BUCKET_GOOD,
    bad: [
      { what: "no versions", of: "versioning", blamed: "main" },
      {
        what: "versions that are suspended",
        of: "versioning",
        at: ["versioningConfiguration", "status"],
        is: "Suspended",
        blamed: "main",
      },
    ],
  },
  { rule: "aws-buckets-no-acl", good: BUCKET_GOOD, bad: [{ what: "a public bucket", at: ["acl"], is: "public-read" }] },
  {
    rule: "aws-files-encrypted",
    good: [aws("efs/fileSystem:FileSystem", { encrypted: true, kmsKeyId: KEY })],
    bad: [
      { what: "plain files", at: ["encrypted"], is: false },
      { what: "AWS' default", at: ["encrypted"] },
    ],
  },
  {
    rule: "aws-queues-encrypted",
    good: [
      aws("sqs/queue:Queue", { name: "it", kmsMasterKeyId: KEY }),
      aws("sqs/queue:Queue", { sqsManagedSseEnabled: true }, "managed"),
    ],
    bad: [
      { what: "plain messages", at: ["kmsMasterKeyId"] },
      { what: "encryption off", of: "managed", at: ["sqsManagedSseEnabled"], is: false },
    ],
  },
  {
    rule: "aws-logs-kept",
    good: [aws("cloudwatch/logGroup:LogGroup", { name: "it", retentionInDays: 365, kmsKeyId: KEY })],
    bad: [
      { what: "for ever", at: ["retentionInDays"] },
      { what: "a day", at: ["retentionInDays"], is: 1 },
      { what: "no key", at: ["kmsKeyId"] },
    ],
  },
  {
    rule: "aws-keys-rotate",
    good: [aws("kms/key:Key", { enableKeyRotation: true, deletionWindowInDays: 30 })],
    bad: [
      { what: "no rotation", at: ["enableKeyRotation"], is: false },
      { what: "AWS' default", at: ["enableKeyRotation"] },
      { what: "no way back", at: ["bypassPolicyLockoutSafetyCheck"], is: true },
    ],
  },
  {
    rule: "aws-images-immutable",
    good: [IMAGES],
    bad: [
      { what: "tags that move", at: ["imageTagMutability"], is: "MUTABLE" },
      { what: "AWS' default", at: ["imageTagMutability"] },
    ],
  },
  {
    rule: "aws-images-encrypted",
    good: [IMAGES],
    bad: [
      { what: "AWS' key", at: ["encryptionConfigurations", "0", "encryptionType"], is: "AES256" },
      { what: "AWS' default", at: ["encryptionConfigurations"] },
    ],
  },
];

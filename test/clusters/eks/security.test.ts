import assert from "node:assert/strict";
import type { Graph, Registered } from "../../support/graph";
import { switchOn } from "../../support/settings";
import { object } from "../../support/stack";
import { awsResources, policies, productionGraph } from "./support";

const list = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();

describe("what is made on AWS", () => {
  let graph: Graph;
  before(async () => {
    // With what Karpenter needs of AWS.
    graph = await productionGraph(switchOn("karpenter"));
  });

  const inputs = (type: string) => graph.ofType(type).map((resource) => [resource.name, resource.inputs] as const);
  const arnOf = (name: string) => graph.get(name, "aws:kms/key:Key") && `arn:aws:kms:::${name}`;

  it("opens no security group to the world", () => {
    const rules = inputs("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.ok(rules.length >= 6);
    for (const [name, { cidrIpv4, cidrIpv6 }] of rules) {
      assert.equal(cidrIpv6, undefined, name);
      assert.match(String(cidrIpv4), /^(10|172)\.[0-9.]+\/(1[6-9]|2[0-9])$/, name);
    }
    // Rules are resources of their own: a group with rules inside would be looked over above.
    for (const type of ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"]) {
      for (const [name, group] of inputs(type)) {
        assert.deepEqual([group.ingress, group.egress], [undefined, undefined], name);
      }
    }
    assert.deepEqual(graph.ofType("aws:ec2/securityGroupRule:SecurityGroupRule"), []);
  });

  it("encrypts the volumes of nodes with the cluster's key, and admits IMDSv2 of the host only", () => {
    const templates = inputs("aws:ec2/launchTemplate:LaunchTemplate");
    assert.equal(templates.length, 3);
    for (const [name, { blockDeviceMappings, metadataOptions }] of templates) {
      const [cluster = ""] = name.split(".");
      const [{ ebs }] = blockDeviceMappings as [{ ebs: Record<string, unknown> }];
      assert.deepEqual([ebs.encrypted, ebs.kmsKeyId], ["true", arnOf(`${cluster}.keys-data`)], name);
      assert.deepEqual(metadataOptions, {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
    }
  });

  it("encrypts every bucket with a key of its region, and admits nobody without TLS or from outside", () => {
    const buckets = graph.ofType("aws:s3/bucket:Bucket");
    assert.equal(buckets.length, 18);
    for (const { name } of buckets) {
      const [cluster = ""] = name.split(".");
      const { rules } = graph.get(`${name}-encryption`).inputs;
      const [{ applyServerSideEncryptionByDefault }] = rules as [{ applyServerSideEncryptionByDefault: object }];
      const key = name.endsWith("-replica") ? `${cluster}.buckets-replica-key` : `${cluster}.keys-data`;
      assert.deepEqual(applyServerSideEncryptionByDefault, { sseAlgorithm: "aws:kms", kmsMasterKeyId: arnOf(key) });
      assert.deepEqual(graph.get(`${name}-versioning`).inputs.versioningConfiguration, { status: "Enabled" });
      const { bucket: _, ...block } = graph.get(`${name}-access`).inputs;
      assert.deepEqual(Object.values(block), [true, true, true, true], name);
      const tls = policies(graph).filter(([owner]) => owner === `${name}-policy`);
      assert.deepEqual(
        tls.map(([, { Effect, Action, Condition }]) => ({ Effect, Action, Condition })),
        [{ Effect: "Deny", Action: ["s3:*"], Condition: { Bool: { "aws:SecureTransport": "false" } } }],
      );
    }
  });

  it("encrypts Kubernetes' Secrets with a key of their own", () => {
    for (const [name, { encryptionConfig }] of inputs("aws:eks/cluster:Cluster")) {
      const [cluster = ""] = name.split(".");
      assert.deepEqual(encryptionConfig, {
        provider: { keyArn: arnOf(`${cluster}.keys-secrets`) },
        resources: ["secrets"],
      });
    }
  });

  it("encrypts logs, queues and images with the cluster's key", () => {
    for (const [type, input] of [
      ["aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"],
      ["aws:sqs/queue:Queue", "kmsMasterKeyId"],
    ] as const) {
      for (const [name, values] of inputs(type))
        assert.equal(values[input], arnOf(`${name.split(".")[0]}.keys-data`), name);
    }
    const [[name, { encryptionConfigurations, imageTagMutability }] = assert.fail()] = inputs(
      "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    );
    assert.deepEqual(
      [name, encryptionConfigurations, imageTagMutability],
      ["control.registry", [{ encryptionType: "KMS", kmsKey: arnOf("control.keys-data") }], "IMMUTABLE_WITH_EXCLUSION"],
    );
  });

  it("rotates every key", () => {
    for (const [name, key] of inputs("aws:kms/key:Key")) assert.equal(key.enableKeyRotation, true, name);
  });

  it("has no policy that allows everything on everything", () => {
    const all = policies(graph);
    assert.ok(all.length > 100);
    for (const [owner, { Effect, Action, Resource }] of all) {
      if (Effect === "Deny") continue;
      const wild = list(Action).some((action) => action === "*" || action.endsWith(":*"));
      assert.ok(!wild, `${owner}: ${list(Action).join(" ")}`);
      // Only what reads, or a key's own policy, where it is the key, speaks of every resource.
      const reads = list(Action).every((action) => /:(Describe|Get|List)/.test(action));
      if (list(Resource).includes("*"))
        assert.ok(reads || /\.keys-|-key$/.test(owner), `${owner} ${list(Action).join(" ")}`);
    }
  });

  it("grants to everyone only on a condition that names the account or refuses", () => {
    for (const [owner, { Effect, Principal, Condition }] of policies(graph)) {
      if (Principal === undefined || Principal.AWS !== "*" || Effect === "Deny") continue;
      const equal = object(object(Condition).StringEquals);
      assert.ok("kms:CallerAccount" in equal && "aws:PrincipalArn" in equal, owner);
    }
  });

  /** Each side of a link belongs to the cluster there; the zone is everyone's. */
  const clusterOf = ({ name, provider = "" }: Registered) => {
    if (name === "zone") return "fleet";
    return (name.startsWith("link.") ? provider : name).split(".")[0];
  };

  it("tags every resource with stack, cluster, owner and cost centre", () => {
    const defaults = new Map(inputs("pulumi:providers:aws").map(([name, { defaultTags }]) => [name, defaultTags]));
    for (const resource of awsResources(graph)) {
      // The engine keeps a provider's nested values as JSON.
      const { tags } = JSON.parse(String(defaults.get(resource.provider ?? "none")));
      const expected = { stack: "test", cluster: clusterOf(resource), owner: "platform", "cost-center": "cc-1" };
      assert.deepEqual(tags, expected, resource.name);
    }
  });

  it("tags what AWS makes by itself: instances, their interfaces and volumes, the cluster's security group", () => {
    const tags = ["cluster", "cost-center", "owner", "stack"];
    const made = inputs("aws:ec2/launchTemplate:LaunchTemplate").flatMap(
      ([, { tagSpecifications }]) => tagSpecifications as { resourceType: string; tags: Record<string, string> }[],
    );
    assert.deepEqual(
      made.map(({ resourceType }) => resourceType),
      [1, 2, 3].flatMap(() => ["instance", "network-interface", "volume"]),
    );
    for (const one of made) assert.deepEqual(Object.keys(one.tags).sort(), ["Name", ...tags]);
    const groups = inputs("aws:ec2/tag:Tag").filter(([name]) => name.startsWith("east."));
    assert.deepEqual(groups.map(([, { key }]) => key).sort(), [...tags, "karpenter.sh/discovery"].sort());
    for (const [, { resourceId }] of groups) assert.equal(resourceId, "sg-of-east.control-plane");
  });

  it("names a provider with the region of the cluster for every resource, and no default one", () => {
    const regions = new Map(graph.ofType("pulumi:providers:aws").map(({ name, inputs: own }) => [name, own.region]));
    const used = [...new Set(awsResources(graph).map(({ provider }) => provider ?? "none"))].sort();
    assert.deepEqual(
      used.map((name) => [name, regions.get(name)]),
      [
        ["control.aws", "eu-west-1"],
        ["control.replicas", "eu-central-1"],
        ["east.aws", "eu-west-1"],
        ["east.replicas", "eu-central-1"],
        ["west.aws", "us-east-2"],
        ["west.replicas", "eu-central-1"],
        ["west.runner-aws", "eu-west-1"],
        ["zone.aws", "us-east-1"],
      ],
    );
    for (const resource of awsResources(graph)) assert.equal(resource.inputs.region, undefined, resource.name);
  });

  it("keeps the API server private, with all its logs, and access for those whom settings name", () => {
    const { inputs: cluster } = graph.get("east.control-plane", "aws:eks/cluster:Cluster");
    const { endpointPrivateAccess, endpointPublicAccess, publicAccessCidrs } = object(cluster.vpcConfig);
    assert.deepEqual([endpointPrivateAccess, endpointPublicAccess, publicAccessCidrs], [true, false, undefined]);
    assert.deepEqual(cluster.enabledClusterLogTypes, [
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    assert.deepEqual(cluster.accessConfig, {
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: false,
    });
    assert.equal(cluster.bootstrapSelfManagedAddons, false);
    const entries = graph.ofType("aws:eks/accessEntry:AccessEntry").filter(({ name }) => name.startsWith("east."));
    assert.deepEqual(entries.map(({ name, inputs: { type } }) => [name, type]).sort(), [
      ["east.control-plane-access-deployer", "STANDARD"],
      ["east.karpenter-aws-nodes", "EC2_LINUX"],
    ]);
  });

  it("gives add-ons a kubeconfig without a token, as a secret", () => {
    const { kubeconfig, clusterIdentifier } = graph.get("east", "pulumi:providers:kubernetes").inputs;
    assert.equal(clusterIdentifier, "test/east");
    const text = String(object(kubeconfig).secret);
    assert.match(text, /command: aws/);
    assert.match(text, /- get-token/);
    assert.doesNotMatch(text, /token:|client-key|password/);
  });
});

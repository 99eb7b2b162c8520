import assert from "node:assert/strict";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { secret } from "../../../../rehearsal/providers/wire";
import { build } from "./estate";
import { type Made, urnOf, value, World } from "./world";

type Change = (made: Readonly<Record<string, Made>>) => Readonly<Record<string, unknown>>;
/** What changes of a piece, and the paths that change; those for which a new one is made are in capitals' place. */
type Case = readonly [
  what: string,
  piece: string,
  change: Change,
  changed: readonly string[],
  replaces?: readonly string[],
];

const RANGE = "10.2.0.0/16";
const cluster = (more: object) => ({ vpcConfig: more });

/** Source of what replaces: the schemas of hashicorp/terraform-provider-aws, which the real plugin is made from. */
const CASES: readonly Case[] = [
  ["tags", "vpc", () => ({ tags: { owner: "other" } }), ["tags.owner", "tagsAll"]],
  ["a default written out", "vpc", () => ({ enableDnsSupport: true }), []],
  ["another value than the default", "vpc", () => ({ enableDnsSupport: false }), ["enableDnsSupport"]],
  ["a range", "vpc", () => ({ cidrBlock: RANGE }), ["cidrBlock"], ["cidrBlock"]],
  ["a range not known yet", "vpc", () => ({ cidrBlock: rpc.unknownValue }), ["cidrBlock"], ["cidrBlock"]],
  ["a region", "vpc", () => ({ region: "eu-west-1" }), ["region"], ["region"]],
  ["the provider's own region written out", "vpc", () => ({ region: "us-east-1" }), []],
  ["public addresses", "public", () => ({ mapPublicIpOnLaunch: true }), ["mapPublicIpOnLaunch"]],
  ["a zone", "public", () => ({ availabilityZone: "us-east-1b" }), ["availabilityZone"], ["availabilityZone"]],
  [
    "a route's target",
    "out",
    ({ gateway }) => ({ natGatewayId: undefined, gatewayId: gateway?.id }),
    ["natGatewayId", "gatewayId"],
  ],
  [
    "a route's destination",
    "out",
    () => ({ destinationCidrBlock: RANGE }),
    ["destinationCidrBlock"],
    ["destinationCidrBlock"],
  ],
  ["a subnet's table", "uses", ({ inline }) => ({ routeTableId: inline?.id }), ["routeTableId"]],
  ["a group's description", "group", () => ({ description: "other" }), ["description"], ["description"]],
  ["a rule's ports", "in", () => ({ toPort: 444 }), ["toPort"]],
  [
    "a rule's kind of source",
    "in",
    ({ group }) => ({ cidrIpv4: undefined, referencedSecurityGroupId: group?.id }),
    ["cidrIpv4", "referencedSecurityGroupId"],
    ["cidrIpv4", "referencedSecurityGroupId"],
  ],
  ["an endpoint's subnets", "ecr", ({ a }) => ({ subnetIds: [a?.id] }), ["subnetIds"]],
  ["an endpoint's subnets in another order", "ecr", ({ a, b }) => ({ subnetIds: [b?.id, a?.id] }), []],
  ["flow logs' traffic", "flow", () => ({ trafficType: "REJECT" }), ["trafficType"], ["trafficType"]],
  ["a peering's region", "peering", () => ({ peerRegion: "eu-west-2" }), ["peerRegion"], ["peerRegion"]],
  [
    "a gateway's default table, switched on again",
    "farTgw",
    () => ({ defaultRouteTableAssociation: "enable" }),
    ["defaultRouteTableAssociation"],
    ["defaultRouteTableAssociation"],
  ],
  [
    "a gateway's default table, switched off",
    "tgw",
    () => ({ defaultRouteTableAssociation: "disable" }),
    ["defaultRouteTableAssociation"],
  ],
  [
    "a template's disk",
    "template",
    () => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 60 } }] }),
    [
      "blockDeviceMappings.ebs.volumeSize",
      "blockDeviceMappings.ebs.volumeType",
      "blockDeviceMappings.ebs.encrypted",
      "blockDeviceMappings.ebs.kmsKeyId",
    ],
  ],
  ["a template's name", "template", () => ({ name: "other" }), ["name"], ["name"]],

  ["a cluster's version", "cluster", () => ({ version: "1.35" }), ["version"]],
  ["a cluster's name", "cluster", () => ({ name: "other" }), ["name"], ["name"]],
  ["a cluster's role", "cluster", ({ nodes }) => ({ roleArn: nodes?.state.arn }), ["roleArn"], ["roleArn"]],
  [
    "a cluster's own add-ons",
    "cluster",
    () => ({ bootstrapSelfManagedAddons: true }),
    ["bootstrapSelfManagedAddons"],
    ["bootstrapSelfManagedAddons"],
  ],
  [
    "a cluster's first administrator",
    "cluster",
    () => ({ accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true } }),
    ["accessConfig.bootstrapClusterCreatorAdminPermissions"],
    ["accessConfig.bootstrapClusterCreatorAdminPermissions"],
  ],
  [
    "a cluster's subnets",
    "cluster",
    ({ a, public: b, group }) =>
      cluster({
        subnetIds: [a?.id, b?.id],
        securityGroupIds: [group?.id],
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
      }),
    ["vpcConfig.subnetIds"],
  ],
  [
    "a cluster's endpoint",
    "cluster",
    ({ a, b, group }) =>
      cluster({
        subnetIds: [a?.id, b?.id],
        securityGroupIds: [group?.id],
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: ["203.0.113.0/24"],
      }),
    ["vpcConfig.endpointPublicAccess", "vpcConfig.publicAccessCidrs"],
  ],
  [
    "a cluster's services",
    "cluster",
    () => ({ kubernetesNetworkConfig: { serviceIpv4Cidr: "172.21.0.0/16" } }),
    ["kubernetesNetworkConfig.serviceIpv4Cidr"],
    ["kubernetesNetworkConfig.serviceIpv4Cidr"],
  ],
  [
    "a cluster's logs",
    "cluster",
    () => ({ enabledClusterLogTypes: ["audit", "api", "scheduler"] }),
    ["enabledClusterLogTypes"],
  ],
  ["logs in another order", "cluster", () => ({ enabledClusterLogTypes: ["audit", "api"] }), []],
  [
    "a cluster's encryption, taken off",
    "cluster",
    () => ({ encryptionConfig: undefined }),
    ["encryptionConfig"],
    ["encryptionConfig"],
  ],
  ["a support that AWS filled in", "cluster", () => ({ upgradePolicy: { supportType: "EXTENDED" } }), []],
  ["nodes' version", "workers", () => ({ version: "1.33" }), ["version"]],
  [
    "nodes' number",
    "workers",
    () => ({ scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 } }),
    ["scalingConfig.minSize", "scalingConfig.maxSize"],
  ],
  ["nodes' types", "workers", () => ({ instanceTypes: ["m7i.xlarge"] }), ["instanceTypes"], ["instanceTypes"]],
  [
    "nodes' types in another order",
    "workers",
    () => ({ instanceTypes: ["m6i.large", "m7i.large"] }),
    ["instanceTypes"],
    ["instanceTypes"],
  ],
  ["nodes' subnets", "workers", ({ a }) => ({ subnetIds: [a?.id] }), ["subnetIds"], ["subnetIds"]],
  [
    "nodes' template's version",
    "workers",
    ({ template }) => ({ launchTemplate: { id: template?.id, version: "2" } }),
    ["launchTemplate.version"],
  ],
  [
    "nodes' template",
    "workers",
    () => ({ launchTemplate: { id: "lt-0123456789abcdef0", version: "1" } }),
    ["launchTemplate.id"],
    ["launchTemplate.id"],
  ],
  ["nodes' taints and labels", "workers", () => ({ labels: { a: "b" }, taints: [] }), ["taints", "labels"]],
  ["an add-on's version", "agent", () => ({ addonVersion: "v1.3.9-eksbuild.1" }), ["addonVersion"]],
  ["an identity's role", "identity", ({ nodes }) => ({ roleArn: nodes?.state.arn }), ["roleArn"]],
  ["an identity's account", "identity", () => ({ serviceAccount: "other" }), ["serviceAccount"], ["serviceAccount"]],
  ["an entry's type", "entry", () => ({ type: "EC2_LINUX" }), ["type"], ["type"]],
  [
    "an entry's scope",
    "admin",
    () => ({ accessScope: { type: "namespace", namespaces: ["a"] } }),
    ["accessScope.type", "accessScope.namespaces"],
    ["accessScope.type", "accessScope.namespaces"],
  ],

  [
    "a trust in another spelling",
    "nodes",
    ({ nodes }) => ({ assumeRolePolicy: JSON.stringify(JSON.parse(String(nodes?.inputs.assumeRolePolicy)), null, 4) }),
    [],
  ],
  ["a role's path", "nodes", () => ({ path: "/x/" }), ["path"], ["path"]],
  ["a policy's description", "policy", () => ({ description: "x" }), ["description"], ["description"]],
  ["a key's rotation", "key", () => ({ enableKeyRotation: false }), ["enableKeyRotation"]],
  ["a key of several regions", "key", () => ({ multiRegion: false }), ["multiRegion"], ["multiRegion"]],
  ["an alias's key", "alias", () => ({ targetKeyId: "other" }), ["targetKeyId"]],
  ["a bucket's name", "source", () => ({ bucket: "other" }), ["bucket"], ["bucket"]],
  ["a bucket's destruction", "source", () => ({ forceDestroy: true }), ["forceDestroy"]],
  ["a bucket's policy", "tls", () => ({ policy: "{}" }), ["policy"]],
  ["a queue's time", "queue", () => ({ messageRetentionSeconds: 300 }), ["messageRetentionSeconds"]],
  ["a queue's name", "queue", () => ({ name: "other" }), ["name"], ["name"]],
  ["a record's name", "record", () => ({ name: "other" }), ["name"], ["name"]],
  [
    "a record's weight",
    "record",
    () => ({ weightedRoutingPolicies: [{ weight: 0 }] }),
    ["weightedRoutingPolicies.weight"],
  ],
  ["a check's interval", "health", () => ({ requestInterval: 30 }), ["requestInterval"], ["requestInterval"]],
  ["a repository's tags", "images", () => ({ imageTagMutability: "MUTABLE" }), ["imageTagMutability"]],
  ["images' expiry", "expiry", () => ({ policy: "{}" }), ["policy"], ["policy"]],
  ["files' throughput", "files", () => ({ throughputMode: "bursting" }), ["throughputMode"]],
  ["a secret's value", "secretValue", () => ({ secretString: secret("other") }), ["secretString"], ["secretString"]],
  ["the same value, now secret", "secretValue", () => ({ secretString: secret("hush") }), []],
  ["a parameter's value", "parameter", () => ({ value: "two" }), ["value"]],
  ["a table's key", "locks", () => ({ hashKey: "Other" }), ["hashKey"], ["hashKey"]],
];

describe("stand-in aws: a change of", () => {
  const world = new World();
  let made: Record<string, Made> = {};
  const piece = (name: string) => made[name] ?? assert.fail(`no piece ${name}`);
  before(async () => {
    made = await build(world);
  });
  after(() => world.end());

  for (const [what, name, change, changed, replaces = []] of CASES) {
    const effect = replaces.length > 0 ? "makes it anew" : changed.length > 0 ? "updates it" : "changes nothing";
    it(`${what} ${effect}`, async () => {
      const one = piece(name);
      const difference = await world.difference(one, { ...one.inputs, ...change(made) });
      assert.deepEqual([difference.changed, difference.replaces], [[...changed], [...replaces]]);
    });
  }

  it("what the provider gives everything updates everything that has tags", async () => {
    const { id, type, name, state, inputs } = piece("vpc");
    const provider = world.provider("tagged");
    provider.configure({ region: "us-east-1", defaultTags: JSON.stringify({ tags: { stack: "test" } }) });
    const urn = urnOf(type, name);
    const difference = await provider.diff({ id, urn, state, inputs }, inputs);
    assert.deepEqual(difference, { changed: ["tagsAll"], replaces: [], deleteBeforeReplace: false });
    const outs = await provider.update({ id, urn, state, inputs }, inputs, false);
    assert.deepEqual([outs.tags, outs.tagsAll], [{ owner: "platform" }, { owner: "platform", stack: "test" }]);
  });

  it("something whose name stays deletes it first, and not where the name was made for it", async () => {
    const queue = piece("queue");
    const named = await world.difference(queue, { ...queue.inputs, fifoQueue: true });
    assert.deepEqual([named.replaces, named.deleteBeforeReplace], [["fifoQueue"], true]);
    const { __defaults, ...rest } = piece("group").inputs;
    assert.deepEqual(__defaults, ["name"]);
    const { name: _, ...given } = rest;
    const unnamed = await world.difference(piece("group"), { ...given, description: "other" });
    assert.deepEqual([unnamed.replaces, unnamed.deleteBeforeReplace], [["description"], false]);
  });
});

describe("stand-in aws: an update", () => {
  const world = new World();
  let made: Record<string, Made> = {};
  const piece = (name: string) => made[name] ?? assert.fail(`no piece ${name}`);
  before(async () => {
    made = await build(world);
  });
  after(() => world.end());

  it("of a cluster goes up by one version, and nodes may be three behind", async () => {
    const cluster = piece("cluster");
    const to = (version: string, from = cluster) => world.change(from, { ...from.inputs, version });
    await assert.rejects(to("1.36"), /Unsupported Kubernetes minor version update from 1\.34 to 1\.36/);
    await assert.rejects(to("1.33"), /Unsupported Kubernetes minor version update from 1\.34 to 1\.33/);
    const old = await world.make("eks/nodeGroup:NodeGroup", "old", {
      ...piece("workers").inputs,
      nodeGroupName: "old",
      version: "1.32",
    });
    const next = await to("1.35");
    assert.equal(next.state.version, "1.35");
    await assert.rejects(to("1.36", next), /Nodegroup\(s\) old must be updated/);
    await world.change(old, { ...old.inputs, version: "1.35" });
    made.cluster = await to("1.36", next);
    assert.equal(made.cluster.state.endpoint, cluster.state.endpoint);
    await assert.rejects(
      world.change(piece("workers"), { ...piece("workers").inputs, version: "1.32" }),
      /4 minor versions behind/,
    );
    await world.remove(old);
  });

  it("of a template makes a version, which the preview does not know yet", async () => {
    const { id, type, name, state, inputs } = piece("template");
    const known = { id, urn: urnOf(type, name), state, inputs };
    const news = { ...inputs, instanceType: "m7i.large" };
    const planned = await world.provider().update(known, news, true);
    assert.equal(planned.latestVersion, rpc.unknownValue);
    assert.equal(planned.arn, state.arn);
    const changed = await world.change(piece("template"), news);
    assert.deepEqual([changed.state.latestVersion, changed.state.defaultVersion], [2, 1]);
  });

  it("of nodes' template alone is refused while they are behind, as EKS would upgrade them by it", async () => {
    const behind = await world.make("eks/nodeGroup:NodeGroup", "behind", {
      ...piece("workers").inputs,
      nodeGroupName: "behind",
      // The template says it by now.
      instanceTypes: undefined,
    });
    assert.equal(behind.state.version, "1.34");
    const launchTemplate = { id: piece("template").id, version: "2" };
    await assert.rejects(
      world.change(behind, { ...behind.inputs, launchTemplate }),
      /EKS would bring its nodes to 1\.36, the cluster's version, and not keep 1\.34/,
    );
    const both = await world.change(behind, { ...behind.inputs, launchTemplate, version: "1.35" });
    assert.equal(both.state.version, "1.35");
    assert.equal(value(both, "launchTemplate.version"), "2");
    await world.remove(behind);
  });

  it("in a preview leaves what does not change as it is", async () => {
    const { id, type, name, state, inputs } = piece("cluster");
    const planned = await world
      .provider()
      .update({ id, urn: urnOf(type, name), state, inputs }, { ...inputs, tags: { owner: "x" } }, true);
    assert.deepEqual([planned.endpoint, planned.arn, planned.version], [state.endpoint, state.arn, state.version]);
    assert.deepEqual(planned.tagsAll, { owner: "x" });
  });

  it("keeps what was accepted at the other end", async () => {
    const peering = await world.change(piece("peering"), { ...piece("peering").inputs, tags: { owner: "x" } });
    assert.equal(peering.state.acceptStatus, "active");
    assert.equal(value(piece("accepter"), "acceptStatus"), "active");
  });

  it("refuses what is not there any more", async () => {
    const parameter = piece("parameter");
    await world.remove(parameter);
    await assert.rejects(world.change(parameter, { ...parameter.inputs, value: "two" }), /ResourceNotFoundException/);
    const read = await world
      .provider()
      .read({ id: parameter.id, urn: urnOf(parameter.type, "p"), state: parameter.state, inputs: {} });
    assert.equal(read.id, "");
  });
});

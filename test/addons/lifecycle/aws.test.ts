import assert from "node:assert/strict";
import { addonOf, identitiesOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { type Edits, type Json, ON_EKS, PRODUCTION_ON_EKS, refuses, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Json>>;
}

async function statementsOf(name: string): Promise<readonly Statement[]> {
  const [identity, ...others] = await identitiesOn("east", addonOf(name), { ...switchOn(name), ...ON_EKS });
  assert.deepEqual(others, []);
  return (identity as Json).statements as readonly Statement[];
}

/** The statements that allow an action. */
function allowing(statements: readonly Statement[], action: string): Statement[] {
  return statements.filter(({ actions }) => actions.includes(action));
}

describe("Karpenter", () => {
  const ON: Edits = { ...switchOn("karpenter"), ...ON_EKS, tenants: {} };
  let graph: Graph;
  before(async () => {
    graph = (await runFleet(ON)).graph;
  });

  const specOf = (name: string) => object(graph.get(name).inputs.spec);

  it("adds nodes that no pod can start on before Cilium runs", () => {
    const { spec } = object(specOf("east.karpenter-general").template);
    assert.deepEqual(object(spec).startupTaints, [
      { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NoExecute" },
    ]);
  });

  it("consolidates, a tenth of a pool at a time, and stops at a limit", () => {
    const spec = specOf("east.karpenter-general");
    assert.deepEqual(spec.disruption, {
      consolidationPolicy: "WhenEmptyOrUnderutilized",
      consolidateAfter: "5m",
      budgets: [{ nodes: "10%" }],
    });
    assert.deepEqual(spec.limits, { cpu: "200", memory: "800Gi" });
  });

  it("starts encrypted machines in the cluster's subnets and groups, whose metadata pods cannot read", () => {
    const spec = specOf("east.karpenter-general-class");
    assert.deepEqual(spec.subnetSelectorTerms, [{ tags: { "karpenter.sh/discovery": "test-east" } }]);
    assert.deepEqual(spec.securityGroupSelectorTerms, spec.subnetSelectorTerms);
    assert.deepEqual(spec.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    const [volume] = spec.blockDeviceMappings as readonly Json[];
    const { encrypted, kmsKeyID } = object(volume?.ebs);
    assert.deepEqual([encrypted, kmsKeyID], [true, "arn:aws:kms:::east.keys-data"]);
    for (const tag of ["stack", "cluster", "owner", "cost-center"]) assert.ok(tag in object(spec.tags), tag);
  });

  it("hears of interruptions, and finds the cluster", () => {
    const values = object(graph.get("east.karpenter", "kubernetes:helm.sh/v3:Release").inputs.values);
    assert.deepEqual(values.settings, {
      clusterName: "test-east",
      interruptionQueue: graph.get("east.karpenter-aws", "aws:sqs/queue:Queue").inputs.name,
      eksControlPlane: true,
    });
  });

  it("comes after its kinds, which another chart brings, and its pools after it", () => {
    const release = graph.get("east.karpenter", "kubernetes:helm.sh/v3:Release");
    assert.equal(release.inputs.skipCrds, true);
    assert.ok(release.dependencies.includes("kubernetes:helm.sh/v3:Release east.karpenter-crd"));
    const nodeClass = graph.get("east.karpenter-general-class");
    assert.ok(nodeClass.dependencies.includes("kubernetes:helm.sh/v3:Release east.karpenter"));
    assert.deepEqual(graph.get("east.karpenter-general").dependencies, [
      "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass east.karpenter-general-class",
    ]);
  });

  it("has an hour to drain the nodes of a pool that goes", () => {
    for (const name of ["east.karpenter-general", "east.karpenter-general-class"]) {
      assert.equal(graph.get(name).deleteTimeout, "60m", name);
    }
  });

  it("starts and ends no instances but this cluster's", async () => {
    const statements = await statementsOf("karpenter");
    for (const { resources, conditions } of allowing(statements, "ec2:TerminateInstances")) {
      assert.ok(!resources.includes("*"));
      assert.deepEqual(conditions?.StringEquals, { "aws:ResourceTag/kubernetes.io/cluster/test-east": "owned" });
    }
    const launches = allowing(statements, "ec2:RunInstances").filter(({ resources }) =>
      resources.some((one) => one.endsWith(":instance/*")),
    );
    assert.equal(launches.length, 1);
    assert.deepEqual(launches[0]?.conditions?.StringEquals, {
      "aws:RequestTag/kubernetes.io/cluster/test-east": "owned",
      "aws:RequestTag/eks:eks-cluster-name": "test-east",
    });
    const [pass] = allowing(statements, "iam:PassRole");
    assert.deepEqual(pass?.resources, ["arn:aws:iam::123456789012:role/test-east-node"]);
  });

  it("has pools by settings", async () => {
    const pools = { batch: { capacity: ["spot"], taints: [{ key: "choreo.test/batch", effect: "NoSchedule" }] } };
    const { graph: other } = await runFleet({ ...ON, "platform.karpenter": { nodePools: pools } });
    const changes = other.changesSince(graph);
    const ofPool = (pool: string) =>
      ["control", "east", "west"].flatMap((name) => [`${name}.karpenter-${pool}`, `${name}.karpenter-${pool}-class`]);
    assert.deepEqual(changes, { added: ofPool("batch"), removed: ofPool("general"), changed: [] });
  });

  refuses([
    [
      "a pool without capacity",
      { ...ON, "platform.karpenter": { nodePools: { a: { capacity: [] } } } },
      "platform.karpenter.nodePools.a.capacity: name at least one kind of capacity",
    ],
    [
      "a time that Karpenter cannot read",
      { ...ON, "platform.karpenter": { nodePools: { a: { expireAfter: "30d" } } } },
      'platform.karpenter.nodePools.a.expireAfter: not a time such as "30s", "5m" or "336h"',
    ],
  ]);
});

describe("the AWS load balancer controller", () => {
  const addon = addonOf("aws-load-balancer-controller");

  it("takes no Service that does not name it, no Ingress and no Gateway", async () => {
    const values = await valuesOn("east", addon, { ...switchOn(addon.name), ...ON_EKS }, { aws: true });
    assert.equal(values.enableServiceMutatorWebhook, false);
    assert.equal(values.createIngressClassResource, false);
    assert.deepEqual(object(values.controllerConfig).featureGates, {
      ServiceTypeLoadBalancerOnly: true,
      NLBGatewayAPI: false,
      ALBGatewayAPI: false,
      GatewayListenerSet: false,
    });
  });

  it("has certificates from cert-manager, as the chart's own are new at every rendering", async () => {
    assert.deepEqual(addon.needs, ["cert-manager"]);
    const values = await valuesOn("east", addon, { ...switchOn(addon.name), ...PRODUCTION_ON_EKS }, { aws: true });
    assert.deepEqual([values.enableCertManager, values.replicaCount], [true, 2]);
  });

  it("changes and deletes no load balancer or group but this cluster's", async () => {
    const statements = await statementsOf(addon.name);
    const own = { "aws:ResourceTag/elbv2.k8s.aws/cluster": "test-east" };
    for (const action of ["elasticloadbalancing:DeleteLoadBalancer", "ec2:DeleteSecurityGroup"]) {
      const found = allowing(statements, action);
      assert.equal(found.length, 1, action);
      assert.deepEqual(found[0]?.conditions?.StringEquals, own, action);
    }
    const [create] = allowing(statements, "elasticloadbalancing:CreateLoadBalancer");
    assert.deepEqual(create?.conditions?.StringEquals, { "aws:RequestTag/elbv2.k8s.aws/cluster": "test-east" });
  });

  it("is on no cluster outside AWS", async () => {
    const { graph } = await runFleet({ ...switchOn(addon.name, "karpenter"), tenants: {} });
    const found = graph.resources.filter(({ name }) => /load-balancer-controller|karpenter/.test(name));
    assert.deepEqual(found, []);
  });
});

import assert from "node:assert/strict";
import type { Graph, Registered } from "../../support/graph";
import { key } from "../../support/graph";
import { eksGraph } from "./support";

/** The order of a graph: what is made after what. */
class Order {
  private readonly byKey: ReadonlyMap<string, Registered>;
  private readonly seen = new Map<string, ReadonlySet<string>>();

  constructor(private readonly graph: Graph) {
    this.byKey = new Map(graph.resources.map((resource) => [key(resource), resource]));
  }

  /** Whether `later` waits for `earlier`, directly or by others: dependencies, its provider, and its parents'. */
  after(later: string, earlier: string): boolean {
    return this.waitsFor(later).has(earlier);
  }

  private waitsFor(one: string): ReadonlySet<string> {
    const known = this.seen.get(one);
    if (known !== undefined) return known;
    const found = new Set<string>();
    this.seen.set(one, found);
    for (const next of this.direct(one)) {
      found.add(next);
      for (const further of this.waitsFor(next)) found.add(further);
    }
    return found;
  }

  private direct(one: string): string[] {
    const resource = this.byKey.get(one);
    if (resource === undefined) return [];
    const parent = this.graph.resources
      .filter((other) => other !== resource && other.name === resource.parent && !other.custom)
      .map(key);
    const provider = this.graph.resources
      .filter((other) => other.name === resource.provider && other.type.startsWith("pulumi:providers:"))
      .map(key);
    return [...resource.dependencies, ...provider, ...parent];
  }
}

/** The fixed order of DESIGN, section 6; each step waits for all before it. */
const STEPS = [
  ["the control plane", "aws:eks/cluster:Cluster east.control-plane"],
  ["the agent of Pod Identity", "aws:eks/addon:Addon east.pod-identity-agent"],
  [
    "the identity of cilium-operator",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation east.cilium-cilium-operator-association",
  ],
  ["Cilium", "kubernetes:helm.sh/v3:Release east.cilium"],
  ["the nodes", "aws:eks/nodeGroup:NodeGroup east.nodes-general"],
  ["CoreDNS", "aws:eks/addon:Addon east.coredns"],
  ["Cilium's custom resources", "kubernetes:cilium.io/v2:CiliumClusterwideNetworkPolicy east.cilium-ambient-probes"],
  ["the other add-ons", "kubernetes-cert-manager:index:CertManager east.cert-manager"],
] as const;

describe("the order in which a cluster on EKS is made", () => {
  let graph: Graph;
  let order: Order;
  before(async () => {
    graph = await eksGraph();
    order = new Order(graph);
  });

  for (const [index, [title, step]] of STEPS.entries()) {
    for (const [earlierTitle, earlier] of STEPS.slice(0, index)) {
      it(`has ${title} after ${earlierTitle}`, () => {
        assert.ok(order.after(step, earlier), `${step} does not wait for ${earlier}`);
        assert.ok(!order.after(earlier, step), `${earlier} waits for ${step}`);
      });
    }
  }

  it("does not wait for Cilium to run before there are nodes", () => {
    assert.equal(graph.get("east.cilium", "kubernetes:helm.sh/v3:Release").inputs.skipAwait, true);
  });

  it("has access and the way of `up` before the first object in the cluster", () => {
    const first = "kubernetes:core/v1:ConfigMap east.cilium-ca-bundle";
    for (const earlier of [
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation east.control-plane-access-deployer-policy",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule east.runner-runner",
      "aws:ec2/route:Route east.runner-peering-east-euw1-az1",
      "aws:ec2/route:Route east.runner-peering-runner-rtb-0123456789abcdef0",
    ]) {
      assert.ok(order.after(first, earlier), earlier);
    }
  });

  it("has the way out of the private subnets before nodes", () => {
    assert.ok(
      order.after(
        "aws:eks/nodeGroup:NodeGroup east.nodes-general",
        "aws:ec2/route:Route east.network-private-euw1-az2-out",
      ),
    );
  });

  it("has every resource of a cluster after the gate of the wave before", () => {
    const gate = "kubernetes:core/v1:ConfigMap waves-0";
    const waiting = graph.resources.filter(({ name, type }) => name.startsWith("east.") && type.startsWith("aws:"));
    assert.ok(waiting.length > 80);
    for (const resource of waiting) assert.ok(order.after(key(resource), gate), key(resource));
  });

  it("is no circle", () => {
    for (const resource of graph.resources) assert.ok(!order.after(key(resource), key(resource)), key(resource));
  });
});

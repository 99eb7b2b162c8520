import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { BuildHandOver, PLAIN_VALUE, TenantWorkflows } from "../../components/planes/builds";
import type { TenantGit } from "../../components/planes/git-rules";
import { SAFE } from "../../components/planes/types";
import type { Graph } from "../support/graph";
import { runProgram } from "../support/program";
import { object } from "../support/stack";

const EDGES = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";
const POLICY = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";

describe("what a build is told", () => {
  const plain = new RegExp(PLAIN_VALUE);
  const accepted: Readonly<Record<keyof typeof SAFE, readonly string[]>> = {
    url: ["https://git.example.com/shop/api.git", "https://git.example.com:8443/~team/shop_api"],
    revision: ["main", "release/1.2", "v1.2.3"],
    commit: ["", "0123abc", "0123456789abcdef0123456789abcdef01234567"],
    path: [".", "services/api", ".github/x", "a/.b/Dockerfile"],
    key: [".spec.container.image", ".spec.containers[0].image"],
  };
  const refused: Readonly<Record<keyof typeof SAFE, readonly string[]>> = {
    url: ["http://git.example.com/a", "https://u:p@git.example.com/a", "https://git.example.com/$(id)", "-oProxy=x"],
    revision: ["-x", "a b", "a;b", "$(id)", '"', "`id`", ""],
    commit: ["main", "0123", "0123abg"],
    path: ["..", "../a", "a/../b", "/etc", "a b", "$HOME", ""],
    key: [".a | load(1)", "'", "", "a"],
  };
  for (const [name, pattern] of Object.entries(SAFE) as [keyof typeof SAFE, string][]) {
    it(`is a ${name} that a script may hold`, () => {
      for (const value of accepted[name]) {
        assert.match(value, new RegExp(pattern));
        assert.match(value, plain);
        assert.ok(!value.includes(".."));
      }
      for (const value of refused[name]) assert.doesNotMatch(value, new RegExp(pattern), value);
    });
  }

  it("holds nothing that a shell reads, whatever OpenChoreo lets through", () => {
    for (const value of ["a b", "a;b", "$(id)", "`id`", 'a"b', "a'b", "a\\nb", "-x", "a|b", "a&b", "a>b", "a*b", "a#b"])
      assert.doesNotMatch(value, plain, value);
  });
});

const GIT: Readonly<Record<string, TenantGit>> = {
  shop: { sources: [], deploy: { repository: "https://git.choreo.test/shop/deploy", path: "tenants/shop" } },
};

describe("builds that OpenChoreo hands over", () => {
  let graph: Graph;
  before(async () => {
    const run = await runProgram(async () => {
      const provider = new kubernetes.Provider("control", { kubeconfig: "{}" });
      const args = { registry: "registry.test/team", after: [] };
      const handOver = new BuildHandOver("control.hand-over", args, { providers: [provider] });
      for (const tenant of ["shop", "bank"]) {
        const own = {
          tenant,
          git: GIT[tenant] ?? { sources: [] },
          gitHosts: ["git.choreo.test:8443"],
          after: [handOver],
        };
        new TenantWorkflows(`control.workflows-${tenant}`, own, { providers: [provider] });
      }
      return {};
    });
    graph = run.graph;
  });

  it("start in a namespace of each organization, which admits restricted pods only", () => {
    const namespaces = graph.ofType("kubernetes:core/v1:Namespace").map(({ inputs }) => object(inputs.metadata));
    assert.deepEqual(
      namespaces.map(({ name, labels }) => [name, object(labels)["pod-security.kubernetes.io/enforce"]]),
      [
        ["workflows-tenant-bank", "restricted"],
        ["workflows-tenant-shop", "restricted"],
      ],
    );
  });

  it("run in namespaces that let nothing in, and out to names and the API server alone", () => {
    for (const tenant of ["bank", "shop"]) {
      const { metadata, spec } = graph.get(`control.workflows-${tenant}-edges`, EDGES).inputs;
      assert.equal(object(metadata).namespace, `workflows-tenant-${tenant}`);
      const { endpointSelector, ingress, egress } = object(spec);
      assert.deepEqual([endpointSelector, ingress], [{}, [{}]]);
      const [names, server, ...rest] = egress as unknown[];
      assert.deepEqual(
        (object(names).toPorts as { ports: object[] }[]).flatMap(({ ports }) => ports),
        ["UDP", "TCP"].map((protocol) => ({ port: "53", protocol })),
      );
      assert.deepEqual([server, rest], [{ toEntities: ["kube-apiserver"] }, []]);
    }
  });

  it("have a quota in them, and requests where steps say none", () => {
    for (const tenant of ["bank", "shop"]) {
      const namespace = `workflows-tenant-${tenant}`;
      const [quota, limits] = ["ResourceQuota", "LimitRange"].map((kind) =>
        graph
          .ofType(`kubernetes:core/v1:${kind}`)
          .find(({ inputs }) => object(inputs.metadata).namespace === namespace),
      );
      assert.deepEqual(Object.keys(object(object(quota?.inputs.spec).hard)).sort(), [
        "pods",
        "requests.cpu",
        "requests.memory",
      ]);
      const [limit] = object(limits?.inputs.spec).limits as unknown[];
      assert.deepEqual(Object.keys(object(object(limit).defaultRequest)), ["cpu", "memory"]);
    }
  });

  it("may be started and watched from there, and nothing else", () => {
    const role = graph.get("control.hand-over-role");
    assert.equal(object(role.inputs.metadata).namespace, "choreo-builds");
    assert.deepEqual(role.inputs.rules, [
      { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create", "get", "list", "watch"] },
    ]);
    const binding = graph.get("control.workflows-shop", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding");
    assert.equal(object(binding.inputs.metadata).namespace, "choreo-builds");
    assert.deepEqual(binding.inputs.subjects, [
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:serviceaccounts:workflows-tenant-shop" },
    ]);
  });

  it("fill the tenant's own part of the registry", () => {
    const { spec } = graph.get("control.hand-over-policy", POLICY).inputs;
    const { variables, validations } = object(spec);
    const tenant = 'request.userInfo.username.split(":")[2].substring(17)';
    assert.deepEqual(variables, [{ name: "tenant", expression: tenant }]);
    assert.equal("system:serviceaccount:workflows-tenant-shop:any".split(":")[2]?.substring(17), "shop");
    const rules = (validations as { expression: string }[]).map(({ expression }) => expression);
    assert.ok(rules.some((rule) => rule.endsWith('.value.startsWith("registry.test/team/" + variables.tenant + "/")')));
    assert.ok(rules.some((rule) => rule.endsWith('.value.startsWith(variables.tenant + ".")')));
  });

  it("are of the platform's template, or refused, before anybody may start one", () => {
    const policy = graph.ofType("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding")[0];
    const { validationActions, matchResources } = object(policy?.inputs.spec);
    assert.deepEqual(validationActions, ["Deny"]);
    assert.deepEqual(matchResources, {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "choreo-builds" } },
    });
    const { dependencies } = graph.get("control.workflows-shop", "kubernetes:core/v1:Namespace");
    assert.ok(dependencies.includes(`${policy?.type} ${policy?.name}`));
  });
});

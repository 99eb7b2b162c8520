import assert from "node:assert/strict";
import { addonOf, identitiesOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { type Edits, PRODUCTION, refuses, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const ON = switchOn("external-secrets");
const STORE = "platform.externalSecrets.store";

describe("external-secrets' values", () => {
  it("in production are replicated, with one leader, and kinds that stay", async () => {
    const values = await valuesOn("east", addonOf("external-secrets"), { ...ON, ...PRODUCTION });
    assert.deepEqual([values.replicaCount, object(values.webhook).replicaCount, values.leaderElect], [2, 2, true]);
    assert.deepEqual(object(values.crds).annotations, { "helm.sh/resource-policy": "keep" });
    assert.deepEqual(values.podDisruptionBudget, { enabled: true });
  });

  it("in development are one replica, and kinds that go with it", async () => {
    const values = await valuesOn("east", addonOf("external-secrets"), ON);
    assert.deepEqual([values.replicaCount, values.leaderElect], [1, false]);
    assert.deepEqual(object(values.crds).annotations, {});
  });
});

describe("the secret store", () => {
  const ON_EAST = "east.external-secrets";
  const specOf = (graph: Graph) => object(graph.get(`${ON_EAST}-store`).inputs.spec);

  it("of an existing cluster is a namespace of its own, read by an account that may do nothing else", async () => {
    const { graph } = await runFleet({ ...ON, tenants: {} });
    assert.deepEqual(specOf(graph).provider, {
      kubernetes: {
        remoteNamespace: "choreo-secrets",
        server: {
          caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt", namespace: "external-secrets" },
        },
        auth: { serviceAccount: { name: "choreo-store", namespace: "external-secrets" } },
      },
    });
    const role = graph.get(`${ON_EAST}-reader`, "kubernetes:rbac.authorization.k8s.io/v1:Role");
    assert.equal(object(role.inputs.metadata).namespace, "choreo-secrets");
    assert.deepEqual(role.inputs.rules, [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }]);
    assert.equal(graph.ofType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").length, 0);
  });

  it("comes after what is behind it, and after the webhook that admits it", async () => {
    const { graph } = await runFleet({ ...ON, tenants: {} });
    const { dependencies, provider } = graph.get(`${ON_EAST}-store`);
    assert.equal(provider, "east");
    const binding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding east.external-secrets-reader";
    assert.ok(dependencies.includes(binding));
    assert.ok(
      graph
        .get(`${ON_EAST}-reader`, "kubernetes:core/v1:ServiceAccount")
        .dependencies.includes("kubernetes:helm.sh/v3:Release east.external-secrets"),
    );
  });

  it("serves OpenChoreo's namespaces and labelled ones only", async () => {
    const { graph } = await runFleet({ ...ON, tenants: {} });
    assert.deepEqual(specOf(graph).conditions, [
      { namespaceSelector: { matchExpressions: [{ key: "openchoreo.dev/project", operator: "Exists" }] } },
      { namespaceRegexes: ["^workflows-.+$"] },
      { namespaceSelector: { matchLabels: { "openchoreo.dev/secret-store": "choreo-store" } } },
    ]);
  });

  it("is what settings say, with credentials that stay secret", async () => {
    const vault = { vault: { server: "https://vault.test:8200" } };
    const edits: Edits = { [STORE]: { kind: "provider", provider: vault, credentials: { token: "vaultToken" } } };
    const config = { "openchoreo:vaultToken": "hidden" };
    const { graph } = await runFleet({ ...ON, ...edits, tenants: {} }, { config, secrets: Object.keys(config) });
    assert.deepEqual(specOf(graph).provider, vault);
    assert.deepEqual(graph.get(`${ON_EAST}-credentials`).inputs.stringData, { secret: { token: "hidden" } });
    assert.equal(graph.resources.filter(({ name }) => name === `${ON_EAST}-reader`).length, 0);
  });

  it("in AWS is read by the controller, below the stack's prefix only", async () => {
    assert.deepEqual(await identitiesOn("east", addonOf("external-secrets"), ON), [
      {
        namespace: "external-secrets",
        serviceAccount: "external-secrets",
        statements: [
          {
            actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            resources: ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:test/*"],
          },
          { actions: ["kms:Decrypt"], resources: ["arn:aws:kms:eu-west-1:123456789012:key/1"] },
        ],
      },
    ]);
  });

  it("asks nothing of AWS where it is another one", async () => {
    const edits = { ...ON, [STORE]: { kind: "kubernetes" } };
    assert.deepEqual(await identitiesOn("east", addonOf("external-secrets"), edits), []);
  });

  refuses([
    [
      "AWS for clusters that are not there",
      { ...ON, [STORE]: { kind: "aws" } },
      "platform.externalSecrets.store.kind: aws is for clusters on EKS, whose pods have an identity there, and control, east, west is none; leave the store out, which chooses by cluster, or give a provider with credentials",
    ],
    [
      "two providers in one store",
      { ...ON, [STORE]: { kind: "provider", provider: { vault: {}, gcpsm: {} } } },
      "platform.externalSecrets.store.provider: one provider, as the ClusterSecretStore's spec.provider spells it, such as { vault: { … } }",
    ],
  ]);
});

import assert from "node:assert/strict";
import type { Run } from "../support/program";
import { type Edits, edit, good, type Json, switchOn } from "../support/settings";
import { object } from "../support/stack";
import { platform, runTenantStack } from "../support/tenant-stacks";

const HOST = "registry.choreo.test/team";
const ADDONS = switchOn("argo-cd");
const SHOP: Json = edit(object(good().tenants.shop), {
  repository: { git: "https://github.com/example/shop-deploy" },
  "projects.store.databases": { orders: { engine: "postgresql", size: "1Gi" } },
});

/** Secrets that images are pulled by, as `cluster namespace`. */
function logins({ graph }: Run): string[] {
  return graph
    .ofType("kubernetes:core/v1:Secret")
    .filter(({ inputs }) => object(inputs.metadata).name === "registry-login")
    .map(({ provider, inputs }) => `${provider} ${object(inputs.metadata).namespace}`)
    .filter((place) => place.includes(" shop-"))
    .sort();
}

function pullSecrets({ graph }: Run): unknown[] {
  const components = graph.ofType("kubernetes:openchoreo.dev/v1alpha1:Component");
  assert.equal(components.length, 3);
  return components.map(({ inputs }) => object(object(inputs.spec).parameters).pullSecret);
}

const patchOf = ({ graph }: Run) =>
  String(object(graph.ofType("kubernetes:argoproj.io/v1alpha1:ApplicationSet")[0]?.inputs.spec).templatePatch);

describe("images of tenants", () => {
  const run = async (registry: Json) =>
    (await platform({ ...ADDONS, ...withRegistry(registry), tenants: { shop: SHOP } })).run;
  const withRegistry = (registry: Json): Edits => ({ "platform.registry": registry });

  it("are pulled by a login in each namespace of components, where the registry asks for one", async () => {
    const made = await run({ host: HOST, credentials: "registry" });
    assert.deepEqual(logins(made), [
      "east shop-store-development",
      "east shop-store-production",
      "west shop-store-development",
      "west shop-store-production",
    ]);
    const secret = made.graph.get("east.shop-store-development-registry", "kubernetes:core/v1:Secret");
    assert.equal(secret.inputs.type, "kubernetes.io/dockerconfigjson");
    assert.match(JSON.stringify(secret.inputs.stringData), /registry\.choreo\.test/);
    assert.deepEqual(new Set(pullSecrets(made)), new Set(["registry-login"]));
    assert.match(patchOf(made), /imagePullSecrets.*registry-login/);
  });

  const open: readonly (readonly [title: string, registry: Json])[] = [
    ["somebody else's lets everyone pull", { host: HOST }],
    ["the one in the cluster does", {}],
    ["there is none", { enabled: false }],
  ];
  for (const [title, registry] of open) {
    it(`are pulled without one where ${title}`, async () => {
      const made = await run(registry);
      assert.deepEqual(logins(made), []);
      assert.deepEqual(new Set(pullSecrets(made)), new Set([undefined]));
      assert.doesNotMatch(patchOf(made), /imagePullSecrets/);
    });
  }

  it("are pulled by the same login where another stack makes the tenants", async () => {
    const { stacks } = await platform({ ...ADDONS, ...withRegistry({ host: HOST, credentials: "registry" }) });
    const made = await runTenantStack({ stacks, tenants: { shop: SHOP } });
    assert.equal(logins(made).length, 4);
    assert.deepEqual(new Set(pullSecrets(made)), new Set(["registry-login"]));
    for (const { inputs } of made.graph.ofType("kubernetes:core/v1:Secret"))
      if (object(inputs.metadata).name === "registry-login")
        assert.deepEqual(Object.keys(object(inputs.stringData)), ["secret"], "a secret in the state");
  });
});

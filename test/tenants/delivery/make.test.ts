import assert from "node:assert/strict";
import { makeBuilds } from "../../../components/tenants/builds/make";
import { makeDelivery } from "../../../components/tenants/delivery/make";
import type { Graph, Registered } from "../../support/graph";
import type { Edits, Json } from "../../support/settings";
import { object } from "../../support/stack";
import { runTenants, type SitesArgs } from "../sites";

const API = "tenants.shop.projects.store.components.api";
const SOURCE: Edits = {
  [`${API}.image`]: undefined,
  [`${API}.source`]: { git: "https://github.com/example/shop-api" },
  "tenants.shop.repository": { git: "https://github.com/example/shop-deploy", path: "shop" },
};

async function made(edits: Edits = {}, args: SitesArgs = {}): Promise<Graph> {
  const { graph } = await runTenants(
    ({ planned, sites }) => {
      makeBuilds(planned, sites);
      makeDelivery(planned, sites);
    },
    { ...SOURCE, ...edits },
    args,
  );
  return graph;
}

const named = (graph: Graph, type: string) => graph.ofType(`kubernetes:${type}`);
const spec = ({ inputs }: Registered | undefined = assert.fail()) => object(inputs.spec);
const elements = (graph: Graph) => {
  const [set] = named(graph, "argoproj.io/v1alpha1:ApplicationSet");
  const [generator] = spec(set).generators as readonly Json[];
  return object(object(generator).list).elements as readonly Record<string, string>[];
};

describe("builds of tenants", () => {
  it("are one for each component with a source, on the cluster that builds, whatever its environments are", async () => {
    const images = named(await made(), "kpack.io/v1alpha2:Image");
    assert.deepEqual(
      images.map(({ name, parent, provider }) => [name, parent, provider]),
      [["control.shop.builds-store.api", "control.shop.builds", "control"]],
    );
    assert.equal(spec(images[0]).tag, "registry.test/team/shop/store/api");
  });

  it("write their image where promotion begins", async () => {
    const graph = await made({ [`${API}.source.build`]: "dockerfile" });
    const [nightly] = named(graph, "argoproj.io/v1alpha1:CronWorkflow");
    const { parameters } = object(object(spec(nightly).workflowSpec).arguments);
    const told = Object.fromEntries((parameters as readonly Json[]).map(({ name, value }) => [name, value]));
    assert.equal(told["deploy-repository"], "https://github.com/example/shop-deploy");
    assert.equal(told["deploy-path"], "shop/store/api/release/workload.yaml");
  });

  it("are none where nothing builds", async () => {
    const graph = await made({ [`${API}.source.build`]: "dockerfile" }, { without: ["builds"] });
    assert.deepEqual(graph.ofType("openchoreo:tenants:TenantBuilds"), []);
    const without = { without: ["argo-workflows", "openchoreo-workflow-plane"] };
    const still = await made({ [`${API}.source.build`]: "dockerfile" }, without);
    assert.deepEqual(named(still, "argoproj.io/v1alpha1:CronWorkflow"), []);
  });
});

describe("what Argo CD is told of tenants", () => {
  it("is a project and a set for each tenant, on the control plane, below a component that says whose it is", async () => {
    const graph = await made();
    for (const kind of ["AppProject", "ApplicationSet"]) {
      const found = named(graph, `argoproj.io/v1alpha1:${kind}`);
      assert.deepEqual(
        found.map(({ provider, parent, inputs }) => [provider, parent, object(inputs.metadata).name]),
        [["control-plane", "control-plane.shop.delivery", "shop"]],
        kind,
      );
    }
  });

  it("has an application for each component, environment and cluster, and one for what is released", async () => {
    const names = elements(await made()).map(({ name }) => name);
    const components = ["web", "api", "nightly"];
    const expected = components.flatMap((component) => [
      `store.${component}.release.release`,
      ...["development", "production"].flatMap((environment) =>
        ["east", "west"].map((cluster) => `store.${component}.${environment}.${cluster}`),
      ),
    ]);
    assert.deepEqual([...names].sort(), [...expected].sort());
    const ranks = elements(await made()).map(({ rank }) => Number(rank));
    assert.deepEqual(ranks, [...ranks].sort());
  });

  it("has one deployer for each component, and places for what it brings", async () => {
    const graph = await made({ [`${API}.deploy`]: "plain" });
    const plain = elements(graph).filter(({ component }) => component === "api");
    assert.deepEqual(
      plain.map(({ destination, namespace, automated }) => [destination, namespace, automated]),
      [
        ["east", "shop-store-development", "true"],
        ["west", "shop-store-development", "true"],
        ["east", "shop-store-production", "false"],
        ["west", "shop-store-production", "false"],
      ],
    );
    for (const { component, destination } of elements(graph))
      assert.equal(destination === "in-cluster", component !== "api", component);
    const [project] = named(graph, "argoproj.io/v1alpha1:AppProject");
    const allowed = (spec(project).destinations as readonly Json[]).map(
      ({ name, namespace }) => `${name}/${namespace}`,
    );
    for (const { destination, namespace } of elements(graph))
      assert.ok(allowed.includes(`${destination}/${namespace}`));
    assert.equal(allowed.length, 5);
  });

  it("is a project alone where a tenant has no repository, and nothing without Argo CD", async () => {
    const without = await made({ "tenants.shop.repository": undefined });
    assert.deepEqual(named(without, "argoproj.io/v1alpha1:ApplicationSet"), []);
    assert.equal(named(without, "argoproj.io/v1alpha1:AppProject").length, 1);
    const none = await made({}, { without: ["argo-cd"] });
    assert.deepEqual(none.ofType("openchoreo:tenants:TenantDelivery"), []);
  });
});

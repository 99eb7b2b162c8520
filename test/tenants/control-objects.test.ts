import assert from "node:assert/strict";
import { componentTypes } from "../../components/planes/types";
import { definition, describeWithCharts } from "../support/charts";
import { definitionProblems, structureProblems } from "../support/crd";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { DATABASE, type Edits, type Json, switchOn } from "../support/settings";
import { object } from "../support/stack";

const STORE = "tenants.shop.projects.store";
const API = `${STORE}.components.api`;
const NAME = "tenant-shop.projects";

const ADDONS = { ...switchOn("openchoreo-control-plane", "openchoreo-data-plane"), ...DATABASE };

const FULL: Edits = {
  [`${API}.language`]: "java",
  [`${API}.health`]: { path: "/healthz" },
  [`${API}.autoscaling`]: { min: 2, max: 5, cpu: 60 },
  [`${API}.monitoring`]: { port: 9090 },
  [`${STORE}.components.plain`]: { image: "i", port: 80, deploy: "plain" },
};

describe("a tenant on the control plane", () => {
  let graph: Graph;
  before(async () => {
    ({ graph } = await runFleet({ ...ADDONS, ...FULL }));
  });
  const componentOf = (name: string) =>
    object(graph.get(`${NAME}.${name}`, "kubernetes:openchoreo.dev/v1alpha1:Component").inputs.spec);

  it("has a project, after its pipeline, and its components, after the project", () => {
    const project = graph.get(`${NAME}.store`, "kubernetes:openchoreo.dev/v1alpha1:Project");
    assert.deepEqual(project.inputs.spec, {
      deploymentPipelineRef: { kind: "DeploymentPipeline", name: "default" },
      type: { kind: "ClusterProjectType", name: "platform" },
    });
    assert.equal(project.provider, "control");
    assert.ok(project.dependencies.some((one) => one.endsWith(" tenant-shop-pipeline")));
    const own = graph.get(`${NAME}.api`, "kubernetes:openchoreo.dev/v1alpha1:Component");
    assert.deepEqual(own.dependencies, [`${project.type} ${project.name}`]);
  });

  it("runs components in the namespaces that there are, one for each environment and data plane", () => {
    const { componentType, owner, parameters, traits } = componentOf("api");
    assert.deepEqual(componentType, { kind: "ClusterComponentType", name: "deployment/service" });
    assert.deepEqual(owner, { projectName: "store" });
    assert.deepEqual(traits, [
      { kind: "ClusterTrait", name: "instrumentation", instanceName: "traces", parameters: { language: "java" } },
    ]);
    const { secretVariables, ...rest } = object(parameters);
    assert.deepEqual(rest, {
      replicas: 1,
      resources: { cpu: "100m", memory: "128Mi" },
      autoscaling: { min: 2, max: 5, cpuPercent: 60 },
      health: { path: "/healthz", port: 8080 },
      metrics: { port: 9090 },
      global: true,
      namespaces: {
        "development-east": "shop-store-development",
        "development-west": "shop-store-development",
        "production-east": "shop-store-production",
        "production-west": "shop-store-production",
      },
    });
    assert.ok(
      (secretVariables as Json[]).some(
        ({ name, secret, key }) => name === "ORDERS_URI" && secret === "database.orders" && key === "uri",
      ),
    );
  });

  it("has tasks with their schedule", () => {
    const { componentType, parameters } = componentOf("nightly");
    assert.deepEqual(componentType, { kind: "ClusterComponentType", name: "cronjob/scheduled-task" });
    assert.equal(object(parameters).schedule, "0 3 * * *");
  });

  it("has parameters that the types know, and no others", () => {
    for (const { name, inputs } of graph.ofType("kubernetes:openchoreo.dev/v1alpha1:Component")) {
      const { componentType, parameters } = object(inputs.spec);
      const type = String(object(componentType).name).split("/")[1] as keyof ReturnType<typeof componentTypes>;
      const { openAPIV3Schema } = (componentTypes()[type].spec as { parameters: { openAPIV3Schema: object } })
        .parameters;
      assert.deepEqual(structureProblems(openAPIV3Schema, parameters), [], name);
    }
  });

  it("has one deployer for each component: nothing of OpenChoreo for what Argo CD deploys, and no release of either", () => {
    assert.ok(!graph.resources.some(({ name }) => name === `${NAME}.plain`));
    const kinds = graph.ofType("kubernetes").map(({ type }) => type.split(":").at(-1));
    for (const kind of ["Workload", "ComponentRelease", "ReleaseBinding"]) assert.ok(!kinds.includes(kind), kind);
    // What runs is nobody's but the deployer's.
    const cells = graph.resources.filter(({ name }) => /^(east|west)\.shop-/.test(name)).map(({ type }) => type);
    assert.ok(!cells.some((type) => /:(Deployment|StatefulSet|DaemonSet|CronJob|Job|Pod)$/.test(type)));
  });
});

describeWithCharts("objects of tenants on the control plane", () => {
  it("are what their definitions say", async () => {
    const { graph } = await runFleet({ ...ADDONS, ...FULL });
    const kinds = {
      Project: "projects",
      Component: "components",
      ClusterProjectType: "clusterprojecttypes",
      ClusterComponentType: "clustercomponenttypes",
    };
    for (const [kind, plural] of Object.entries(kinds)) {
      const found = graph.ofType(`kubernetes:openchoreo.dev/v1alpha1:${kind}`);
      assert.ok(found.length > 0, kind);
      for (const { name, inputs } of found)
        assert.deepEqual(definitionProblems(definition(`${plural}.openchoreo.dev`) ?? {}, inputs), [], name);
    }
  });
});

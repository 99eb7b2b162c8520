import assert from "node:assert/strict";
import { environmentName, planEnvironments, promotionPaths } from "../../components/planes/organization";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { switchOn } from "../support/settings";
import { object } from "../support/stack";

describe("environmentName", () => {
  const long = "e".repeat(40);
  const cases: readonly (readonly [environment: string, plane: string, name: string | RegExp])[] = [
    ["development", "east", "development-east"],
    [long, "c".repeat(22), `${long}-${"c".repeat(22)}`],
    [long, "c".repeat(23), /^e{40}-c{13}-[0-9a-f]{8}$/],
    [long, `${"c".repeat(22)}d`, /^e{40}-c{13}-[0-9a-f]{8}$/],
  ];
  for (const [environment, plane, name] of cases) {
    it(`of ${environment} on ${plane} is a label's value`, () => {
      const found = environmentName(environment, plane);
      assert.ok(found.length <= 63);
      if (typeof name === "string") assert.equal(found, name);
      else assert.match(found, name);
    });
  }

  it("tells planes apart, however long their names are", () => {
    assert.notEqual(environmentName(long, "c".repeat(23)), environmentName(long, `${"c".repeat(22)}d`));
  });
});

const planesOf = (...names: readonly string[]) => names.map((name) => ({ name, cluster: name }));
const both = planesOf("east", "west");

describe("planEnvironments", () => {
  it("has an environment on the data planes of its clusters alone, by the clusters' names", () => {
    const environments = { development: { clusters: ["east"] }, production: { clusters: ["west", "north"] }, test: {} };
    const planned = planEnvironments(environments, [
      { name: "fleet-east", cluster: "east" },
      { name: "fleet-west", cluster: "west" },
    ]);
    assert.deepEqual(
      planned.map(({ name }) => name),
      ["development-fleet-east", "production-fleet-west", "test-fleet-east", "test-fleet-west"],
    );
  });

  it("has every environment on every data plane, and knows production by its name or by the settings", () => {
    const environments = { development: {}, live: { production: true }, production: { production: false }, prod: {} };
    const planned = planEnvironments({ ...environments, production2: {} }, both);
    assert.deepEqual(
      planned.filter(({ plane }) => plane === "east").map(({ name, isProduction }) => [name, isProduction]),
      [
        ["development-east", false],
        ["live-east", true],
        ["production-east", false],
        ["prod-east", false],
        ["production2-east", false],
      ],
    );
    assert.equal(planned.length, 10);
    assert.equal(planEnvironments({ production: {} }, planesOf("east"))[0]?.isProduction, true);
  });
});

describe("promotionPaths", () => {
  const paths = (environments: Parameters<typeof promotionPaths>[0], planes = planesOf("east")) =>
    promotionPaths(environments, planEnvironments(environments, planes));
  const path = (from: string, ...to: string[]) => ({
    sourceEnvironmentRef: { name: from },
    targetEnvironmentRefs: to.map((name) => ({ name })),
  });
  const cases: readonly (readonly [title: string, found: object[], expected: object[]])[] = [
    ["of one environment begin and end there", paths({ development: {} }), [path("development-east")]],
    [
      "of three lead from each to the next",
      paths({ development: {}, staging: { promotesFrom: "development" }, production: { promotesFrom: "staging" } }),
      [path("development-east", "staging-east"), path("staging-east", "production-east")],
    ],
    [
      "on two data planes lead from each to both",
      paths({ development: {}, production: { promotesFrom: "development" } }, both),
      [
        path("development-east", "production-east", "production-west"),
        path("development-west", "production-east", "production-west"),
      ],
    ],
    [
      "of two on different data planes lead from one to the other",
      paths(
        { development: { clusters: ["west"] }, production: { promotesFrom: "development", clusters: ["east"] } },
        both,
      ),
      [path("development-west", "production-east")],
    ],
    [
      "fork where two follow one",
      paths({ development: {}, a: { promotesFrom: "development" }, b: { promotesFrom: "development" } }),
      [path("development-east", "a-east", "b-east")],
    ],
  ];
  for (const [title, found, expected] of cases) it(title, () => assert.deepEqual(found, expected));
});

describe("a tenant's organization", () => {
  let graph: Graph;
  before(async () => {
    graph = (await runFleet(switchOn("openchoreo-control-plane"))).graph;
  });

  it("is a namespace of the control plane that OpenChoreo knows by its label", () => {
    const { provider, inputs } = graph.get("tenant-shop", "kubernetes:core/v1:Namespace");
    const { name, labels } = object(inputs.metadata);
    assert.deepEqual([provider, name], ["control", "tenant-shop"]);
    assert.equal(object(labels)["openchoreo.dev/control-plane"], "true");
    assert.equal(object(labels)["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("has environments that come after the registration of their data plane, and the pipeline after them", () => {
    const east = graph.get("tenant-shop-production-east");
    assert.deepEqual(east.inputs.spec, {
      dataPlaneRef: { kind: "ClusterDataPlane", name: "east" },
      isProduction: true,
    });
    assert.ok(east.dependencies.some((one) => one.endsWith(" east.planes-data")));
    assert.ok(!east.dependencies.some((one) => one.endsWith(" west.planes-data")));
    const { dependencies } = graph.get("tenant-shop-pipeline");
    assert.ok(dependencies.includes("kubernetes:openchoreo.dev/v1alpha1:Environment tenant-shop-production-east"));
  });
});

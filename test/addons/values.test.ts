import assert from "node:assert/strict";
import { CATALOG, PINS } from "../../components/addons";
import { valuesOn } from "../support/addons";
import { chartData, describeWithCharts, knowsValue, pathsOf, schemaProblems } from "../support/charts";
import { type Edits, edit, PRODUCTION } from "../support/settings";

const native = Object.fromEntries(
  ["control", "east", "west"].map((name) => [`platform.clusters.${name}.network.routing`, "native"]),
);

/** Settings that between them take every way through the functions that make values. */
const VARIANTS: readonly (readonly [title: string, edits: Edits])[] = [
  ["in development", {}],
  ["in production", PRODUCTION],
  ["with native routing", native],
  ["outside the mesh", { "platform.clusters.east.network.mesh": false }],
  [
    "without a fixed address",
    { "platform.mesh.dns": "published", "platform.clusters.east.network.meshAddress": undefined },
  ],
  ["without encryption", { "platform.mesh.encryption": "none" }],
];

describeWithCharts("values of add-ons", () => {
  for (const addon of CATALOG) {
    const { chart } = addon;
    if (chart === undefined) continue;
    it(`of ${addon.name} are known to its chart, and of the types that its schema asks for`, async () => {
      const data = chartData(chart.chart);
      for (const [title, edits] of VARIANTS) {
        const values = await valuesOn("east", addon, edits);
        const paths = pathsOf(values);
        assert.ok(paths.length > 0);
        const unknown = paths.filter((path) => !knowsValue(data, path)).map((path) => path.join("."));
        assert.deepEqual(unknown, [], title);
        assert.deepEqual(schemaProblems(data.schema, values), [], title);
      }
    });

    it(`of ${addon.name} are pinned at the version whose data this is`, () => {
      assert.equal(chart.version, chartData(chart.chart).version);
    });
  }
});

describeWithCharts("the check of values against a chart", () => {
  const cilium: readonly (readonly [path: string, known: boolean])[] = [
    ["cluster.id", true],
    ["cluster.colour", false],
    ["colour", false],
    ["hubble.relay.tls.client.existingSecret", true],
    ["hubble.relay.tls.client.existingSecrets", false],
    ["clustermesh.apiserver.service.annotations.anything", true],
    ["clustermesh.apiserver.nodeSelectors.a", false],
    ["kubeProxyReplacment", false],
  ];
  for (const [path, known] of cilium) {
    it(`${known ? "knows" : "does not know"} ${path}`, () => {
      assert.equal(knowsValue(chartData("cilium"), path.split(".")), known);
    });
  }

  it("sees keys that are commented out, where they stand", () => {
    const { schema: _, ...data } = chartData("cert-manager");
    assert.equal(knowsValue(data, ["webhook", "podDisruptionBudget", "minAvailable"]), true);
    assert.equal(knowsValue(data, ["minAvailable"]), false);
  });

  it("finds values of another type", () => {
    const { schema } = chartData("cilium");
    assert.deepEqual(schemaProblems(schema, { encryption: { enabled: "yes" }, cluster: { id: "2" } }), [
      'values.encryption.enabled: "yes" is not boolean',
      'values.cluster.id: "2" is not integer',
    ]);
  });
});

describe("cert-manager's values", () => {
  const addon = CATALOG.find(({ name }) => name === "cert-manager") ?? assert.fail();

  it("in development are one replica, and kinds that go with it", async () => {
    assert.deepEqual(await valuesOn("east", addon), {
      crds: { enabled: true, keep: false },
      replicaCount: 1,
      podDisruptionBudget: { enabled: false },
      webhook: { replicaCount: 1 },
      cainjector: { replicaCount: 1 },
      prometheus: { enabled: true },
    });
  });

  it("in production are replicated, and kinds that stay", async () => {
    assert.deepEqual(await valuesOn("east", addon, PRODUCTION), {
      crds: { enabled: true, keep: true },
      replicaCount: 2,
      podDisruptionBudget: { enabled: true },
      webhook: { replicaCount: 2 },
      cainjector: { replicaCount: 2 },
      prometheus: { enabled: true },
    });
  });

  it("follow the settings", async () => {
    const settings = { "platform.certManager.replicas": 3, "platform.certManager.keepKinds": true };
    const values = await valuesOn("east", addon, settings);
    const expected = { replicaCount: 3, crds: { enabled: true, keep: true }, webhook: { replicaCount: 3 } };
    assert.deepEqual(
      edit(values, { cainjector: undefined, podDisruptionBudget: undefined, prometheus: undefined }),
      expected,
    );
  });
});

describe("pins", () => {
  for (const [name, pin] of Object.entries(PINS)) {
    it(`of ${name} are one exact version from a repository without credentials`, () => {
      assert.match(pin.version, /^v?\d+\.\d+\.\d+$/);
      const { protocol, username, password, search } = new URL(pin.repository);
      assert.ok(["https:", "oci:"].includes(protocol));
      assert.deepEqual([username, password, search], ["", "", ""]);
    });
  }

  it("are there for the whole catalog", () => {
    for (const { name, chart } of CATALOG) assert.equal(chart, PINS[name as keyof typeof PINS]);
  });
});

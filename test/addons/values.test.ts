import assert from "node:assert/strict";
import { type Addon, CATALOG, PINS } from "../../components/addons";
import { type TargetArgs, targetOn, valuesOn } from "../support/addons";
import { chartData, describeWithCharts, itWithChart, knowsValue, pathsOf, schemaProblems } from "../support/charts";
import { type Edits, everything } from "../support/settings";
import { keysRead } from "../support/sources";
import { ADDON_VARIANTS, COMMON_VARIANTS } from "../support/variants";

/** Where an add-on is looked at: settings, and whether the cluster is made in AWS. */
type Look = readonly [title: string, edits: Edits, args?: TargetArgs];

/** Common settings for every add-on, and what matters to this one alone. */
function looksAt({ name }: Addon): Look[] {
  const own = Object.entries(ADDON_VARIANTS[name] ?? {});
  return [
    ...Object.entries(COMMON_VARIANTS),
    ...own.map(([title, edits]) => [title, { ...everything(), ...edits }] as const),
    ["in AWS", { ...everything(), "platform.externalDns.provider": undefined }, { aws: true }],
  ];
}

/** The clusters of a look that an add-on is on; the two data clusters are alike, but for what a look changes. */
function sitesOf(addon: Addon, [, edits, args]: Look): string[] {
  const names = ["control", "east"].filter((name) => !(`platform.clusters.${name}` in edits));
  return names.filter((name) => addon.on(targetOn(name, edits, args).cluster));
}

describeWithCharts("values of add-ons", () => {
  for (const addon of CATALOG) {
    if (addon.chart === undefined) continue;
    const { chart, version } = addon.chart;

    itWithChart(
      chart,
      `of ${addon.name} are known to its chart, and of the types that its schema asks for`,
      async () => {
        const data = chartData(chart);
        const known = new Map<string, boolean>();
        let looks = 0;
        for (const look of looksAt(addon)) {
          const [title, edits, args] = look;
          for (const site of sitesOf(addon, look)) {
            looks++;
            const values = await valuesOn(site, addon, edits, args);
            const unknown = pathsOf(values).filter((path) => {
              const dotted = path.join(".");
              if (!known.has(dotted)) known.set(dotted, knowsValue(data, path));
              return dotted !== "" && known.get(dotted) === false;
            });
            assert.deepEqual(
              unknown.map((path) => path.join(".")),
              [],
              `${title}, ${site}`,
            );
            assert.deepEqual(schemaProblems(data.schema, values), [], `${title}, ${site}`);
          }
        }
        assert.ok(looks > 0, "it is on no cluster that the test looks at");
      },
    );

    itWithChart(chart, `of ${addon.name} are pinned at the version whose data this is`, () => {
      assert.equal(version, chartData(chart).version);
    });
  }
});

describe("variants of settings", () => {
  it("are those of add-ons that there are", () => {
    const names = CATALOG.map(({ name }) => name);
    assert.deepEqual(
      Object.keys(ADDON_VARIANTS).filter((name) => !names.includes(name)),
      [],
    );
  });
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
    const pins = Object.values(PINS);
    for (const { name, chart } of CATALOG) assert.ok(chart === undefined || pins.includes(chart), name);
  });

  it("are all used: by an add-on, or by what one installs itself", () => {
    const charts = CATALOG.map(({ chart }) => chart);
    const read = keysRead("PINS");
    const idle = Object.entries(PINS).filter(([name, pin]) => !charts.includes(pin) && !read.has(name));
    assert.deepEqual(
      idle.map(([name]) => name),
      [],
    );
  });
});

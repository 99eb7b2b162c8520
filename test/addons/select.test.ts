import assert from "node:assert/strict";
import { addonContract, CATALOG, selectAddons } from "../../components/addons";
import { type Edits, everything, type Json, settingsAfter, switchOn } from "../support/settings";

function selected(edits: Edits = {}): string[] {
  return selectAddons(settingsAfter(edits).platform).map(({ addon }) => addon.name);
}

function extension(more: Json = {}): Json {
  const chart = { repository: "https://charts.choreo.test", name: "widget", version: "1.2.3" };
  return { chart, namespace: "widget", planes: ["data"], ...more };
}

describe("selectAddons", () => {
  it("selects the whole catalog, each after its needs", () => {
    const names = selected(everything());
    assert.deepEqual([...names].sort(), CATALOG.map(({ name }) => name).sort());
    for (const { name, needs } of CATALOG) {
      for (const need of needs) assert.ok(names.indexOf(need) < names.indexOf(name), `${need} before ${name}`);
    }
  });

  it("leaves out what is switched off", () => {
    assert.ok(!selected({ "platform.certManager.enabled": false }).includes("cert-manager"));
  });

  it("switches the parts of an add-on with it", () => {
    const parts = ["istio-base", "istiod", "istio-cni", "ztunnel"];
    const istio = (edits: Edits) => selected(edits).filter((name) => parts.includes(name));
    assert.deepEqual(istio(switchOn("istiod")).sort(), [...parts].sort());
    assert.deepEqual(
      istio({ ...everything(), "platform.istio.enabled": false, "platform.openchoreo.enabled": false }),
      [],
    );
  });

  it("puts extensions after what they need", () => {
    const names = selected({
      "platform.extensions.widget": extension({ needs: ["gadget", "cert-manager"] }),
      "platform.extensions.gadget": extension({ namespace: "gadget" }),
    });
    for (const need of ["gadget", "cert-manager"]) assert.ok(names.indexOf(need) < names.indexOf("widget"), need);
  });

  it("gives each add-on its own settings", () => {
    const { platform } = settingsAfter({ "platform.certManager.replicas": 3 });
    const found = selectAddons(platform).find(({ addon }) => addon.name === "cert-manager");
    assert.equal(found?.config, platform.addons.certManager);
  });

  it("makes an add-on of an extension's settings", () => {
    const { platform } = settingsAfter({
      "platform.extensions.widget": extension({ podSecurity: "baseline", values: { a: { b: 1 } } }),
    });
    const { addon } = selectAddons(platform).find((one) => one.addon.name === "widget") ?? assert.fail();
    assert.deepEqual(addon.chart, { chart: "widget", version: "1.2.3", repository: "https://charts.choreo.test" });
    assert.deepEqual(addon.namespace, { name: "widget", podSecurity: "baseline" });
    assert.equal(addon.schema, undefined);
  });
});

describe("the catalog", () => {
  it("has a name and a line of its own for each add-on", () => {
    for (const field of ["name", "title"] as const) {
      assert.equal(new Set(CATALOG.map((addon) => addon[field])).size, CATALOG.length, field);
    }
  });

  it("brings one schema for each key, whose defaults are valid in development", () => {
    const keys = CATALOG.filter(({ schema }) => schema !== undefined).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
    assert.deepEqual(Object.keys(addonContract.schemas).sort(), [...new Set(CATALOG.map(({ key }) => key))].sort());
    // Where Pulumi runs in a cluster is asked for, and needs to be told of a repository.
    const off = Object.entries(addonContract.schemas).filter(([, schema]) => !schema("development").parse({}).enabled);
    assert.deepEqual(
      off.map(([key]) => key),
      ["pulumiOperator"],
    );
  });

  it("needs nothing that is not in it", () => {
    const names = CATALOG.map(({ name }) => name);
    for (const { name, needs } of CATALOG)
      assert.deepEqual(
        needs.filter((need) => !names.includes(need)),
        [],
        name,
      );
  });
});

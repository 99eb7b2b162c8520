import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { addonContract } from "../../components/addons";
import { formatProblems, legible, parseSettings, pathOf, refuse, SettingsError } from "../../components/settings";
import { tryProgram } from "../support/program";
import { edit, good } from "../support/settings";

describe("problems", () => {
  const one = { path: "platform.domain", message: "required: text" };
  const two = { path: "platform.mesh.trust.roots[1]", message: "a root is named twice" };

  it("have paths with dots for keys and brackets for positions", () => {
    assert.equal(pathOf("platform", "clusters", "us-east", "planes", 0), "platform.clusters.us-east.planes[0]");
    assert.equal(pathOf(), "");
  });

  it("are counted and listed, one a line", () => {
    assert.equal(
      formatProblems([one]),
      "1 problem in the settings; nothing was created:\n  platform.domain: required: text",
    );
    assert.equal(
      formatProblems([one, two], "fleet"),
      "2 problems in the fleet; nothing was created:\n  platform.domain: required: text\n  platform.mesh.trust.roots[1]: a root is named twice",
    );
  });

  it("are legible whatever the file holds: on one line, without control sequences, each once, of words that end", () => {
    const messages = [
      "a\nb",
      "\u001b[31mred",
      "right\u202eleft",
      `"${"x".repeat(5000)}" is no cluster`,
      "twice",
      "twice",
    ];
    assert.deepEqual(
      legible(messages.map((message) => ({ path: "platform.a\tb", message }))).map(({ path, message }) => [
        path,
        message,
      ]),
      ["a\\nb", "\\u001b[31mred", "right\\u202eleft", `"${"x".repeat(118)}… is no cluster`, "twice"].map((message) => [
        "platform.a\\u0009b",
        message,
      ]),
    );
    assert.ok(!formatProblems([{ path: "platform", message: "\u001b[31m" }]).includes("\u001b"));
  });

  it("are thrown together, or not at all", () => {
    assert.doesNotThrow(() => refuse([]));
    assert.throws(() => refuse([one, two]), { problems: [one, two] });
  });

  it("keep their message where they come out of a late value, which Pulumi's runtime writes before", async () => {
    const late = pulumi.output(1).apply((): number => {
      throw new SettingsError([one]);
    });
    class Holder extends pulumi.CustomResource {}
    const { errors } = await tryProgram(async () => {
      new Holder("test:index:Holder", "holder", { deep: { late } });
      return {};
    });
    assert.deepEqual(
      errors.map(({ message }) => message),
      [formatProblems([one])],
    );
  });

  it("are an error that Pulumi prints without a stack trace", () => {
    assert.ok(pulumi.RunError.isInstance(new SettingsError([one])));
  });
});

describe("parseSettings", () => {
  it("throws every problem at once", () => {
    const bad = edit(good(), { "platform.domain": undefined, "platform.profile": "x" });
    assert.throws(
      () => parseSettings(bad, addonContract),
      (error) => error instanceof SettingsError && error.problems.length === 2,
    );
  });

  it("keeps the settings of add-ons apart and fills in defaults", () => {
    const { platform, tenants } = parseSettings(good(), addonContract);
    assert.deepEqual(Object.keys(platform.addons).sort(), Object.keys(addonContract.schemas).sort());
    assert.deepEqual(Object.keys(platform).sort(), [
      "addons",
      "charts",
      "clusters",
      "domain",
      "extensions",
      "mesh",
      "profile",
    ]);
    assert.deepEqual(platform.mesh.trust, { roots: ["root-1"] });
    assert.deepEqual(platform.clusters.east?.network, {
      meshId: 2,
      mesh: true,
      meshAddress: "172.18.255.2",
    });
    assert.deepEqual(tenants.shop?.projects.store?.components.api, {
      type: "service",
      image: "example/api",
      port: 8080,
      replicas: 1,
      resources: { cpu: "100m", memory: "128Mi" },
      uses: [],
      protocol: "http",
      sharedWith: [],
      env: {},
      secrets: {},
      egress: [],
      monitoring: { enabled: true, alerts: {} },
    });
  });

  it("does not change what it was given", () => {
    const raw = good();
    parseSettings(raw, addonContract);
    assert.deepEqual(raw, good());
  });
});

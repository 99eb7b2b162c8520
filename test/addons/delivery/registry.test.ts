import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { clustersWith } from "../../../components/addons/contract";
import { registryOf } from "../../../components/addons/delivery/registry";
import { stackSecrets } from "../../../components/addons/stack-secrets";
import { targetOn } from "../../support/addons";
import { settingsAfter, switchOn } from "../../support/settings";

describe("the registry of a cluster", () => {
  it("is the one in the workflow plane's cluster, for every cluster that reaches it", () => {
    for (const name of ["control", "east"]) {
      const registry = registryOf(targetOn(name, switchOn("builds", "registry")));
      assert.equal(registry?.prefix, "registry.registry.svc.cluster.local:5000");
      assert.equal(registry?.insecure, true);
    }
  });

  it("is another one that settings name, although nothing of it is installed", () => {
    const edits = {
      ...switchOn("builds", "registry"),
      "platform.registry": { host: "registry.choreo.test/team", credentials: "registry" },
    };
    const target = targetOn("control", edits);
    const account = JSON.stringify({ username: "builder", password: "secret" });
    pulumi.runtime.setConfig(`${new pulumi.Config().name}:registry`, account);
    assert.equal(registryOf(target)?.prefix, "registry.choreo.test/team");
    assert.ok(registryOf(target)?.login !== undefined);
    assert.deepEqual(clustersWith(target, "registry"), []);
    assert.deepEqual(stackSecrets(settingsAfter(edits).platform).registry, ["username", "password"]);
  });
});

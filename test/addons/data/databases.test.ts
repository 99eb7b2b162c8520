import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Edits, everything, lines, PRODUCTION, problemsAfter, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const OPERATORS = ["cloudnative-pg", "plugin-barman-cloud", "psmdb-operator", "redis-operator"];
const RELEASE = "kubernetes:helm.sh/v3:Release";
const addon = (name: string) => CATALOG.find((one) => one.name === name) ?? assert.fail(`no add-on ${name}`);
const values = (name: string, edits: Edits = {}) => valuesOn("east", addon(name), { ...everything(), ...edits });

describe("database operators", () => {
  it("are on clusters that hold the data plane, and on no others", async () => {
    const { graph } = await runFleet(switchOn(...OPERATORS));
    for (const name of OPERATORS) {
      const found = graph.ofType(RELEASE).filter((one) => one.name.endsWith(`.${name}`));
      assert.deepEqual(
        found.map(({ provider }) => provider),
        ["east", "west"],
        name,
      );
    }
  });

  it("stand in namespaces whose pods are restricted", async () => {
    const { graph } = await runFleet(switchOn(...OPERATORS));
    for (const namespace of ["cnpg-system", "psmdb-operator", "redis-operator"]) {
      const { labels } = object(graph.get(`east.addons-${namespace}`).inputs.metadata);
      assert.equal(object(labels)["pod-security.kubernetes.io/enforce"], "restricted");
    }
  });

  it("come after the storage classes, so that volumes go while their drivers run", () => {
    for (const name of ["cloudnative-pg", "psmdb-operator", "redis-operator"]) {
      assert.ok(addon(name).uses?.includes("storage-classes"), name);
    }
  });

  it("leave their kinds, and with them every database, when they are removed", () => {
    for (const name of OPERATORS) assert.match(addon(name).keepsKinds?.({}) ?? "", /every database would go with them/);
  });

  it("watch every namespace, and tell nobody outside", async () => {
    const { watchAllNamespaces, disableTelemetry } = await values("psmdb-operator");
    assert.deepEqual([watchAllNamespaces, disableTelemetry], [true, true]);
    assert.equal(object((await values("redis-operator")).redisOperator).watchNamespace, undefined);
    assert.equal((await values("cloudnative-pg")).config, undefined);
  });

  it("of PostgreSQL are replicated over zones in production, as their webhook refuses when nobody answers", async () => {
    const spread = (all: object) => [
      Reflect.get(all, "replicaCount"),
      Reflect.get(all, "topologySpreadConstraints").length,
    ];
    assert.deepEqual(spread(await values("cloudnative-pg")), [1, 0]);
    assert.deepEqual(spread(await values("cloudnative-pg", PRODUCTION)), [2, 1]);
  });

  it("of PostgreSQL are one with their plugin, by one key", async () => {
    const off = { ...everything(), "platform.postgresql": { enabled: false } };
    const names = targetOn("east", off).selected.map((one) => one.addon.name);
    assert.ok(!names.includes("cloudnative-pg") && !names.includes("plugin-barman-cloud"));
    assert.ok(names.includes("psmdb-operator"));
    const withoutCertificates = { ...switchOn("plugin-barman-cloud"), "platform.certManager.enabled": false };
    assert.deepEqual(lines(problemsAfter(withoutCertificates)), [
      "platform.certManager.enabled: false, but plugin-barman-cloud needs it; switch plugin-barman-cloud off too, or leave it on",
    ]);
  });

  it("raise an alert where a backup is late or a replica is behind", () => {
    const names = OPERATORS.flatMap((name) => addon(name).monitoring?.(targetOn("east"), {})?.alerts ?? []);
    const wanted = [
      "PostgresqlBackupLate",
      "PostgresqlReplicaLag",
      "MongodbMemberDown",
      "RedisBackupLate",
      "RedisReplicaDetached",
    ];
    for (const alert of wanted)
      assert.ok(
        names.some((one) => one.alert === alert),
        alert,
      );
  });
});

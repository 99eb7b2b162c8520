import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { objectStore, S3_SERVER, usesS3Server } from "../../../components/addons/object-store";
import { targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Edits, edit, lines, PRODUCTION, problemsAfter, STORE, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const s3Server = CATALOG.find(({ name }) => name === S3_SERVER.addon) ?? assert.fail();
const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("the development object store", () => {
  const places: readonly (readonly [title: string, edits: Edits, serves: boolean])[] = [
    ["where nothing else does", {}, true],
    ["not where settings name buckets", { "platform.objectStore": STORE }, false],
    ["not in production", PRODUCTION, false],
  ];
  for (const [title, edits, serves] of places) {
    it(`serves ${title}`, () => {
      const target = targetOn("east", edits);
      assert.equal(s3Server.on(target.cluster), serves);
      assert.equal(usesS3Server(target), serves);
      assert.equal(objectStore(target, "backups").endpoint !== undefined, serves);
    });
  }

  it("follows its settings", async () => {
    const settings = { ...switchOn("s3-server"), "platform.s3Server": { size: "2Gi", storageClass: "fast" } };
    assert.deepEqual(object((await valuesOn("east", s3Server, settings)).allInOne).data, {
      type: "persistentVolumeClaim",
      size: "2Gi",
      storageClass: "fast",
    });
  });

  it("has a bucket for every use, and one account whose password is the one that others are given", async () => {
    const { graph } = await runFleet(switchOn("s3-server"));
    const values = object(graph.get("east.s3-server", RELEASE).inputs.values);
    const buckets = object(object(values.allInOne).s3).createBuckets;
    assert.deepEqual(buckets, [{ name: "metrics" }, { name: "backups" }, { name: "logs" }]);
    const { inputs, provider } = graph.get("east.s3-server-accounts");
    assert.equal(provider, "east");
    assert.deepEqual(inputs.metadata, { name: "s3-accounts", namespace: "object-store" });
    const { secret } = object(inputs.stringData);
    const { identities } = JSON.parse(String(object(secret).seaweedfs_s3_config));
    assert.deepEqual(identities[0].credentials, [
      { accessKey: "platform", secretKey: "(result of passwords.east.s3)" },
    ]);
  });

  it("has a password of its own on each cluster, and is not there where it is switched off", async () => {
    const { graph } = await runFleet(switchOn("s3-server"));
    const passwords = graph.ofType("random:index/randomPassword:RandomPassword").map(({ name }) => name);
    assert.deepEqual(passwords, ["passwords.control.s3", "passwords.east.s3", "passwords.west.s3"]);
    const off = (await runFleet({})).graph;
    assert.deepEqual(
      off.resources.filter(({ name }) => /s3|object-store/.test(name)),
      [],
    );
  });

  it("is missed by what needs it only where it would serve", () => {
    const chart = { repository: "https://charts.choreo.test", name: "widget", version: "1.2.3" };
    const widget = { "platform.extensions.widget": { chart, namespace: "w", planes: ["data"], needs: ["s3-server"] } };
    assert.deepEqual(lines(problemsAfter(widget)), [
      "platform.s3Server.enabled: false, but widget needs it; switch widget off too, or leave it on",
    ]);
    assert.deepEqual(lines(problemsAfter({ ...widget, "platform.objectStore": STORE })), []);
  });

  it("lets others reach its S3 port and its metrics, and nothing that asks for no account", async () => {
    const { networkPolicy } = await valuesOn("east", s3Server, switchOn("s3-server"));
    assert.deepEqual(edit(object(networkPolicy), {}), {
      enabled: true,
      extraIngress: [
        {
          ports: [
            { protocol: "TCP", port: 8333 },
            { protocol: "TCP", port: 9324 },
          ],
        },
      ],
    });
  });
});

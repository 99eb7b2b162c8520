import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { BACKUP_TIERS, type BackupPlan, backupSchedules } from "../../../components/addons/data/velero";
import { volumePolicy } from "../../../components/addons/data/velero/schedules";
import { valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { accepts, type Edits, everything, type Json, ON_EKS, refuses, STORE, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const velero = CATALOG.find(({ name }) => name === "velero") ?? assert.fail();
const COPY = { region: "us-east-1", bucket: "test-copies", credentials: "objectStore" };
const ON = switchOn("velero");

async function graphOf(edits: Edits): Promise<Graph> {
  return (await runFleet({ ...ON, ...edits })).graph;
}

function locations(graph: Graph, cluster: string): Record<string, Json> {
  const found = graph.ofType("kubernetes:velero.io/v1:BackupStorageLocation");
  const own = found.filter(({ provider }) => provider === cluster);
  return Object.fromEntries(own.map(({ inputs }) => [String(object(inputs.metadata).name), object(inputs.spec)]));
}

describe("places of backups", () => {
  it("are in development the server in the cluster, with its account", async () => {
    const graph = await graphOf({});
    assert.deepEqual(locations(graph, "east"), {
      default: {
        provider: "aws",
        default: true,
        accessMode: "ReadWrite",
        objectStorage: { bucket: "backups", prefix: "velero" },
        config: {
          region: "us-east-1",
          s3Url: "http://seaweedfs-all-in-one.object-store.svc:8333",
          s3ForcePathStyle: "true",
          checksumAlgorithm: "",
        },
        credential: { name: "object-store", key: "cloud" },
      },
    });
    const file = "[default]\naws_access_key_id=platform\naws_secret_access_key=(result of passwords.east.s3)\n";
    assert.deepEqual(graph.get("east.velero-object-store").inputs.stringData, { secret: { cloud: file } });
  });

  it("are the buckets that settings name, below the cluster's name, and readable where workflows run", async () => {
    const graph = await graphOf({ "platform.objectStore": STORE });
    const east = locations(graph, "east");
    assert.deepEqual(Object.keys(east), ["default"]);
    assert.deepEqual(east.default?.objectStorage, { bucket: "test-backups", prefix: "east/velero" });
    assert.deepEqual(east.default?.config, { region: "eu-west-1", serverSideEncryption: "AES256" });
    const control = locations(graph, "control");
    assert.deepEqual(Object.keys(control).sort(), ["default", "east", "west"]);
    assert.deepEqual([control.west?.accessMode, control.west?.default], ["ReadOnly", false]);
    assert.deepEqual(control.west?.objectStorage, { bucket: "test-backups", prefix: "west/velero" });
  });

  it("are on AWS the cluster's own bucket and key, with an identity instead of an account", async () => {
    const graph = await graphOf(ON_EKS);
    const { default: place, ...others } = locations(graph, "east");
    assert.deepEqual(others, {});
    assert.deepEqual(Object.keys(object(place?.config)).sort(), ["kmsKeyId", "region"]);
    assert.equal(place?.credential, undefined);
    assert.throws(() => graph.get("east.velero-object-store"));
    const role = "east.velero-velero-server";
    assert.deepEqual(graph.get(`${role}-association`).inputs.serviceAccount, "velero-server");
    const { Statement } = JSON.parse(String(graph.get(`${role}-policy`).inputs.policy));
    for (const { Resource } of Statement) assert.ok(![Resource].flat().includes("*"));
  });

  const storage = (inputs: Json) => object(object(inputs.spec).template).storageLocation;

  it("have a second one where settings name it, for backups of tier gold", async () => {
    const graph = await graphOf({ "platform.velero": { copy: COPY, platform: "gold" } });
    const { copy } = locations(graph, "west");
    assert.deepEqual(copy?.objectStorage, { bucket: "test-copies", prefix: "west/velero" });
    assert.deepEqual(copy?.credential, { name: "object-store-copy", key: "cloud" });
    const schedules = graph.ofType("kubernetes:velero.io/v1:Schedule").filter(({ provider }) => provider === "west");
    assert.deepEqual(
      schedules.map(({ inputs }) => [object(inputs.metadata).name, storage(inputs)]),
      [
        ["west-shop-store-silver", "default"],
        ["west-platform-gold", "default"],
        ["west-platform-gold-copy", "copy"],
      ],
    );
  });

  it("hold volumes that are encrypted with a password that all clusters share", async () => {
    const graph = await graphOf({});
    const passwords = ["control", "east", "west"].map(
      (name) => graph.get(`${name}.velero-repository`).inputs.stringData,
    );
    const expected = { secret: { "repository-password": "(result of passwords.velero-repository)" } };
    assert.deepEqual(passwords, [expected, expected, expected]);
  });
});

describe("schedules", () => {
  const plan = (more: Partial<BackupPlan> = {}): BackupPlan => {
    return { name: "shop", cluster: "east", tier: "silver", namespaces: ["shop-store"], volumes: true, ...more };
  };

  it("of a tenant back up its namespaces and volumes by tier", () => {
    assert.deepEqual(backupSchedules(plan(), {}), [
      {
        name: "east-shop-silver",
        spec: {
          schedule: "30 */6 * * *",
          useOwnerReferencesInBackup: false,
          template: {
            includedNamespaces: ["shop-store"],
            snapshotMoveData: true,
            resourcePolicy: { kind: "configmap", name: "volumes" },
            storageLocation: "default",
            ttl: "336h0m0s",
          },
        },
      },
    ]);
  });

  it("copy only what is gold", () => {
    const names = (tier: BackupPlan["tier"]) => backupSchedules(plan({ tier }), { copy: COPY }).map(({ name }) => name);
    assert.deepEqual(names("gold"), ["east-shop-gold", "east-shop-gold-copy"]);
    assert.deepEqual(names("bronze"), ["east-shop-bronze"]);
  });

  it("of the platform are of every object, without volumes, and named after the cluster", async () => {
    const graph = await graphOf({});
    const { metadata, spec } = graph.get("east.velero-schedule-east-platform-bronze").inputs;
    assert.deepEqual(metadata, { name: "east-platform-bronze", namespace: "velero" });
    const { template } = object(spec);
    assert.deepEqual(
      [object(template).includeClusterResources, object(template).snapshotVolumes, object(template).includedNamespaces],
      [true, false, undefined],
    );
  });

  it("are late by their tier, and an alert finds the tier in their name", () => {
    const alerts = velero.monitoring?.(undefined as never, {})?.alerts ?? [];
    for (const [tier, { lateAfterHours }] of Object.entries(BACKUP_TIERS)) {
      const names = backupSchedules(plan({ tier: tier as BackupPlan["tier"] }), { copy: COPY }).map(({ name }) => name);
      const late = alerts.filter(({ expr }) => expr.includes(`-${tier}(`));
      assert.equal(late.length, 1);
      const [, pattern = ""] = /schedule=~"([^"]+)"/.exec(late[0]?.expr ?? "") ?? [];
      for (const name of names) assert.match(name, new RegExp(`^(${pattern})$`));
      assert.ok(late[0]?.expr.endsWith(`> ${lateAfterHours * 3600}`));
    }
  });
});

describe("volumes in backups", () => {
  const types = (driver?: string) => {
    const { volumePolicies } = volumePolicy(driver) as { volumePolicies: { conditions: Json; action: Json }[] };
    return volumePolicies.map(({ conditions, action }) => [conditions, action.type]);
  };

  it("are moved from a snapshot where a driver takes them, and else copied file by file", () => {
    const skipped = [{ volumeTypes: ["emptyDir"] }, "skip"];
    assert.deepEqual(types(), [skipped, [{}, "fs-backup"]]);
    assert.deepEqual(types("csi.test"), [skipped, [{ csi: { driver: "csi.test" } }, "snapshot"], [{}, "fs-backup"]]);
  });

  it("switch on Velero's snapshots only where there is a driver", async () => {
    const features = async (edits: Edits, aws = false) => {
      return object((await valuesOn("east", velero, { ...everything(), ...edits }, { aws })).configuration).features;
    };
    assert.equal(await features({}), undefined);
    assert.equal(await features({}, true), "EnableCSI");
    assert.equal(await features({ "platform.storage.snapshots": { driver: "csi.test" } }), "EnableCSI");
    assert.equal(await features({ "platform.storage": { enabled: false } }, true), undefined);
  });
});

describe("velero's settings", () => {
  refuses([
    [
      "a tier that nobody knows",
      { ...ON, "platform.velero.platform": "platinum" },
      'platform.velero.platform: must be one of "gold", "silver", "bronze"',
    ],
    [
      "no server in the cluster, and no bucket elsewhere",
      { ...ON, "platform.s3Server": { enabled: false } },
      "platform.s3Server.enabled: false, but velero needs it; switch velero off too, or leave it on",
    ],
  ]);
  accepts([
    ["buckets that settings name", { ...ON, "platform.s3Server": { enabled: false }, "platform.objectStore": STORE }],
    ["clusters on AWS", { ...ON, "platform.s3Server": { enabled: false }, ...ON_EKS }],
  ]);

  it("keep the kinds in production, and else let a Job of the chart remove them while Velero runs", async () => {
    const clean = async (edits: Edits) => (await valuesOn("east", velero, { ...everything(), ...edits })).cleanUpCRDs;
    assert.equal(await clean({}), true);
    assert.equal(await clean({ "platform.velero.keepKinds": true }), false);
  });
});

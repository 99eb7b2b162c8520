import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CATALOG } from "../../../components/addons";
import { snapshotDriver } from "../../../components/addons/data/storage";
import { ebsClasses } from "../../../components/addons/data/storage/classes";
import { type StorageSettings, storageSettings, tiersOf } from "../../../components/addons/data/storage/settings";
import { targetOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import {
  accepts,
  type Edits,
  everything,
  type Json,
  ON_EKS,
  PRODUCTION,
  refuses,
  switchOn,
} from "../../support/settings";
import { object } from "../../support/stack";

const CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const SNAPSHOTS = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass";
const addon = (name: string) => CATALOG.find((one) => one.name === name) ?? assert.fail(`no add-on ${name}`);

async function classesOn(cluster: string, edits: Edits): Promise<Record<string, Json>> {
  const { graph } = await runFleet(edits);
  const found = graph.ofType(CLASS).filter(({ provider }) => provider === cluster);
  return Object.fromEntries(found.map(({ inputs }) => [String(object(inputs.metadata).name), inputs]));
}

describe("storage classes", () => {
  it("are in development what a cluster on one machine has, and go with their claims", async () => {
    const classes = await classesOn("east", switchOn("storage-classes"));
    assert.deepEqual(Object.keys(classes).sort(), ["archive", "fast", "standard"]);
    const { metadata, ...rest } = classes.standard ?? assert.fail();
    assert.deepEqual(rest, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      provisioner: "rancher.io/local-path",
      parameters: {},
      allowVolumeExpansion: false,
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    assert.deepEqual(metadata, {
      name: "standard",
      annotations: { defaultVolumeType: "local", "storageclass.kubernetes.io/is-default-class": "true" },
    });
  });

  it("have one default, the standard tier", async () => {
    const classes = await classesOn("east", switchOn("storage-classes"));
    const defaults = Object.values(classes).filter(({ metadata }) => {
      return "storageclass.kubernetes.io/is-default-class" in object(object(metadata).annotations);
    });
    assert.deepEqual(
      defaults.map(({ metadata }) => object(metadata).name),
      ["standard"],
    );
  });

  it("keep volumes in production", async () => {
    const classes = await classesOn("east", { ...switchOn("storage-classes"), ...PRODUCTION });
    assert.deepEqual(Object.keys(classes).sort(), ["shared", "standard"]);
    for (const { reclaimPolicy } of Object.values(classes)) assert.equal(reclaimPolicy, "Retain");
  });

  it("leave alone what the cluster has, and may differ on one cluster", async () => {
    const edits: Edits = {
      ...switchOn("storage-classes"),
      "platform.storage.clusters": {
        east: { standard: "present", shared: { provisioner: "nfs.test", binding: "Immediate", expandable: false } },
      },
    };
    const east = await classesOn("east", edits);
    assert.deepEqual(Object.keys(east), ["shared"]);
    assert.equal(east.shared?.volumeBindingMode, "Immediate");
    assert.equal(Object.keys(await classesOn("west", edits)).length, 3);
  });

  it("are EBS on AWS, all encrypted with the cluster's own key", async () => {
    const settings = storageSettings("production").parse({ aws: { iopsPerGB: 20, archive: "st1" } });
    const keyArn = pulumi.output("arn:key");
    const classes = ebsClasses({ keyArn }, settings);
    const parameters = await Promise.all(
      classes.map(async ({ tier, provisioner, parameters: found }) => {
        const plain = await new Promise((resolve) => pulumi.output(found).apply(resolve));
        return [tier, provisioner, plain];
      }),
    );
    const key = { encrypted: "true", kmsKeyId: "arn:key" };
    assert.deepEqual(parameters, [
      ["standard", "ebs.csi.aws.com", { type: "gp3", ...key }],
      ["fast", "ebs.csi.aws.com", { type: "io2", iopsPerGB: "20", allowAutoIOPSPerGBIncrease: "true", ...key }],
      ["archive", "ebs.csi.aws.com", { type: "st1", ...key }],
    ]);
  });
});

describe("classes of snapshots", () => {
  const driver = { driver: "csi.test", parameters: { kind: "incremental" } };
  const cases: readonly (readonly [title: string, edits: Edits, aws: boolean, found: object | undefined])[] = [
    ["none, where nothing is known of an existing cluster", {}, false, undefined],
    ["that of settings", { "platform.storage.snapshots": driver }, false, driver],
    ["none without the controller", { "platform.snapshotController.enabled": false }, true, undefined],
    ["that of EBS", {}, true, { driver: "ebs.csi.aws.com", parameters: {} }],
  ];
  for (const [title, edits, aws, found] of cases) {
    it(`are ${title}`, () => {
      const target = targetOn("east", { ...everything(), ...edits }, { aws });
      const { config } = target.selected.find((one) => one.addon.name === "storage-classes") ?? assert.fail();
      assert.deepEqual(snapshotDriver(target, config as StorageSettings), found);
    });
  }

  it("are what Velero looks for, one on each cluster", async () => {
    const edits = {
      ...switchOn("storage-classes", "snapshot-controller"),
      "platform.storage.snapshots": { driver: "csi.test" },
    };
    const { graph } = await runFleet(edits);
    assert.equal(graph.ofType(SNAPSHOTS).length, 3);
    const { metadata, driver: found, deletionPolicy } = graph.get("east.storage-classes-snapshots").inputs;
    assert.deepEqual([found, deletionPolicy], ["csi.test", "Delete"]);
    assert.deepEqual(object(metadata).labels, { "velero.io/csi-volumesnapshot-class": "true" });
  });
});

describe("tiers in settings", () => {
  const on = switchOn("storage-classes");
  const standard =
    "platform.storage.tiers: say which provisioner serves `standard` on control, east, west, such as " +
    '{ standard: { provisioner: csi.example.com } }, or "present" where the cluster has a class of that name';
  refuses([
    ["production without a provisioner", { ...on, ...PRODUCTION, "platform.storage.tiers": undefined }, standard],
    ["tiers without the default one", { ...on, "platform.storage.tiers": { fast: "present" } }, standard],
    [
      "a tier that nobody knows",
      { ...on, "platform.storage.tiers": { standard: "present", slow: "present" } },
      "platform.storage.tiers.slow: unknown key; remove it, or check its spelling in docs/settings.schema.json",
    ],
    [
      "a word that is none",
      { ...on, "platform.storage.tiers": { standard: "there" } },
      'platform.storage.tiers.standard: a tier is "present" or an object with a provisioner',
    ],
    [
      "a cluster that is not there",
      { ...on, "platform.storage.clusters": { north: { standard: "present" } } },
      "platform.storage.clusters.north: no such cluster",
    ],
  ]);
  accepts([
    ["no tiers where the add-on is off", { ...PRODUCTION, "platform.storage": { enabled: false } }],
    ["each cluster by itself", { ...on, ...PRODUCTION, ...eachPresent() }],
  ]);

  it("of a cluster replace the common ones as a whole", () => {
    const settings = storageSettings("development").parse({ clusters: { east: { standard: "present" } } });
    assert.deepEqual(tiersOf("east", settings), { standard: "present" });
    assert.deepEqual(Object.keys(tiersOf("west", settings)), ["standard", "fast", "archive"]);
  });
});

function eachPresent(): Edits {
  const names = ["control", "east", "west"];
  const clusters = Object.fromEntries(names.map((name) => [name, { standard: "present" }]));
  return { "platform.storage.tiers": undefined, "platform.storage.clusters": clusters };
}

describe("CSI drivers of AWS", () => {
  it("are on clusters that are made there, and on no others", () => {
    for (const name of ["aws-ebs-csi-driver", "aws-efs-csi-driver"]) {
      assert.equal(addon(name).on(targetOn("east", {}).cluster), false);
      assert.equal(addon(name).on(targetOn("east", {}, { aws: true }).cluster), true);
    }
  });

  it("of EBS take snapshots where their kinds are, whatever was installed first", async () => {
    const values = await valuesOn("east", addon("aws-ebs-csi-driver"), everything(), { aws: true });
    assert.deepEqual(values.sidecars, { snapshotter: { forceEnable: true } });
    const without = { ...everything(), "platform.snapshotController": { enabled: false } };
    const { sidecars } = await valuesOn("east", addon("aws-ebs-csi-driver"), without, { aws: true });
    assert.deepEqual(sidecars, { snapshotter: { forceEnable: false } });
  });

  it("know region and cluster without asking the instance", async () => {
    const ebs = await valuesOn("east", addon("aws-ebs-csi-driver"), everything(), { aws: true });
    const { region, k8sTagClusterId, extraVolumeTags } = object(ebs.controller);
    assert.deepEqual([region, k8sTagClusterId], ["eu-west-1", "test-east"]);
    assert.deepEqual(extraVolumeTags, { stack: "test", cluster: "east" });
    const efs = await valuesOn("east", addon("aws-efs-csi-driver"), everything(), { aws: true });
    assert.deepEqual(object(efs.node).env, [{ name: "AWS_REGION", value: "eu-west-1" }]);
  });
});

describe("storage on AWS", () => {
  const parent = (name: string) => `east.storage-classes-files${name}`;
  let graph: Graph;
  before(async () => {
    const drivers = switchOn("storage-classes", "snapshot-controller", "aws-ebs-csi-driver", "aws-efs-csi-driver");
    graph = (await runFleet({ ...ON_EKS, ...drivers })).graph;
  });

  it("has a class of every tier, and that of snapshots", () => {
    const classes = graph.ofType(CLASS).filter(({ provider }) => provider === "east");
    assert.deepEqual(classes.map(({ inputs }) => object(inputs.metadata).name).sort(), [
      "archive",
      "fast",
      "shared",
      "standard",
    ]);
    assert.equal(graph.get("east.storage-classes-snapshots").inputs.driver, "ebs.csi.aws.com");
  });

  it("shares an encrypted file system that is mounted with TLS only, from the cluster's own network", () => {
    const files = graph.get(parent(""), "aws:efs/fileSystem:FileSystem");
    assert.equal(files.inputs.encrypted, true);
    assert.ok(typeof files.inputs.kmsKeyId === "string");
    const { Statement } = JSON.parse(String(graph.get(parent("-policy")).inputs.policy));
    assert.deepEqual(
      Statement.map(({ Effect, Condition }: Json) => [Effect, Condition]),
      [
        ["Allow", { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } }],
        ["Deny", { Bool: { "aws:SecureTransport": "false" } }],
      ],
    );
    const rule = graph.get(parent("-access-nfs")).inputs;
    assert.deepEqual([rule.cidrIpv4, rule.fromPort, rule.toPort], ["10.2.0.0/16", 2049, 2049]);
    const targets = graph.ofType("aws:efs/mountTarget:MountTarget").filter(({ name }) => name.startsWith("east."));
    assert.equal(targets.length, 3);
    for (const { provider } of [files, ...targets]) assert.equal(provider, files.provider);
    assert.equal(object(graph.get("east.storage-classes-shared").inputs.parameters).fileSystemId, `${parent("")}-id`);
  });

  it("gives each driver a role of its own, with rights that end at what it made", () => {
    for (const [name, account] of [
      ["aws-ebs-csi-driver", "ebs-csi-controller-sa"],
      ["aws-efs-csi-driver", "efs-csi-controller-sa"],
    ] as const) {
      const role = `east.${name}-${account}`;
      const association = graph.get(`${role}-association`).inputs;
      assert.deepEqual([association.namespace, association.serviceAccount], ["kube-system", account]);
      const { Statement } = JSON.parse(String(graph.get(`${role}-policy`).inputs.policy));
      const anywhere = Statement.filter(({ Resource, Condition }: Json) => {
        return [Resource].flat().includes("*") && Condition === undefined;
      });
      for (const { Action } of anywhere) assert.match(String(Action), /^((ec2|elasticfilesystem):Describe\w+,?)+$/);
    }
  });

  it("has no shared tier without its driver", async () => {
    const on = switchOn("storage-classes", "aws-ebs-csi-driver");
    const without = (await runFleet({ ...ON_EKS, ...on })).graph;
    const names = without.ofType(CLASS).map(({ name }) => name);
    assert.ok(names.includes("east.storage-classes-standard"));
    assert.ok(!names.includes("east.storage-classes-shared"));
    assert.deepEqual(without.ofType("aws:efs/fileSystem:FileSystem"), []);
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runFleet, tryFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { fakeProbe } from "../support/program";
import { type Edits, type Json, PRODUCTION_ON_EKS } from "../support/settings";
import { object } from "../support/stack";

const EAST = "platform.clusters.east.provider";
const POOLS = `${EAST}.nodePools`;
const POOL = { instanceTypes: ["m7i.large"], min: 3, max: 6, kubernetes: "1.34" };
const BEFORE: Edits = { ...PRODUCTION_ON_EKS, [`${EAST}.kubernetes`]: "1.34", [`${POOLS}.general`]: POOL };

async function graphAfter(edits: Edits = {}): Promise<Graph> {
  return (await runFleet({ ...BEFORE, ...edits })).graph;
}

/** What a change does: names that come and go, and of what stays the inputs that differ, by type and name. */
function step(after: Graph, before: Graph) {
  const { added, removed } = after.changesSince(before);
  const changed: Record<string, string[]> = {};
  for (const resource of after.resources.filter(({ name }) => !added.includes(name))) {
    const old = before.get(resource.name, resource.type).inputs;
    const keys = [...new Set([...Object.keys(old), ...Object.keys(resource.inputs)])];
    const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(resource.inputs[key]));
    if (differing.length > 0) changed[`${resource.type.split(":").at(-1)} ${resource.name}`] = differing.sort();
  }
  return { added, removed, changed };
}

/** A change in place: nothing comes, nothing goes. */
const inPlace = (changed: Record<string, string[]>) => ({ added: [], removed: [], changed });

describe("day 2 on EKS: changes that replace nothing", () => {
  let before_: Graph;
  before(async () => {
    before_ = await graphAfter();
  });

  const steps: readonly (readonly [title: string, edits: Edits, done: ReturnType<typeof step>])[] = [
    [
      "an upgrade of the control plane takes EKS' add-ons along, and no node",
      { [`${EAST}.kubernetes`]: "1.35" },
      inPlace({
        "Addon east.coredns": ["addonVersion"],
        "Addon east.pod-identity-agent": ["addonVersion"],
        "Cluster east.control-plane": ["version"],
      }),
    ],
    [
      "a larger pool",
      { [`${POOLS}.general`]: { ...POOL, min: 5, max: 9 } },
      inPlace({ "NodeGroup east.nodes-general": ["scalingConfig"] }),
    ],
    [
      "other labels and taints",
      { [`${POOLS}.general`]: { ...POOL, labels: { a: "b" }, taints: [{ key: "a", effect: "PreferNoSchedule" }] } },
      inPlace({ "NodeGroup east.nodes-general": ["labels", "taints"] }),
    ],
    [
      "a larger disk is another version of the launch template",
      { [`${POOLS}.general`]: { ...POOL, disk: "100Gi" } },
      inPlace({ "LaunchTemplate east.nodes-general-template": ["blockDeviceMappings"] }),
    ],
    [
      "a pool more",
      { [`${POOLS}.gpu`]: { ...POOL, instanceTypes: ["g5.xlarge"] } },
      { added: ["east.nodes-gpu", "east.nodes-gpu-template"], removed: [], changed: {} },
    ],
    [
      "no more protection",
      { [`${EAST}.protect`]: false },
      inPlace({ "Cluster east.control-plane": ["deletionProtection"] }),
    ],
    [
      "one more who has access",
      { "platform.aws.access.viewer": { principal: "arn:aws:iam::111122223333:role/viewer", policy: "view" } },
      {
        added: ["control", "east", "west"].flatMap((name) => [
          `${name}.control-plane-access-viewer`,
          `${name}.control-plane-access-viewer-policy`,
        ]),
        removed: [],
        changed: {},
      },
    ],
  ];
  for (const [title, edits, done] of steps) {
    it(title, async () => assert.deepEqual(step(await graphAfter(edits), before_), done));
  }

  it("an upgrade of nodes, after that of the control plane", async () => {
    const upgraded = { [`${EAST}.kubernetes`]: "1.35" };
    const nodes = { ...upgraded, [`${POOLS}.general`]: { ...POOL, kubernetes: "1.35" } };
    assert.deepEqual(
      step(await graphAfter(nodes), await graphAfter(upgraded)),
      inPlace({ "NodeGroup east.nodes-general": ["version"] }),
    );
  });

  it("a change of the launch template waits for nodes that are behind, as EKS would upgrade them by it", async () => {
    const upgraded = { [`${EAST}.kubernetes`]: "1.35" };
    const ignored = async (edits: Edits) => (await graphAfter(edits)).get("east.nodes-general").ignoreChanges;
    assert.deepEqual(await ignored({}), []);
    assert.deepEqual(await ignored(upgraded), ["launchTemplate"]);
    assert.deepEqual(await ignored({ ...upgraded, [`${POOLS}.general`]: { ...POOL, kubernetes: "1.35" } }), []);
  });

  it("a pool less", async () => {
    const more = await graphAfter({ [`${POOLS}.gpu`]: { ...POOL, instanceTypes: ["g5.xlarge"] } });
    assert.deepEqual(step(before_, more), {
      added: [],
      removed: ["east.nodes-gpu", "east.nodes-gpu-template"],
      changed: {},
    });
  });

  it("another owner changes tags, and nothing else", async () => {
    const { added, removed, changed } = step(await graphAfter({ "platform.aws.tags.owner": "others" }), before_);
    assert.deepEqual([added, removed], [[], []]);
    const tagged = new Set(["defaultTags", "tagSpecifications", "resourceTags", "value"]);
    for (const [name, inputs] of Object.entries(changed)) {
      // Cilium tags the interfaces that it makes.
      const expected = name.startsWith("Release ") ? ["values"] : inputs.filter((input) => tagged.has(input));
      assert.deepEqual(inputs, expected, name);
    }
    const replacing = Object.keys(changed).map((name) => name.split(" ")[0]);
    assert.deepEqual([...new Set(replacing)].sort(), [
      "LaunchTemplate",
      "Release",
      "RepositoryCreationTemplate",
      "Tag",
      "aws",
    ]);
  });

  it("has no version and no size in any name", () => {
    for (const { name } of before_.resources) assert.doesNotMatch(name, /1[.-]3[0-9]|large|[0-9]Gi/, name);
  });
});

describe("what production protects and keeps", () => {
  // Tenants' data has a protection of its own.
  const graphWithout = (edits: Edits = {}) => graphAfter({ tenants: {}, ...edits });
  let graph: Graph;
  before(async () => {
    graph = await graphWithout();
  });
  const protectedOnes = (from: Graph) =>
    from.resources.filter((one) => one.protect).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);

  it("are clusters, buckets, their keys and the zone", () => {
    const east = protectedOnes(graph).filter((one) => one.includes(" east."));
    assert.deepEqual(
      east.sort(),
      [
        "Bucket east.buckets-backups",
        "Bucket east.buckets-backups-replica",
        "Bucket east.buckets-logs",
        "Bucket east.buckets-logs-replica",
        "Bucket east.buckets-metrics",
        "Bucket east.buckets-metrics-replica",
        "Cluster east.control-plane",
        "Key east.buckets-replica-key",
        "Key east.keys-data",
        "Key east.keys-secrets",
      ].sort(),
    );
    assert.ok(protectedOnes(graph).includes("Zone zone"));
  });

  it("are none of a cluster whose protection is taken off", async () => {
    const off = await graphWithout({ [`${EAST}.protect`]: false });
    assert.deepEqual(
      protectedOnes(off).filter((one) => one.includes(" east.")),
      [],
    );
    assert.ok(protectedOnes(off).includes("Cluster west.control-plane"));
  });

  it("are none in development", async () => {
    assert.deepEqual(protectedOnes(await graphWithout({ "platform.profile": "development" })), []);
  });
});

describe("a cluster that is added again", () => {
  const adopt = { dataKey: "1b9f0c3e-5d2a-4e10-9c7b-0a1b2c3d4e5f", replicaKey: "7d2a4e10-5d2a-4e10-9c7b-0a1b2c3d4e5f" };

  it("takes over the buckets and keys that it left, and makes everything else", async () => {
    const graph = await graphAfter({ [`${EAST}.adopt`]: adopt });
    const taken = graph.resources.flatMap(({ name, importId }) => (importId === undefined ? [] : [[name, importId]]));
    assert.deepEqual(
      Object.fromEntries(taken),
      Object.fromEntries([
        ["east.keys-data", adopt.dataKey],
        ["east.buckets-replica-key", adopt.replicaKey],
        ...["metrics", "backups", "logs"].flatMap((use) => [
          [`east.buckets-${use}`, `test-east-${use}-111122223333`],
          [`east.buckets-${use}-replica`, `test-east-${use}-replica-111122223333`],
        ]),
      ]),
    );
    const inputs = (from: Graph) => from.get("east.buckets-metrics").inputs;
    assert.deepEqual(inputs(graph), inputs(await graphAfter()));
  });
});

describe("a cluster that was made before", () => {
  const OWN = "acme/openchoreo/test";
  let outputs: Json;
  let said: readonly string[];
  before(async () => {
    ({ outputs, said } = await runFleet(BEFORE));
  });

  it("cannot be seen before the first time, which is said", () => {
    assert.deepEqual(said, [
      "This stack has no outputs yet: whether a Kubernetes version of control, east, west skips one cannot be seen.",
    ]);
  });

  it("is in the outputs with its versions, and the zone with its name servers", () => {
    const { clusters, zone } = object(outputs.platform);
    const { kubernetes, nodePools, apiServer } = object(object(clusters).east);
    assert.deepEqual({ kubernetes, nodePools }, { kubernetes: "1.34", nodePools: { general: "1.34" } });
    assert.equal(apiServer, "TEST-EAST.gr7.eks.test:443".toLowerCase());
    assert.equal((object(zone).nameServers as string[]).length, 4);
  });

  it("is knocked at before anything is registered", async () => {
    const probe = fakeProbe({ "test-east.gr7.eks.test": "ETIMEDOUT" });
    const run = await tryFleet(BEFORE, { probe, stacks: { [OWN]: outputs } });
    assert.match(
      run.errors[0]?.message ?? "",
      /platform\.clusters\.east\.provider: its API server test-east\.gr7\.eks\.test:443 cannot be reached/,
    );
    assert.deepEqual(run.graph.resources, []);
    assert.equal(probe.asked.endpoints.length, 3);
  });

  it("may not skip a version of Kubernetes; nothing is registered", async () => {
    const run = await tryFleet({ ...BEFORE, [`${EAST}.kubernetes`]: "1.36" }, { stacks: { [OWN]: outputs } });
    const [error] = run.errors;
    assert.ok(pulumi.RunError.isInstance(error));
    assert.match(
      error.message,
      /^1 problem in the settings; nothing was created:\n {2}platform\.clusters\.east\.provider\.kubernetes: 1\.36 skips a version after 1\.34/,
    );
    assert.deepEqual(run.graph.resources, []);
  });
});

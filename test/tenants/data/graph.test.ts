import assert from "node:assert/strict";
import { clustersOf, eastWestOf, runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { edit, type Json, PRODUCTION, switchOn } from "../../support/settings";
import { type Engine, generateTenants } from "../../support/tenants";
import { DATABASE_TYPES, databasesIn, lackingIn, mutated } from "./redundancy";

const CLUSTERS = ["data-1", "data-2", "data-3"];
const ENGINES: readonly Engine[] = ["postgresql", "mongodb", "redis"];

// What else a tenant has changes nothing of its database, so that one component each is enough.
const { tenants, components } = generateTenants({
  count: 200,
  size: 1,
  clusters: CLUSTERS,
  environments: { production: {} },
  engines: ENGINES,
});
const databases = components.filter(({ kind }) => kind === "database");

describe("databases of 200 tenants in production on 3 clusters", function () {
  this.timeout(900_000);
  let graph: Graph;
  before(async () => {
    const operators = switchOn("cloudnative-pg", "plugin-barman-cloud", "psmdb-operator", "redis-operator");
    const platform = { ...operators, ...PRODUCTION, "platform.clusters": clustersOf(3, eastWestOf) };
    ({ graph } = await runFleet({ ...platform, tenants }));
  });

  it("are all there, of each engine, on their clusters", () => {
    const found = new Set(databasesIn(graph).map((one) => `${one.engine} ${one.cluster}/${one.namespace}/${one.name}`));
    for (const { engine, tenant, project, name, clusters } of databases)
      for (const cluster of clusters) {
        const place = `${engine} ${cluster}/${tenant}-${project}-production-data/${name}`;
        assert.ok(found.has(place), place);
      }
    for (const engine of ENGINES) assert.ok(databases.filter((one) => one.engine === engine).length >= 16, engine);
    assert.equal(databases.length, 50);
  });

  it("have each a backup, and a replica in another zone", () => {
    assert.deepEqual(lackingIn(graph).slice(0, 5), []);
  });

  const set = (edits: Json) => (inputs: Json) => edit(inputs, edits);
  const gone = () => undefined;
  const spread = (more: Json) => [
    {
      maxSkew: 1,
      minDomains: 2,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "x" } },
      ...more,
    },
  ];
  const { postgresql, mongodb, redis } = DATABASE_TYPES;
  const setOf = (more: Json) => (inputs: Json) => {
    const [first = {}] = (inputs.spec as Json).replsets as Json[];
    return edit(inputs, { "spec.replsets": [{ ...first, ...more }] });
  };
  const mutations: readonly (readonly [
    title: string,
    of: Engine,
    type: string,
    change: (inputs: Json) => Json | undefined,
    lacking: string,
  ])[] = [
    ["no schedule", "postgresql", "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup", gone, "no backup"],
    ["no store", "postgresql", "kubernetes:barmancloud.cnpg.io/v1:ObjectStore", gone, "no backup"],
    ["no archive", "postgresql", postgresql, set({ "spec.plugins": undefined }), "no backup"],
    ["one member", "postgresql", postgresql, set({ "spec.instances": 1 }), "no second member"],
    ["no spread", "postgresql", postgresql, set({ "spec.topologySpreadConstraints": [] }), "not over zones"],
    [
      "one node",
      "postgresql",
      postgresql,
      set({ "spec.affinity.podAntiAffinityType": "preferred" }),
      "two members may be on one node",
    ],
    ["backups switched off", "mongodb", mongodb, set({ "spec.backup.enabled": false }), "no backup"],
    ["no task", "mongodb", mongodb, set({ "spec.backup.tasks": [] }), "no backup"],
    ["no store", "mongodb", mongodb, set({ "spec.backup.storages": {} }), "no backup"],
    ["one member", "mongodb", mongodb, setOf({ size: 1 }), "no second member"],
    [
      "a spread that gives way",
      "mongodb",
      mongodb,
      setOf({ topologySpreadConstraints: spread({ whenUnsatisfiable: "ScheduleAnyway" }) }),
      "not over zones",
    ],
    ["no job", "redis", "kubernetes:batch/v1:CronJob", gone, "no backup"],
    ["one member", "redis", redis, set({ "spec.clusterSize": 1 }), "no second member"],
    [
      "a spread over nodes",
      "redis",
      redis,
      set({ "spec.topologySpreadConstraints": spread({ topologyKey: "kubernetes.io/hostname" }) }),
      "not over zones",
    ],
  ];
  for (const [title, engine, type, change, lacking] of mutations) {
    it(`would be found wanting: ${engine} with ${title}`, () => {
      const copies = databasesIn(graph).filter((one) => one.engine === engine);
      assert.ok(copies.length > 0);
      const expected = copies.map(({ namespace, name, cluster }) => `${namespace}/${name} on ${cluster}: ${lacking}`);
      assert.deepEqual(lackingIn(mutated(graph, type, change)), expected);
    });
  }
});

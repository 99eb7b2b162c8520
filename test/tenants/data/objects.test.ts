import assert from "node:assert/strict";
import type { DatabaseArgs, DatabaseObject } from "../../../components/tenants/data/database";
import { mongodbObjects } from "../../../components/tenants/data/mongodb";
import { postgresqlObjects } from "../../../components/tenants/data/postgresql";
import { redisObjects } from "../../../components/tenants/data/redis";
import { definition, describeWithCharts } from "../../support/charts";
import { definitionProblems } from "../../support/crd";
import type { Json } from "../../support/settings";
import { object } from "../../support/stack";
import { CLOUD, database, SERVER, VARIANTS } from "./variants";

const ENGINES: Readonly<Record<DatabaseArgs["engine"], (args: DatabaseArgs) => DatabaseObject[]>> = {
  postgresql: postgresqlObjects,
  mongodb: mongodbObjects,
  redis: redisObjects,
};

const PLURALS: Readonly<Record<string, string>> = {
  Cluster: "clusters.postgresql.cnpg.io",
  ScheduledBackup: "scheduledbackups.postgresql.cnpg.io",
  ObjectStore: "objectstores.barmancloud.cnpg.io",
  PerconaServerMongoDB: "perconaservermongodbs.psmdb.percona.com",
  RedisReplication: "redisreplications.redis.redis.opstreelabs.in",
  RedisSentinel: "redissentinels.redis.redis.opstreelabs.in",
};

const objects = (edits: Partial<DatabaseArgs> = {}) => {
  const args = database(edits);
  return ENGINES[args.engine](args);
};
const spec = (edits: Partial<DatabaseArgs>, kind: string): Json => {
  const found = objects(edits).find((one) => one.kind === kind) ?? assert.fail(`no ${kind}`);
  return found.spec as Json;
};
const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json;

describeWithCharts("objects of databases are as their operators' kinds have them", () => {
  for (const engine of ["postgresql", "mongodb", "redis"] as const) {
    for (const [index, edits] of VARIANTS.entries()) {
      it(`${engine}, variant ${index}`, () => {
        for (const one of objects({ ...edits, engine })) {
          const known = definition(PLURALS[one.kind] ?? "") ?? assert.fail(`no definition of ${one.kind}`);
          assert.deepEqual(definitionProblems(known, json({ ...one, why: undefined })), [], one.kind);
        }
      });
    }
  }
});

describe("a PostgreSQL database", () => {
  const cluster = (edits: Partial<DatabaseArgs> = {}) => spec(edits, "Cluster");

  it("has three members, no two on one node and at least one in another zone", () => {
    const { instances, topologySpreadConstraints, affinity } = cluster();
    assert.equal(instances, 3);
    assert.deepEqual(topologySpreadConstraints, [
      {
        maxSkew: 1,
        minDomains: 2,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { "cnpg.io/cluster": "orders" } },
      },
    ]);
    assert.equal(object(affinity).podAntiAffinityType, "required");
  });

  it("has one member where one is asked for, which no budget keeps on its node", () => {
    const { instances, enablePDB, topologySpreadConstraints, postgresql } = cluster({ members: 1 });
    assert.deepEqual([instances, enablePDB, topologySpreadConstraints], [1, false, []]);
    assert.equal(object(postgresql).synchronous, undefined);
  });

  it("confirms a commit when it is in two places", () => {
    assert.deepEqual(object(cluster().postgresql).synchronous, {
      method: "any",
      number: 1,
      dataDurability: "preferred",
    });
  });

  it("takes its user's password from a Secret, and its certificate from the tenant's authority", () => {
    const { bootstrap, certificates } = cluster({ name: "order-items" });
    assert.deepEqual(object(object(bootstrap).initdb).secret, { name: "order-items-user" });
    assert.equal(object(object(bootstrap).initdb).owner, "order_items");
    assert.deepEqual(certificates, { serverCASecret: "order-items-tls", serverTLSSecret: "order-items-tls" });
  });

  it("archives its logs into the store and is backed up on its schedule", () => {
    const [plugin] = cluster().plugins as readonly Json[];
    assert.deepEqual(
      [plugin?.isWALArchiver, plugin?.parameters],
      [true, { barmanObjectName: "orders", serverName: "orders" }],
    );
    const backup = spec({}, "ScheduledBackup");
    assert.deepEqual([backup.schedule, backup.method, backup.cluster], ["0 0 2 * * *", "plugin", { name: "orders" }]);
    const store = spec({}, "ObjectStore");
    assert.equal(store.retentionPolicy, "30d");
    assert.equal(object(store.configuration).destinationPath, "s3://backups/east/databases/shop-store-production-data");
  });

  it("has an account of the store where a server asks for one, and an identity in the cloud", () => {
    assert.deepEqual(object(object(spec({}, "ObjectStore").configuration).s3Credentials), {
      accessKeyId: { name: "object-store", key: "AWS_ACCESS_KEY_ID" },
      secretAccessKey: { name: "object-store", key: "AWS_SECRET_ACCESS_KEY" },
      region: { name: "object-store", key: "AWS_REGION" },
    });
    const cloud = object(spec({ store: CLOUD }, "ObjectStore").configuration);
    assert.deepEqual([cloud.s3Credentials, cloud.endpointURL], [{ inheritFromIAMRole: true }, undefined]);
  });

  it("follows its counterpart by the store, and is made from its backups", () => {
    const west = { cluster: "west", store: { ...SERVER, folder: "west/databases/x" } };
    const follows = cluster({ counterpart: { ...west, role: "primary" } });
    assert.deepEqual(follows.replica, { self: "east", primary: "west", source: "west" });
    assert.equal(object(object(follows.bootstrap).recovery).source, "west");
    const leads = cluster({ counterpart: { ...west, role: "replica" } });
    assert.deepEqual(leads.replica, { self: "east", primary: "east", source: "west" });
    assert.ok(object(leads.bootstrap).initdb !== undefined);
    const [own, other] = leads.externalClusters as readonly Json[];
    assert.deepEqual([own?.name, other?.name], ["east", "west"]);
    assert.deepEqual(object(object(other?.plugin).parameters), {
      barmanObjectName: "orders-west",
      serverName: "orders",
    });
    const stores = objects({ counterpart: { ...west, role: "replica" } }).filter(({ kind }) => kind === "ObjectStore");
    const policies = stores.map(({ metadata, spec: { ...all } }) => [metadata.name, (all as Json).retentionPolicy]);
    // What the counterpart wrote is the counterpart's to delete.
    assert.deepEqual(policies, [
      ["orders", "30d"],
      ["orders-west", undefined],
    ]);
  });

  it("gives a quarter of its memory to shared buffers", () => {
    const buffers = (memory: string) =>
      object(object(cluster({ resources: { cpu: "1", memory } }).postgresql).parameters).shared_buffers;
    assert.deepEqual(["2Gi", "512Mi", "64Mi"].map(buffers), ["512MB", "128MB", "32MB"]);
  });
});

describe("a MongoDB database", () => {
  const cluster = (edits: Partial<DatabaseArgs> = {}) => spec({ engine: "mongodb", ...edits }, "PerconaServerMongoDB");
  const members = (edits: Partial<DatabaseArgs> = {}) => (cluster(edits).replsets as readonly Json[])[0] ?? {};

  it("has three members over at least two zones, or says that one is enough", () => {
    assert.equal(members().size, 3);
    assert.equal((members().topologySpreadConstraints as readonly Json[])[0]?.minDomains, 2);
    assert.deepEqual(object(cluster().unsafeFlags).replsetSize, false);
    assert.deepEqual(
      [members({ members: 1 }).size, object(cluster({ members: 1 }).unsafeFlags).replsetSize],
      [1, true],
    );
  });

  it("has a user of its own database only, whose password is in a Secret", () => {
    const [user] = cluster().users as readonly Json[];
    assert.deepEqual(user?.passwordSecretRef, { name: "orders-user", key: "password" });
    assert.deepEqual(user?.roles, [
      { name: "readWrite", db: "orders" },
      { name: "dbAdmin", db: "orders" },
    ]);
  });

  it("is backed up to its folder of the store, with its log, and keeps as many backups as the days ask for", () => {
    const backup = object(cluster({ backup: { schedule: "0 */6 * * *", retentionDays: 7 } }).backup);
    const [task] = backup.tasks as readonly Json[];
    assert.deepEqual([task?.schedule, object(task?.retention).count], ["0 */6 * * *", 28]);
    assert.equal(object(backup.pitr).enabled, true);
    const { s3 } = object(object(backup.storages)["object-store"]);
    assert.equal(object(s3).prefix, "east/databases/shop-store-production-data/orders");
    assert.equal(object(s3).credentialsSecret, "object-store");
    assert.equal(object(cluster({ store: undefined }).backup).enabled, false);
  });

  it("asks for TLS, and for certificates of the tenant's authority", () => {
    const tls = object(cluster().tls);
    assert.deepEqual([tls.mode, object(tls.issuerConf).name], ["requireTLS", "databases"]);
  });

  it("keeps its volumes until its tenant is purged", () => {
    const finalizers = (purge: boolean) => objects({ engine: "mongodb", purge })[0]?.metadata.finalizers;
    assert.equal(finalizers(false), undefined);
    assert.ok(finalizers(true)?.includes("percona.com/delete-psmdb-pvc"));
  });
});

describe("a Redis database", () => {
  const replication = (edits: Partial<DatabaseArgs> = {}) => spec({ engine: "redis", ...edits }, "RedisReplication");

  it("is a replication also where it has one member, so that it can grow on its volume", () => {
    assert.deepEqual(
      objects({ engine: "redis", members: 1 }).map(({ kind }) => kind),
      ["RedisReplication"],
    );
    assert.equal(replication({ members: 1 }).clusterSize, 1);
  });

  it("has sentinels where there is somebody to become the primary", () => {
    const { redisSentinelConfig, clusterSize } = spec({ engine: "redis" }, "RedisSentinel");
    assert.deepEqual([clusterSize, object(redisSentinelConfig).redisReplicationName], [3, "orders"]);
    assert.equal(object(redisSentinelConfig).quorum, "2");
  });

  it("asks for TLS and a password", () => {
    const { TLS, kubernetesConfig } = replication();
    assert.deepEqual(TLS, { secret: { secretName: "orders-tls" } });
    assert.deepEqual(object(kubernetesConfig).redisSecret, { name: "orders-user", key: "password" });
  });

  it("keeps its volumes until its tenant is purged", () => {
    const kept = (purge: boolean) => object(replication({ purge }).storage).keepAfterDelete;
    assert.deepEqual([kept(false), kept(true)], [true, false]);
  });
});

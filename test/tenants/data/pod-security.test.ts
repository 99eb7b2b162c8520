import assert from "node:assert/strict";
import { databaseObjects } from "../../../components/tenants/data/objects";
import { redisBackupSpec } from "../../../components/tenants/data/redis-backup";
import { restrictedProblems } from "../../support/pod-security";
import type { Json } from "../../support/settings";
import { object } from "../../support/stack";
import { database, SERVER } from "./variants";

const specOf = (engine: "mongodb" | "redis", kind: string): Json => {
  const found = databaseObjects(database({ engine })).find((one) => one.kind === kind) ?? assert.fail(kind);
  return found.spec as Json;
};

/**
 * Pods as operators make them of their objects: which setting goes into which container. PostgreSQL's are restricted
 * whatever is set. Source: Percona's operator, pkg/psmdb; the operator of Redis, internal/k8sutils/statefulset.go.
 */
const PODS: Readonly<Record<string, () => Json>> = {
  "a member of MongoDB": () => {
    const spec = specOf("mongodb", "PerconaServerMongoDB");
    const [set = {}] = spec.replsets as Json[];
    const backup = object(spec.backup);
    return {
      securityContext: set.podSecurityContext,
      initContainers: [{ name: "mongo-init", securityContext: spec.initContainerSecurityContext }],
      containers: [
        { name: "mongod", securityContext: set.containerSecurityContext },
        { name: "backup-agent", securityContext: backup.containerSecurityContext },
        ...(set.sidecars as Json[]),
      ],
    };
  },
  "a member of Redis": () => {
    const spec = specOf("redis", "RedisReplication");
    return {
      securityContext: spec.podSecurityContext,
      containers: [
        { name: "redis", securityContext: spec.securityContext },
        { name: "redis-exporter", securityContext: object(spec.redisExporter).securityContext },
      ],
    };
  },
  "a sentinel of Redis": () => {
    const spec = specOf("redis", "RedisSentinel");
    return {
      securityContext: spec.podSecurityContext,
      containers: [{ name: "s", securityContext: spec.securityContext }],
    };
  },
  "a backup of Redis": () => {
    const { jobTemplate } = redisBackupSpec(database({ engine: "redis" }), SERVER);
    return jobTemplate.spec.template.spec as unknown as Json;
  },
};

describe("Pod Security restricted", () => {
  for (const [what, pod] of Object.entries(PODS)) {
    it(`admits ${what}`, () => assert.deepEqual(restrictedProblems(pod()), []));
  }

  it("would refuse the same pods without what is said of them", () => {
    for (const [what, pod] of Object.entries(PODS)) {
      const { containers = [] } = pod() as { containers?: Json[] };
      const open = { containers: containers.map(({ name }) => ({ name })) };
      assert.equal(restrictedProblems(open).length, containers.length * 4, what);
    }
  });
});

describe("a backup of Redis", () => {
  const { jobTemplate, concurrencyPolicy } = redisBackupSpec(database({ engine: "redis" }), SERVER);
  const pod = jobTemplate.spec.template.spec;

  it("is of a member that serves nobody, over TLS, with the password from its Secret alone", () => {
    const [dump] = pod.initContainers;
    assert.ok(dump?.command.includes("orders-replica") && dump.command.includes("--tls"));
    assert.deepEqual(dump?.env, [
      { name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: "orders-user", key: "password" } } },
    ]);
    const alone = redisBackupSpec(database({ engine: "redis", members: 1 }), SERVER).jobTemplate.spec.template.spec;
    assert.ok(alone.initContainers[0]?.command.includes("orders-master"));
  });

  it("goes into the database's own folder, and takes out what is older than is kept", () => {
    const [upload] = pod.containers;
    const env = Object.fromEntries((upload?.env ?? []).map(({ name, value }) => [name, value]));
    assert.deepEqual(
      [env.BUCKET, env.FOLDER, env.RCLONE_CONFIG_STORE_ENDPOINT],
      ["backups", "east/databases/shop-store-production-data/orders", "https://s3.example.com"],
    );
    assert.match(upload?.args[0] ?? "", /rclone delete --min-age 30d "store:\$BUCKET\/\$FOLDER"/);
  });

  it("is one at a time, and its pods are known as the database's", () => {
    assert.equal(concurrencyPolicy, "Forbid");
    assert.equal(jobTemplate.spec.template.metadata.labels["choreo.dev/database"], "orders");
    assert.equal(pod.serviceAccountName, "orders");
  });
});

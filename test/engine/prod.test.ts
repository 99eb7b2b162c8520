import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Report, Retained } from "../../rehearsal/report";
import { assertCode, type Ended } from "./support/cli";
import { busyShare, holdMemory, holdTime } from "./support/machine";
import { processesOf } from "./support/processes";
import { CHECKOUT, Project } from "./support/project";
import { step } from "./support/steps";

const STACK = "prod";
const ACCOUNT = "111122223333";

/** What a rehearsal of prod may take, on two cores: its `up`, beside the quarter of a minute in which clusters start. */
const LIMITS = { seconds: 165, mib: 8192 };

/** Why data of tenants stays. */
const TENANT = /^kept with the data of a tenant/;

/** A machine that others use too takes longer, and says nothing of the program. */
const LONGEST_MS = 1_500_000;

describe("rehearse prod --once", function () {
  this.timeout(LONGEST_MS);
  let project: Project;
  let ended: Ended;
  let report: Report;
  let others: number;

  before(async () => {
    project = new Project({}, { whole: true });
    others = await busyShare();
    ended = await step(`rehearse ${STACK} --once`, () => project.rehearse([STACK, "--once"], { limitMs: LONGEST_MS }));
    assertCode(ended, 0);
    report = project.report(STACK);
  });
  after(() => project?.remove());

  it("goes up, changes nothing more, is refused a plain destroy, and goes down", () => {
    assert.deepEqual(report.problems, []);
    assert.deepEqual(report.policies, []);
    assert.deepEqual(
      report.phases.map(({ name }) => name),
      ["up", "preview", "refused destroy", "destroy"],
    );
    const [up, preview, refused, destroy] = report.phases;
    assert.ok((up?.created ?? 0) > 1500, `${up?.created} resources`);
    for (const phase of [preview, refused]) {
      assert.deepEqual([phase?.created, phase?.updated, phase?.deleted], [0, 0, 0], phase?.name);
    }
    assert.equal(destroy?.deleted, preview?.same);
    // On each cluster the control plane, three buckets with their replicas, and three keys; the zone; data in production.
    const data = ofTenants().filter((object) => object.includes("-production-data"));
    assert.ok(data.length > 0);
    assert.equal(report.protected, clusters().length * (1 + 6 + 3) + 1 + data.length);
    assert.ok(report.releases.length > 60);
    for (const { cluster, name, status } of report.releases) assert.equal(status, "deployed", `${cluster} ${name}`);
  });

  it("leaves every bucket with its replica, their keys, shared files, and nothing else of the account", () => {
    const kept = report.retained.filter(({ cluster }) => cluster.startsWith("AWS"));
    for (const kind of KEPT_OF_BUCKETS) assert.deepEqual(named(kept, kind), buckets(), kind);
    // The one of the data, where the cluster is, and the one of the replicas.
    assert.equal(named(kept, "kms.Key").length, 2 * clusters().length);
    assert.equal(named(kept, "efs.FileSystem").length, clusters().length);
    // One setting for the account's registries in a region, which others may rely on.
    assert.deepEqual(named(kept, "ecr.RegistryScanningConfiguration"), [ACCOUNT]);
    const kinds = new Set(kept.map(({ object }) => object.split(" ")[0] ?? ""));
    const others = ["ecr.RegistryScanningConfiguration", "efs.FileSystem", "kms.Key"];
    assert.deepEqual([...kinds].sort(), [...others, ...KEPT_OF_BUCKETS]);
    for (const { object, why } of kept) assert.match(why, /^retainOnDelete: /, object);
  });

  it("leaves on the clusters the kinds that are kept, with the reason, and nothing else", () => {
    const kept = report.retained.filter(({ cluster }) => !cluster.startsWith("AWS"));
    for (const cluster of clusters()) {
      const own = named(
        kept.filter((one) => one.cluster === cluster),
        "CustomResourceDefinition",
      );
      for (const kind of ["certificates.cert-manager.io", "gateways.gateway.networking.k8s.io"]) {
        assert.ok(own.includes(kind), `${cluster}: ${kind}`);
      }
    }
    for (const { object, why } of kept) {
      if (object.startsWith("CustomResourceDefinition ")) assert.doesNotMatch(why, TENANT, object);
      else assert.match(why, TENANT, object);
      assert.notEqual(why, "", object);
    }
    const data = ofTenants();
    for (const kind of ["Cluster", "PerconaServerMongoDB", "RedisReplication"]) {
      assert.ok(
        data.some((object) => object.startsWith(`${kind} `)),
        kind,
      );
    }
    assert.ok(
      data.every((object) => /-data(\/|$)/.test(object)),
      data.join(),
    );
    assert.match(ended.stdout, /^Left on purpose:$/m);
    assert.match(ended.stdout, new RegExp(`s3\\.Bucket.* prod-us-east-backups-${ACCOUNT} `));
  });

  it("takes no more memory than it may", function () {
    const parts = holdMemory(this, report, LIMITS.mib);
    assert.equal(
      Object.values(parts).every((part) => part > 100),
      true,
      JSON.stringify(parts),
    );
  });

  it("takes no longer than it may, on a machine of its own", function () {
    holdTime(this, report, others, LIMITS.seconds);
  });

  /** Objects on the clusters that hold or guard a tenant's data. */
  function ofTenants(): string[] {
    return report.retained.filter(({ why }) => TENANT.test(why)).map(({ object }) => object);
  }

  it("leaves nothing running and nothing to clean up", () => {
    assert.deepEqual(processesOf(project.root), []);
    assert.deepEqual(project.remains(STACK), []);
  });
});

/** What a bucket consists of, as the program keeps it. */
const KEPT_OF_BUCKETS = [
  "s3.Bucket",
  "s3.BucketLifecycleConfiguration",
  "s3.BucketOwnershipControls",
  "s3.BucketPolicy",
  "s3.BucketPublicAccessBlock",
  "s3.BucketServerSideEncryptionConfiguration",
  "s3.BucketVersioning",
];

/** Objects of a kind, by their names. */
function named(retained: readonly Retained[], kind: string): string[] {
  return retained
    .map(({ object }) => object.split(" "))
    .filter(([own]) => own === kind)
    .map(([, name]) => name ?? "")
    .sort();
}

/** The clusters that Pulumi.prod.yaml names, read without the program's help. */
function clusters(): string[] {
  const { config } = parse(readFileSync(join(CHECKOUT, `Pulumi.${STACK}.yaml`), "utf8"));
  return Object.keys(config["openchoreo:platform"].clusters);
}

function buckets(): string[] {
  return clusters()
    .flatMap((cluster) => ["metrics", "backups", "logs"].map((use) => `${STACK}-${cluster}-${use}`))
    .flatMap((name) => [`${name}-${ACCOUNT}`, `${name}-replica-${ACCOUNT}`])
    .sort();
}

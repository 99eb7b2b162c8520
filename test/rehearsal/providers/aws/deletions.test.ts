import assert from "node:assert/strict";
import { build } from "./estate";
import { type Made, World } from "./world";

/** What cannot go while something else is there. */
const IN_USE: readonly (readonly [string, RegExp])[] = [
  ["vpc", /DependencyViolation: The vpc 'vpc-\w+' has dependencies and cannot be deleted/],
  ["a", /DependencyViolation: The subnet 'subnet-\w+' has dependencies/],
  ["gateway", /DependencyViolation: Network vpc-\w+ has some mapped public address|has dependencies/],
  ["address", /InvalidIPAddress\.InUse/],
  ["table", /DependencyViolation: The routeTable/],
  ["group", /DependencyViolation: resource sg-\w+ has a dependent object \(\w+\.\w+ /],
  ["tgw", /IncorrectState/],
  ["control", /DeleteConflict/],
  ["nodes", /DeleteConflict: Cannot delete entity, must remove roles from instance profile|DeleteConflict/],
  ["policy", /DeleteConflict: Cannot delete a policy attached to entities/],
  ["key", /KMSInvalidStateException: The key is in use/],
  ["cluster", /ResourceInUseException: Cluster (has nodegroups attached: )?test-control-plane/],
  ["agent", /1 pod identity associations of test-control-plane still need/],
  ["source", /BucketNotEmpty: The bucket you tried to delete is not empty/],
  ["copy", /The bucket is in use/],
  ["rule", /Rule can't be deleted since it has targets/],
  ["zone", /HostedZoneNotEmpty.*api\.choreo\.example\.com/],
  ["health", /HealthCheckInUse/],
  ["files", /FileSystemInUse/],
];

describe("stand-in aws: a deletion", () => {
  let world: World;
  let made: Record<string, Made> = {};
  const piece = (name: string) => made[name] ?? assert.fail(`no piece ${name}`);
  before(async () => {
    world = new World();
    made = await build(world);
  });
  after(() => world.end());

  for (const [name, message] of IN_USE) {
    it(`of ${name} is refused while it is in use`, async () => {
      const before = world.items().length;
      await assert.rejects(world.remove(piece(name)), (error: Error) => {
        assert.match(error.message, message);
        return true;
      });
      assert.equal(world.items().length, before);
    });
  }

  it("of what is gone already is none", async () => {
    await world.remove(piece("alarm"));
    await world.remove(piece("alarm"));
  });

  it("of a protected cluster or table is refused", async () => {
    const table = await world.change(piece("locks"), { ...piece("locks").inputs, deletionProtectionEnabled: true });
    await assert.rejects(world.remove(table), /protected against deletion/);
    const own = new World();
    try {
      const all = await build(own, "cluster");
      const cluster = await own.change(all.cluster as Made, { ...all.cluster?.inputs, deletionProtection: true });
      await assert.rejects(own.remove(cluster), /deletion protection is enabled/);
    } finally {
      own.end();
    }
  });

  it("of a bucket with objects goes where it is forced", async () => {
    const own = new World();
    try {
      const bucket = await own.make("s3/bucket:Bucket", "b", { bucket: "some-bucket", forceDestroy: true });
      await own.make("s3/bucketObjectv2:BucketObjectv2", "o", { bucket: bucket.id, key: "k" });
      await own.remove(bucket);
    } finally {
      own.end();
    }
  });

  it("of a secret leaves its name taken for the days of its recovery", async () => {
    const args = { name: "kept", recoveryWindowInDays: 7 };
    const secret = await world.make("secretsmanager/secret:Secret", "kept", args);
    await world.remove(secret);
    await assert.rejects(
      world.make("secretsmanager/secret:Secret", "kept", args),
      /already scheduled for deletion: kept/,
    );
  });

  it("of a cluster's logs brings them back while it writes them", async () => {
    const own = new World();
    try {
      const all = await build(own, "cluster");
      await own.remove(all.logs as Made);
      const left = own.items().find(({ id }) => id === "/aws/eks/test-control-plane/cluster");
      assert.deepEqual([left?.urn, left?.state.kmsKeyId], [undefined, undefined], "nobody's, and not encrypted");
    } finally {
      own.end();
    }
  });

  it("of a VPC takes along what came with it", async () => {
    const own = new World();
    try {
      const vpc = await own.make("ec2/vpc:Vpc", "v", { cidrBlock: "10.0.0.0/16" });
      assert.deepEqual(
        own
          .items()
          .map(({ type }) => type.split(":")[2])
          .sort(),
        ["RouteTable", "SecurityGroup", "Vpc"],
      );
      await own.remove(vpc);
      assert.deepEqual(own.items(), []);
    } finally {
      own.end();
    }
  });
});

import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account } from "../../../../rehearsal/providers/aws/account";
import { accountFile } from "../../../../rehearsal/providers/aws/account-file";
import { parseFaults } from "../../../../rehearsal/providers/aws/faults";
import { FUNCTION_TOKENS } from "../../../../rehearsal/providers/aws/functions";
import { LOCAL_CLUSTERS } from "../../../../rehearsal/providers/aws/local-clusters";
import { isRegion, zonesOf } from "../../../../rehearsal/providers/aws/regions";
import { EXISTING } from "../../../../rehearsal/providers/aws/settings";
import { build } from "./estate";
import { ACCOUNT_ID, type Made, value, World } from "./world";

/** Sets variables of this process while something runs. */
async function withVariables(variables: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<void> {
  Object.assign(process.env, variables);
  try {
    await work();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

describe("stand-in aws: its configuration", () => {
  const world = new World();
  after(() => world.end());
  const failures = (settings: Readonly<Record<string, unknown>>) =>
    (world.provider().checkConfig(settings).failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);

  it("names a region that AWS has", () => {
    assert.deepEqual(failures({ region: "eu-west-1", allowedAccountIds: `["${ACCOUNT_ID}"]` }), []);
    assert.match(failures({})[0] ?? "", /^region: Missing region information/);
    assert.deepEqual(failures({ region: "eu-west-9" }), ["region: Invalid AWS Region: eu-west-9"]);
  });

  it("has no field that nobody knows", () => {
    assert.deepEqual(failures({ region: "eu-west-1", defaultTag: "{}" }), ["defaultTag: Invalid or unknown key"]);
    assert.deepEqual(failures({ region: "eu-west-1", defaultTags: '{"tag":{}}' }), [
      "defaultTags.tag: Invalid or unknown key",
    ]);
  });

  it("of another region makes everything anew", () => {
    const [west, east] = [{ region: "eu-west-1" }, { region: "us-east-1", defaultTags: "{}" }];
    assert.deepEqual(world.provider().diffConfig(west, east), ["region"]);
    assert.deepEqual(world.provider().diffConfig(east, { region: "us-east-1" }), []);
  });

  it("says which account it is, by the accounts that are allowed or by the role that is taken", async () => {
    for (const settings of [
      { allowedAccountIds: '["111122223333"]' },
      { assumeRoles: '[{"roleArn":"arn:aws:iam::111122223333:role/x"}]' },
    ]) {
      const own = new World(settings);
      const identity = await own.provider().invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
      assert.equal(identity.accountId, "111122223333");
      own.end();
    }
  });

  it("refuses to serve outside a rehearsal", () => {
    assert.throws(() => accountFile({}), /OPENCHOREO_REHEARSAL_AWS names no file: this provider is a stand-in/);
  });

  it("knows regions with their zones", () => {
    assert.ok(isRegion("ap-southeast-4") && !isRegion("us-east-9"));
    assert.deepEqual(
      zonesOf("us-west-1").map(({ id }) => id),
      ["usw1-az3", "usw1-az1"],
    );
    assert.equal(zonesOf("us-east-1").length, 6);
  });
});

describe("stand-in aws: functions", () => {
  const world = new World();
  let made: Record<string, Made> = {};
  before(async () => {
    made = await build(world);
  });
  after(() => world.end());
  const invoke = (token: string, args: Readonly<Record<string, unknown>> = {}, region?: string) =>
    world.provider(region).invoke(token, args);

  it("answers where it is", async () => {
    assert.deepEqual(await invoke("aws:index/getPartition:getPartition"), {
      region: "us-east-1",
      dnsSuffix: "amazonaws.com",
      id: "aws",
      partition: "aws",
      reverseDnsPrefix: "com.amazonaws",
    });
    assert.equal((await invoke("aws:index/getRegion:getRegion", {}, "eu-west-1")).region, "eu-west-1");
    const zones = await invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {
      state: "available",
      excludeZoneIds: ["use1-az3"],
    });
    assert.deepEqual(zones.names, ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1f"]);
  });

  it("finds what is there, and says what is not", async () => {
    const cluster = await invoke("aws:eks/getCluster:getCluster", { name: "test-control-plane" });
    assert.deepEqual([cluster.version, cluster.arn], ["1.34", made.cluster?.state.arn]);
    await assert.rejects(invoke("aws:eks/getCluster:getCluster", { name: "none" }), /No cluster found for name: none/);
    assert.equal((await invoke("aws:ec2/getVpc:getVpc", { id: made.vpc?.id })).cidrBlock, "10.0.0.0/16");
    await assert.rejects(
      invoke("aws:ec2/getVpc:getVpc", { id: made.vpc?.id }, "eu-west-1"),
      /no matching EC2 VPC found/,
    );
    await assert.rejects(
      invoke("aws:ec2/getSubnet:getSubnet", { vpcId: made.vpc?.id }),
      /multiple EC2 Subnets matched/,
    );
    const filters = [
      { name: "vpc-id", values: [made.vpc?.id] },
      { name: "availability-zone", values: ["us-east-1a"] },
    ];
    assert.deepEqual((await invoke("aws:ec2/getSubnets:getSubnets", { filters })).ids, [made.public?.id]);
    assert.equal((await invoke("aws:route53/getZone:getZone", { name: "choreo.example.com." })).zoneId, made.zone?.id);
    await assert.rejects(
      invoke("aws:route53/getZone:getZone", { name: "example.org" }),
      /no matching Route 53 Hosted Zone found/,
    );
    assert.equal((await invoke("aws:ssm/getParameter:getParameter", { name: "/test/parameter" })).value, "one");
    await assert.rejects(invoke("aws:ssm/getParameter:getParameter", { name: "/none" }), /ParameterNotFound/);
  });

  it("writes policy documents as the real provider does", async () => {
    const statements = [
      { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"], principals: [{ type: "AWS", identifiers: ["*"] }] },
      {
        effect: "Deny",
        actions: ["s3:*"],
        resources: ["*"],
        conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ];
    const { json } = await invoke("aws:iam/getPolicyDocument:getPolicyDocument", { statements });
    assert.deepEqual(JSON.parse(String(json)), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*", Principal: { AWS: "*" } },
        { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ],
    });
  });

  it("refuses functions and arguments that it does not know", async () => {
    assert.equal(FUNCTION_TOKENS.length, 17);
    await assert.rejects(invoke("aws:ec2/getAmi:getAmi"), /has no function aws:ec2\/getAmi:getAmi/);
    await assert.rejects(
      invoke("aws:eks/getCluster:getCluster", { nam: "x" }),
      /name: Missing required argument; nam: Invalid or unknown key/,
    );
  });
});

describe("stand-in aws: its account", () => {
  it("is one for all providers, also where they work at the same time", async () => {
    const world = new World();
    try {
      const regions = ["us-east-1", "eu-west-1", "eu-central-1"];
      const names = Array.from({ length: 60 }, (_, index) => `queue-${index}`);
      await Promise.all(names.map((name, index) => world.make("sqs/queue:Queue", name, { name }, regions[index % 3])));
      assert.equal(world.items().length, 60);
      assert.equal(readFileSync(world.file, "utf8").trim().split("\n").length, 60);
    } finally {
      world.end();
    }
  });

  it("loses nothing but the line that a killed process was writing", async () => {
    const world = new World();
    try {
      await world.make("sqs/queue:Queue", "one", { name: "one" });
      appendFileSync(world.file, '{"put":{"type":"aws:sqs/queue:Queue","region":"us-e');
      const other = new World();
      writeFileSync(other.file, readFileSync(world.file));
      await other.make("sqs/queue:Queue", "two", { name: "two" });
      assert.deepEqual(
        other.items().map(({ state }) => state.name),
        ["one", "two"],
      );
      other.end();
    } finally {
      world.end();
    }
  });

  it("changes nothing where something is refused half-way", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-"));
    const account = new Account(join(folder, "account.jsonl"));
    const item = { type: "t", region: "", id: "i", state: {} };
    await assert.rejects(
      account.transact((view) => {
        view.put(item);
        throw new Error("no");
      }),
    );
    assert.deepEqual(account.snapshot(), []);
    await account.transact((view) => view.put(item));
    assert.deepEqual(new Account(join(folder, "account.jsonl")).snapshot(), [item]);
    rmSync(folder, { recursive: true });
  });

  it("knows what settings name of before the program, and nothing else", async () => {
    const role = `arn:aws:iam::${ACCOUNT_ID}:role/admins`;
    await withVariables({ [EXISTING]: JSON.stringify(["vpc-0a1b2c3d4e5f60718", role]) }, async () => {
      const world = new World();
      const vpc = await world.make("ec2/vpc:Vpc", "v", { cidrBlock: "10.0.0.0/16" });
      await world.make("ec2/vpcPeeringConnection:VpcPeeringConnection", "p", {
        vpcId: vpc.id,
        peerVpcId: "vpc-0a1b2c3d4e5f60718",
      });
      const trusting = (arn: string) =>
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: arn }, Action: "sts:AssumeRole" }],
        });
      await world.make("iam/role:Role", "r", { assumeRolePolicy: trusting(role) });
      await assert.rejects(
        world.make("iam/role:Role", "s", { assumeRolePolicy: trusting(`${role}2`) }),
        /Invalid principal/,
      );
      world.end();
    });
  });

  it("hands each EKS cluster the local API server of its name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-"));
    const file = join(folder, "clusters.json");
    writeFileSync(
      file,
      JSON.stringify({ "test-control-plane": { endpoint: "https://127.0.0.1:6443", certificateAuthority: "Q0E=" } }),
    );
    await withVariables({ [LOCAL_CLUSTERS]: file }, async () => {
      const world = new World();
      const { cluster } = await build(world, "cluster");
      assert.equal(value(cluster, "endpoint"), "https://127.0.0.1:6443");
      assert.equal(value(cluster, "certificateAuthority.data"), "Q0E=");
      const { name: _, ...args } = cluster?.inputs ?? {};
      const other = await world.make("eks/cluster:Cluster", "other", args);
      assert.match(String(value(other, "endpoint")), /^https:\/\/other-[0-9a-f]{7}\.eks\.invalid$/);
      world.end();
    });
    rmSync(folder, { recursive: true });
  });
});

describe("stand-in aws: faults", () => {
  it("fail the same calls for the same seed, and none without", async () => {
    const failing = async (text: string | undefined) => {
      const world = new World({}, parseFaults(text));
      const failed: number[] = [];
      for (let index = 0; index < 40; index++) {
        await world.make("sqs/queue:Queue", `q${index}`, { name: `q${index}` }).catch((error: Error) => {
          assert.match(error.message, /api error ThrottlingException: Rate exceeded$/);
          failed.push(index);
        });
      }
      assert.equal(world.items().length, 40 - failed.length);
      world.end();
      return failed;
    };
    assert.deepEqual(await failing(undefined), []);
    const seven = await failing("throttle=0.25,seed=7");
    assert.ok(seven.length >= 3 && seven.length <= 20, String(seven.length));
    assert.deepEqual(await failing("throttle=0.25,seed=7"), seven);
    assert.notDeepEqual(await failing("throttle=0.25,seed=8"), seven);
    assert.equal((await failing("throttle=1")).length, 40);
  });

  for (const text of ["throttle=2", "often", "throttle=0.1,sed=7"]) {
    it(`are not understood as ${text}`, () =>
      assert.throws(() => parseFaults(text), /write throttle=<0 to 1>,seed=<number>/));
  }
});

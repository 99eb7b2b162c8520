import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { placedIn, SettingsError, type Sharding, shardOf } from "../../components/settings";
import { readBase, shardsOf, writeShardFile, writeSharding } from "../../tenancy/base";
import { counted, movements, pinned } from "../../tenancy/movement";
import { lines } from "../support/settings";
import { temporaryFolder } from "../support/stack";

describe("the stack whose tenants are in shards", () => {
  const folder = temporaryFolder();
  before(() => {
    mkdirSync(join(folder.path, "tenants"));
    for (const name of ["shop", "news", "billing"]) folder.write(`tenants/${name}.yaml`, `owners: [${name}]\n`);
  });
  const qualify = (stack: string) => `acme/openchoreo/${stack}`;
  const file = (text: string) => folder.write("Pulumi.prod.yaml", text);
  const read = (shards?: number) => readBase({ folder: folder.path, root: folder.path, name: "prod", shards, qualify });
  const GOOD = [
    "secretsprovider: awskms://alias/prod",
    "config:",
    "  # What is made.",
    "  openchoreo:platform: { profile: production }",
    "  openchoreo:tenants: { from: tenants }",
    "  openchoreo:shard: { count: 4 }",
    "",
  ].join("\n");

  it("says where its tenants are, and each of them is in one shard", () => {
    file(GOOD);
    const base = read();
    assert.deepEqual(base, {
      name: "prod",
      platformStack: "acme/openchoreo/prod",
      tenants: { from: "tenants" },
      names: ["billing", "news", "shop"],
      hasPlatform: true,
      sharding: { count: 4, pins: {} },
      secretsProvider: "awskms://alias/prod",
    });
    const shards = shardsOf(base);
    assert.deepEqual(
      shards.map(({ stack }) => stack),
      ["prod-tenants-0", "prod-tenants-1", "prod-tenants-2", "prod-tenants-3"],
    );
    assert.deepEqual(shards.flatMap(({ tenants }) => tenants).sort(), base.names);
  });

  it("may be no stack itself, and name the platform's", () => {
    file("config: { openchoreo:platformStack: acme/openchoreo/hub, openchoreo:tenants: { from: tenants } }\n");
    const { platformStack, sharding } = read(16);
    assert.deepEqual([platformStack, sharding], ["acme/openchoreo/hub", { count: 16, pins: {} }]);
  });

  it("gives each shard a file of its own, without a secret, which keeps what Pulumi writes into it", () => {
    file(GOOD);
    const [, shard] = shardsOf(read());
    assert.ok(shard);
    const path = folder.write("Pulumi.prod-tenants-1.yaml", "encryptedkey: abc\nconfig: { old: 1 }\n");
    writeShardFile(folder.path, read(), shard);
    assert.deepEqual(parse(readFileSync(path, "utf8")), {
      encryptedkey: "abc",
      secretsprovider: "awskms://alias/prod",
      config: {
        "pulumi:disable-default-providers": ["kubernetes", "aws"],
        "openchoreo:platformStack": "acme/openchoreo/prod",
        "openchoreo:tenants": { from: "tenants" },
        "openchoreo:shard": { count: 4, index: 1 },
      },
    });
    writeShardFile(folder.path, read(), { index: 2, stack: "prod-tenants-2" });
    assert.ok(existsSync(join(folder.path, "Pulumi.prod-tenants-2.yaml")));
  });

  it("keeps its comments when the number of shards changes", () => {
    const path = file(GOOD);
    writeSharding(folder.path, "prod", { count: 5, pins: { shop: 2 } });
    const text = readFileSync(path, "utf8");
    assert.equal(text, GOOD.replace("{ count: 4 }", "{ count: 5, pins: { shop: 2 } }"));
  });

  const bad: readonly (readonly [title: string, text: string, shards: number | undefined, problem: string])[] = [
    [
      "another number of shards",
      GOOD,
      8,
      "Pulumi.prod.yaml: says 4 shards, not 8; to change their number: npm run tenants -- reshard --shards 8",
    ],
    [
      "tenants that it makes itself",
      GOOD.replace(/ {2}openchoreo:shard.*\n/, ""),
      8,
      "Pulumi.prod.yaml: has its tenants itself; leave them to shards by openchoreo:shard: { count: 8 }, and bring it up",
    ],
    [
      "no number at all",
      GOOD.replace(/ {2}openchoreo:shard.*\n/, ""),
      undefined,
      "Pulumi.prod.yaml: has no openchoreo:shard; say how many stacks share the tenants: { count: 4 }",
    ],
    [
      "a pin of nobody",
      GOOD.replace("count: 4", "count: 4, pins: { shpo: 1 }"),
      undefined,
      "shard.pins: there is no tenant shpo; remove the line",
    ],
    [
      "a pin to nowhere",
      GOOD.replace("count: 4", "count: 4, pins: { shop: 9 }"),
      undefined,
      "shard.pins.shop: there is no shard 9 among 4",
    ],
    [
      "no platform",
      "config: { openchoreo:tenants: { from: tenants }, openchoreo:shard: { count: 2 } }\n",
      undefined,
      "Pulumi.prod.yaml: has neither openchoreo:platform nor openchoreo:platformStack, so nobody knows where its tenants are",
    ],
    [
      "no tenants",
      "config: { openchoreo:platform: {}, openchoreo:shard: { count: 2 } }\n",
      undefined,
      "Pulumi.prod.yaml: has no tenants; name their folder: openchoreo:tenants",
    ],
    [
      "no such folder",
      GOOD.replace("from: tenants", "from: elsewhere"),
      undefined,
      'tenants.from: no folder "elsewhere" below the project\'s root',
    ],
    ["no YAML", "config: [", undefined, "Pulumi.prod.yaml:1: "],
  ];
  for (const [title, text, shards, problem] of bad) {
    it(`is refused with ${title}`, () => {
      file(text);
      assert.throws(
        () => read(shards),
        (error: unknown) => {
          assert.ok(error instanceof SettingsError);
          const [line = ""] = lines(error.problems);
          assert.ok(line.startsWith(problem), line);
          return true;
        },
      );
    });
  }

  it("may have its tenants itself, when they are to go into shards", () => {
    file(GOOD.replace(/ {2}openchoreo:shard.*\n/, ""));
    const call = { folder: folder.path, root: folder.path, name: "prod", qualify, reshard: true };
    const { hasPlatform, sharding } = readBase({ ...call, shards: 2 });
    assert.deepEqual([hasPlatform, sharding], [true, { count: 2, pins: {} }]);
    file(GOOD);
    assert.deepEqual(readBase({ ...call, shards: 8 }).sharding, { count: 4, pins: {} });
  });

  it("is refused where it has no file", () => {
    assert.throws(
      () => readBase({ folder: folder.path, root: folder.path, name: "none", qualify }),
      /Pulumi\.none\.yaml: there is no such file/,
    );
  });
});

describe("moving tenants by settings", () => {
  const names = Array.from({ length: 60 }, (_, index) => `tenant-${index}`);

  it("pins a tenant, unless the hash of its name says the same", () => {
    const home = shardOf("shop", 4);
    const away = (home + 1) % 4;
    const moved = pinned("shop", away, { count: 4, pins: { news: 0 } });
    assert.deepEqual(moved, { count: 4, pins: { news: 0, shop: away } });
    assert.deepEqual(pinned("shop", home, moved), { count: 4, pins: { news: 0 } });
  });

  /** The states of a base whose tenants are where these settings place them. */
  const placed = (sharding: Sharding) =>
    new Map(
      Array.from({ length: sharding.count }, (_, shard) => {
        return [`prod-tenants-${shard}`, names.filter((name) => placedIn(name, sharding) === shard)] as const;
      }),
    );
  const moves = (sharding: Sharding, held: ReadonlyMap<string, readonly string[]>) =>
    movements({ name: "prod", names, sharding }, held);

  it("moves nobody where all are where settings place them", () => {
    const sharding = { count: 4, pins: { "tenant-1": (shardOf("tenant-1", 4) + 1) % 4 } };
    assert.deepEqual(moves(sharding, placed(sharding)), []);
  });

  it("moves with one shard more only to that one", () => {
    const before = { count: 4, pins: { "tenant-1": (shardOf("tenant-1", 4) + 1) % 4 } };
    const found = moves(counted(before, 5), placed(before));
    assert.ok(found.length > 0);
    assert.deepEqual([...new Set(found.map(({ to }) => to))], ["prod-tenants-4"]);
  });

  it("moves with one shard less only what was in that one, and drops pins to it", () => {
    const before = { count: 5, pins: { "tenant-1": 4, "tenant-2": (shardOf("tenant-2", 4) + 1) % 4 } };
    const after = counted(before, 4);
    assert.deepEqual(after.pins, { "tenant-2": before.pins["tenant-2"] });
    const found = moves(after, placed(before));
    assert.deepEqual([...new Set(found.map(({ from }) => from))], ["prod-tenants-4"]);
    assert.ok(found.some(({ tenants }) => tenants.includes("tenant-1")));
  });

  it("moves everybody out of the platform's own stack, and leaves who belongs to nobody", () => {
    const found = moves({ count: 4, pins: {} }, new Map([["prod", [...names, "gone"]]]));
    assert.deepEqual(found.flatMap(({ tenants }) => tenants).sort(), [...names].sort());
    assert.ok(found.every(({ from }) => from === "prod"));
  });

  it("moves what is left to move after an interruption, also where both states have it", () => {
    const sharding = { count: 2, pins: { "tenant-1": 1, "tenant-2": 1 } };
    const held = new Map([
      ["prod-tenants-0", ["tenant-1", "tenant-2"]],
      ["prod-tenants-1", ["tenant-1"]],
    ]);
    assert.deepEqual(moves(sharding, held), [
      { from: "prod-tenants-0", to: "prod-tenants-1", tenants: ["tenant-1", "tenant-2"] },
    ]);
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { findingsIn, findingText } from "../../../scripts/compatibility/findings";
import { childId, type KeptState, readKept, writeKept } from "../../../scripts/compatibility/kept";
import { type Registering, registeredBy } from "../../../scripts/compatibility/program";
import { ROOT } from "../../support/stack";

/** A program's resources after a change of some; ids follow from the names and types of ancestors, as in the engine. */
function changed(program: readonly Registering[], change: (one: Registering) => Partial<Registering>): Registering[] {
  const ids = new Map<string, string>();
  const later = program.map((one) => {
    const next = { ...one, ...change(one) };
    // A parent that the change does not name is the same one, whatever it is called now.
    const parent = next.parent === one.parent && one.parent !== undefined ? ids.get(one.parent) : next.parent;
    const id = childId(parent, next.type, next.name);
    ids.set(one.id, id);
    return { ...next, parent, id };
  });
  const now = (id: string) => ids.get(id) ?? id;
  return later.map((one) => ({
    ...one,
    provider: one.provider && now(one.provider),
    sources: Object.fromEntries(Object.entries(one.sources).map(([path, from]) => [path, from.map(now)])),
  }));
}

/** The same for one resource. */
function changedOne(program: readonly Registering[], id: string, change: (one: Registering) => Partial<Registering>) {
  assert.ok(
    program.some((one) => one.id === id),
    `no ${id}`,
  );
  return changed(program, (one) => (one.id === id ? change(one) : {}));
}

const EKS = "openchoreo:clusters:EksCluster";
const BUCKETS = `${EKS}$openchoreo:clusters:EksBuckets`;
const BUCKET = `${BUCKETS}$aws:s3/bucket:Bucket::us-east.buckets-backups`;
const DATA = "openchoreo:tenants:Cell$kubernetes:core/v1:Namespace::us-east.shop-store-production-data";

describe("what a later program does to a kept state", () => {
  let program: Registering[];
  let state: KeptState;
  before(async () => {
    program = await registeredBy(ROOT, "prod");
    state = readKept(writeKept({ version: "0.0.1", stack: "prod", from: "program", resources: program }));
  });

  const lost = (later: readonly Registering[]) => findingsIn(state, later).map(findingText);
  const gone = (id: string) => `${id} is gone: nothing has its URN, or an alias of it`;

  it("is read as it was written", () => {
    const plain = program.map(({ aliases: _, remote: __, ...rest }) => rest);
    assert.deepEqual(JSON.parse(JSON.stringify(state.resources)), JSON.parse(JSON.stringify(plain)));
  });

  it("is nothing where it is the same", () => assert.deepEqual(lost(program), []));

  it("is found where something protected goes", () => {
    const [first, ...others] = lost(program.filter(({ id }) => id !== BUCKET));
    assert.equal(first, gone(BUCKET));
    // What belongs to the bucket would belong to another one.
    for (const other of others) assert.match(other, / is replaced: bucket comes from a new one, /);
    assert.equal(others.length, 6);
  });

  describe("renamed resource", () => {
    const rename = (aliases: Registering["aliases"]) =>
      changedOne(program, BUCKET, () => ({ name: "us-east.buckets-archive", aliases }));

    it("is lost without an alias", () => assert.ok(lost(rename([])).includes(gone(BUCKET))));

    it("is lost with the alias of another name", () => {
      assert.ok(lost(rename([{ name: "us-east.buckets-back" }])).includes(gone(BUCKET)));
    });

    it("is kept with an alias of its name, or of its URN", () => {
      assert.deepEqual(lost(rename([{ name: "us-east.buckets-backups" }])), []);
      assert.deepEqual(lost(rename([{ urn: `urn:pulumi:prod::openchoreo::${BUCKET}` }])), []);
    });
  });

  describe("component of another name", () => {
    /** Children are called after it, as everywhere in the program. */
    const rename = (aliases: Registering["aliases"]) =>
      changed(program, ({ id, name }) => {
        if (id === `${BUCKETS}::us-east.buckets`) return { name: "us-east.stores", aliases };
        return id.startsWith(`${BUCKETS}$`) && name.startsWith("us-east.buckets")
          ? { name: name.replace("us-east.buckets", "us-east.stores") }
          : {};
      });

    it("loses its children without an alias", () => {
      const found = lost(rename([]));
      assert.equal(found.filter((line) => line.includes("aws:s3/bucket:Bucket::us-east.buckets-")).length, 6);
    });

    it("keeps them with one", () => assert.deepEqual(lost(rename([{ name: "us-east.buckets" }])), []));
  });

  describe("component of another type", () => {
    const retype = (aliases: Registering["aliases"]) =>
      changed(program, ({ type }) => (type === EKS ? { type: "openchoreo:clusters:ManagedCluster", aliases } : {}));

    it("loses all below it without an alias", () => {
      const found = lost(retype([]));
      assert.ok(found.includes(gone(BUCKET)));
      assert.ok(found.length > 50);
    });

    it("keeps all below it with one", () => assert.deepEqual(lost(retype([{ type: EKS }])), []));
  });

  describe("resource with another parent", () => {
    const move = (aliases: Registering["aliases"]) =>
      changedOne(program, BUCKET, () => ({ parent: undefined, aliases }));

    it("is lost without an alias", () => assert.ok(lost(move([])).includes(gone(BUCKET))));
    it("is kept with the alias of its parent", () => {
      assert.deepEqual(lost(move([{ parentUrn: `${BUCKETS}::us-east.buckets` }])), []);
    });
  });

  const replaced: readonly (readonly [string, string, (one: Registering) => Partial<Registering>, string])[] = [
    [
      "another name of a bucket",
      BUCKET,
      ({ fixed }) => ({ fixed: { ...fixed, bucket: "archive" } }),
      `${BUCKET} is replaced: bucket: "prod-us-east-backups-111122223333" → "archive"`,
    ],
    [
      "a name that is not given any more",
      BUCKET,
      () => ({ fixed: {} }),
      `${BUCKET} is replaced: bucket: "prod-us-east-backups-111122223333" → nothing`,
    ],
    [
      "another name of a namespace",
      DATA,
      ({ fixed }) => ({ fixed: { ...fixed, "metadata.name": "data" } }),
      `${DATA} is replaced: metadata.name: "shop-store-production-data" → "data"`,
    ],
    ["no protection", BUCKET, () => ({ protect: false }), `${BUCKET} is not protected any more: protect`],
    [
      "removal with the stack",
      BUCKET,
      () => ({ retain: false }),
      `${BUCKET} is not protected any more: retainOnDelete`,
    ],
  ];
  for (const [title, id, change, expected] of replaced)
    it(`is found: ${title}`, () => {
      assert.deepEqual(lost(changedOne(program, id, change)), [expected]);
    });

  it("is found where a value that arrives late comes from elsewhere", () => {
    const cluster = program.find(
      ({ type, fixed }) => type === "aws:eks/cluster:Cluster" && Object.values(fixed).includes("(late)"),
    );
    const { id, sources } = cluster ?? assert.fail("no EKS cluster with late inputs");
    const [path = "", from = []] = Object.entries(sources)[0] ?? [];
    const other = program.find(({ type }) => type === "aws:kms/key:Key" && !from.includes(type))?.id ?? assert.fail();
    const later = changedOne(program, id, () => ({ sources: { ...sources, [path]: [other] } }));
    const [found, ...more] = lost(later);
    assert.ok(
      found?.startsWith(`${id} is replaced: ${path} comes from ${other}, and came from ${from.join(", ")}`),
      found,
    );
    assert.deepEqual(more, []);
  });

  it("is found for all that a provider manages, where that is another one", () => {
    const { provider = "" } = program.find(({ id }) => id === DATA) ?? assert.fail();
    const moved = changedOne(program, provider, () => ({ fixed: { clusterIdentifier: "prod/other" } }));
    const found = lost(moved);
    assert.ok(found.includes(`${DATA} is replaced: its provider is, ${provider}`));
    assert.ok(found.length > 100);
    const other = program.find(({ type, id }) => type === "pulumi:providers:kubernetes" && id !== provider)?.id;
    const handed = lost(changedOne(program, DATA, () => ({ provider: other })));
    assert.deepEqual(handed, [`${DATA} has another provider: ${provider} before, ${other} now`]);
  });
});

/** A resource that stands alone, and stays when its stack goes. */
function alone(type: string, fixed: Registering["fixed"], more: Partial<Registering> = {}): Registering {
  const facts = { name: "one", protect: false, retain: true, remote: false, sources: {}, aliases: [] };
  return { id: `${type}::one`, type, fixed, ...facts, ...more };
}

/** What would be done to one resource that stands alone, if its inputs were others. */
function fate(type: string, before: Registering["fixed"], after: Registering["fixed"]): string[] {
  return findingsIn({ resources: [alone(type, before)] }, [alone(type, after)]).map(({ what }) => what);
}

describe("an input that a program does not say", () => {
  const cases: readonly (readonly [string, string, Registering["fixed"], readonly string[]])[] = [
    ["the namespace default", "kubernetes:core/v1:Secret", { "metadata.namespace": "default" }, []],
    ["no other namespace", "kubernetes:core/v1:Secret", { "metadata.namespace": "data" }, ["is replaced"]],
    ["what AWS fills in", "aws:ec2/vpc:Vpc", { instanceTenancy: "default" }, []],
    ["nothing that AWS would not fill in", "aws:ec2/vpc:Vpc", { instanceTenancy: "dedicated" }, ["is replaced"]],
    ["no value that is not known yet", "aws:ec2/vpc:Vpc", { cidrBlock: "(late)" }, ["is replaced"]],
  ];
  for (const [title, type, fixed, expected] of cases)
    it(`is ${title}`, () => {
      assert.deepEqual(fate(type, {}, fixed), expected);
      assert.deepEqual(fate(type, fixed, {}), expected);
    });
});

describe("what a provider makes as a part of another resource", () => {
  const chart = alone("kubernetes:helm.sh/v4:Chart", {}, { remote: true });
  const kind = alone("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {}, { parent: chart.id });
  const state = { resources: [chart, { ...kind, id: childId(chart.id, kind.type, kind.name) }] };

  it("is out of the program's sight as long as that is there", () => assert.deepEqual(findingsIn(state, [chart]), []));

  it("goes with it", () => {
    assert.deepEqual(
      findingsIn(state, []).map(({ what }) => what),
      ["is gone", "is gone"],
    );
  });
});

describe("a URN that another resource names as its alias", () => {
  const KEY = "aws:kms/key:Key";

  it("is that of the resource that still has it", () => {
    const heir = alone(KEY, { customKeyStoreId: "x" }, { id: `${KEY}::two`, name: "two", aliases: [{ name: "one" }] });
    assert.deepEqual(findingsIn({ resources: [alone(KEY, {})] }, [heir, alone(KEY, {})]), []);
    const found = findingsIn({ resources: [alone(KEY, {})] }, [heir]);
    assert.deepEqual(found.map(findingText), [`${KEY}::one is replaced: customKeyStoreId: nothing → "x"`]);
  });
});

describe("the settings of a kept version", () => {
  it("are those that its folder has", async () => {
    await assert.rejects(registeredBy(join(ROOT, "test/compatibility"), "prod"), /there is no such file/);
  });
});

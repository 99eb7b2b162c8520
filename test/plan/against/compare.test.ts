import assert from "node:assert/strict";
import { compare } from "../../../plan/against/compare";
import { replacesOn } from "../../../plan/against/force-new";
import { impactOf } from "../../../plan/against/impact";
import { changedProperties, shortValue } from "../../../plan/against/properties";
import { planResource as resource } from "../../support/plan-resource";

describe("changed properties", () => {
  const cases: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
    ["nothing", { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ["another order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["a value", { a: { b: 1 } }, { a: { b: 2 } }, ["a.b: 1 → 2"]],
    ["a key more and one less", { a: 1 }, { b: 1 }, ["a: 1 → undefined", "b: undefined → 1"]],
    ["an item", { a: ["x", "y"] }, { a: ["x", "z"] }, ["a[1]: y → z"]],
    [
      "an item in front of named ones",
      [{ name: "b", v: 1 }],
      [
        { name: "a", v: 0 },
        { name: "b", v: 2 },
      ],
      ["[b].v: 1 → 2", '[a]: undefined → {"name":"a","v":0}'],
    ],
    ["a key with dots", { "x.y/z": 1 }, { "x.y/z": 2 }, ['["x.y/z"]: 1 → 2']],
    ["another kind of value", { a: [1] }, { a: { b: 1 } }, ['a: [1] → {"b":1}']],
    ["null", { a: null }, { a: 1 }, ["a: null → 1"]],
  ];
  for (const [title, before, after, expected] of cases)
    it(`are those of ${title}`, () => {
      const found = changedProperties(before, after).map(
        (one) => `${one.path}: ${shortValue(one.before)} → ${shortValue(one.after)}`,
      );
      assert.deepEqual(found, expected);
    });

  it("are shown as one short line", () => {
    assert.equal(shortValue(`a\n  b`), "a b");
    assert.equal(shortValue("x".repeat(500))?.length, 160);
  });
});

describe("what replaces a resource", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["kubernetes:core/v1:ConfigMap", "metadata.name", true],
    ["kubernetes:core/v1:ConfigMap", "metadata.labels.name", false],
    ["kubernetes:core/v1:ConfigMap", "data.name", false],
    ["kubernetes:apps/v1:Deployment", "spec.selector.matchLabels.app", true],
    ["kubernetes:apps/v1:Deployment", "spec.replicas", false],
    ["kubernetes:apps/v1:StatefulSet", "spec.volumeClaimTemplates[data].spec.resources", true],
    ["kubernetes:storage.k8s.io/v1:StorageClass", "parameters.type", true],
    ["kubernetes:helm.sh/v3:Release", "namespace", true],
    ["kubernetes:helm.sh/v3:Release", "values.name", false],
    ["aws:ec2/vpc:Vpc", "cidrBlock", true],
    ["aws:ec2/vpc:Vpc", "tags.owner", false],
    ["tls:index/privateKey:PrivateKey", "algorithm", true],
    ["tls:index/locallySignedCert:LocallySignedCert", "earlyRenewalHours", false],
    ["random:index/randomPassword:RandomPassword", "length", true],
  ];
  for (const [type, path, expected] of cases)
    it(`is ${expected ? "" : "not "}${path} of ${type}`, () => assert.equal(replacesOn(type, path), expected));
});

describe("differences of two plans", () => {
  const kept = resource("kept", "kubernetes:core/v1:ConfigMap", { data: { a: "1" } });
  const gone = resource("gone", "kubernetes:core/v1:ConfigMap", {});
  const changed = (value: string) => resource("changed", "kubernetes:core/v1:ConfigMap", { data: { a: value } });
  const renamed = (name: string) =>
    resource("renamed", "kubernetes:core/v1:ConfigMap", { metadata: { name } }, { tenant: "shop" });
  const made = resource("made", "aws:ec2/vpc:Vpc", {}, { cluster: undefined, area: "clusters" });
  const group = resource("group", "openchoreo:addons:Addon", {}, { managed: false });
  const before = { resources: [kept, gone, changed("1"), renamed("a")] };
  const after = { resources: [kept, changed("2"), renamed("b"), made, group] };
  const found = compare(before, after, "before");

  it("are each of its kind", () => {
    assert.deepEqual(found.resources.map(({ name, kind }) => [name, kind]).sort(), [
      ["changed", "changed"],
      ["gone", "deleted"],
      ["made", "created"],
      ["renamed", "replaced"],
    ]);
    assert.equal(found.unchanged, 1);
  });

  it("name what differs", () => {
    const one = found.resources.find(({ name }) => name === "renamed");
    assert.deepEqual(one?.properties, [{ path: "metadata.name", before: "a", after: "b", replaces: true }]);
  });

  it("see an option that changes", () => {
    const { resources } = compare({ resources: [kept] }, { resources: [{ ...kept, protect: true }] }, "before");
    assert.deepEqual(resources[0]?.properties, [
      { path: "(option) protect", before: "false", after: "true", replaces: false },
    ]);
  });

  it("mean something for clusters, waves and tenants", () => {
    const cluster = {
      planes: ["data"],
      provider: "existing",
      drained: false,
      objectStore: { place: "server" },
      addons: [],
    } as const;
    const east = { ...cluster, name: "east", wave: 1 };
    const west = { ...cluster, name: "west", wave: 2 };
    const component = (...clusters: readonly string[]) => ({
      component: "shop/store/web",
      type: "service",
      clusters,
      replicas: 1,
      uses: [],
    });
    const tenant = (...clusters: readonly string[]) => [
      { name: "shop", owners: [], environments: [], components: [component(...clusters)], databases: [] },
    ];
    const rest = { endpoints: [], certificates: [] };
    const impact = impactOf(
      { clusters: [east], tenants: tenant("east"), ...rest },
      { clusters: [east, west], tenants: tenant("east", "west"), ...rest },
      found,
    );
    assert.deepEqual(
      impact.clusters.map(({ name, wave, fate, counts }) => [name, wave, fate, counts]),
      [
        ["east", 1, "stays", { created: 0, changed: 1, replaced: 1, deleted: 1 }],
        ["west", 2, "joins", { created: 0, changed: 0, replaced: 0, deleted: 0 }],
      ],
    );
    assert.deepEqual(impact.fleet, { created: 1, changed: 0, replaced: 0, deleted: 0 });
    assert.deepEqual(impact.tenants, [
      {
        name: "shop",
        why: [
          "shop/store/web moves from east to east, west",
          "resources of its own: 1 replaced",
          "runs on east, where what it runs on differs: networking (1 changed, 1 replaced, 1 deleted)",
        ],
      },
    ]);
  });
});

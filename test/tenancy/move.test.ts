import assert from "node:assert/strict";
import fc from "fast-check";
import { stateOf as readState } from "../../tenancy/state/files";
import { moveTenants } from "../../tenancy/state/move";
import { isEmpty, resourcesOf, type StackState, type StateResource, tenantsIn } from "../../tenancy/state/state";
import { cellOf, EMPTY, mapOf, providerOf, rootOf, stateOf, urnOf } from "./states";

const [A, B] = ["prod-tenants-0", "prod-tenants-1"];

const move = (from: StackState, to: StackState, ...tenants: string[]) =>
  moveTenants({ stack: A, state: from }, { stack: B, state: to }, tenants);

function find(state: StackState, urn: string): StateResource {
  return resourcesOf(state).find((one) => one.urn === urn) ?? assert.fail(`no ${urn}`);
}

const urns = (state: StackState) => resourcesOf(state).map(({ urn }) => urn);

/** What the engine checks of every state: everything that is named stands before what names it. */
function assertWhole(state: StackState): void {
  const seen = new Set<string>();
  for (const { urn, parent, provider, dependencies = [], propertyDependencies = {} } of resourcesOf(state)) {
    const named = [parent, ...dependencies, ...Object.values(propertyDependencies).flatMap((list) => list ?? [])];
    for (const other of named) assert.ok(other === undefined || seen.has(other), `${urn} before ${other}`);
    if (provider !== undefined) {
      const [owner = "", id] = [
        provider.slice(0, provider.lastIndexOf("::")),
        provider.slice(provider.lastIndexOf("::") + 2),
      ];
      assert.ok(seen.has(owner), `${urn} before its provider`);
      assert.equal(find(state, owner).id, id);
    }
    assert.ok(!seen.has(urn), `${urn} twice`);
    seen.add(urn);
  }
}

describe("the form of a state", () => {
  const shop = stateOf(A, { shop: undefined });
  const newer = { ...shop, version: 4, features: ["views", "refreshBeforeUpdate"] };

  it("goes with the resources that make use of it", () => {
    const { from, to } = move(newer, { ...EMPTY, version: 4, features: ["views", "taint"] }, "shop");
    assert.deepEqual([to.version, to.features], [4, ["refreshBeforeUpdate", "taint", "views"]]);
    assert.deepEqual([from.version, from.features], [4, newer.features]);
  });

  it("stays where nothing new comes", () => {
    const { to } = move(shop, EMPTY, "shop");
    assert.deepEqual([to.version, "features" in to], [3, false]);
    assert.equal(move(shop, { ...EMPTY, version: 4, features: ["views"] }, "shop").to.version, 4);
  });

  it("is read in the versions that are known", () => {
    assert.deepEqual(readState({ version: 4, features: ["views"], deployment: {} }), {
      version: 4,
      features: ["views"],
      deployment: {},
    });
    assert.deepEqual(readState({ version: 3, deployment: {} }), { version: 3, deployment: {} });
    for (const version of [2, 5]) {
      assert.throws(
        () => readState({ version, deployment: {} }),
        new RegExp(`version ${version}, and this program reads`),
      );
    }
  });
});

describe("moving a tenant between states", () => {
  const from = stateOf(A, { shop: undefined, news: "shop" });
  const to = stateOf(B, { billing: undefined });
  const moved = move(from, to, "shop");

  it("takes its resources from one to the other, and nobody else's", () => {
    assert.equal(moved.resources, 2);
    assert.deepEqual([...tenantsIn(moved.from).keys()], ["news"]);
    assert.deepEqual([...tenantsIn(moved.to).keys()], ["billing", "shop"]);
    assertWhole(moved.from);
    assertWhole(moved.to);
  });

  it("gives them the other stack's name, root and provider", () => {
    const map = find(moved.to, mapOf(B, "shop"));
    assert.equal(map.id, "shop-store-production/map");
    assert.equal(map.parent, cellOf(B, "shop"));
    assert.equal(map.provider, providerOf(B, "east"));
    assert.deepEqual(map.dependencies, [cellOf(B, "shop")]);
    assert.deepEqual(map.propertyDependencies, { data: [], metadata: null });
    assert.equal(find(moved.to, cellOf(B, "shop")).parent, rootOf(B));
    assert.ok(!JSON.stringify(moved.to).includes(A), "the other stack's name is left somewhere");
  });

  it("renames what values hold of it, and leaves secrets as they are", () => {
    const { inputs, outputs } = find(moved.to, mapOf(B, "shop"));
    assert.equal(Reflect.get(Object(outputs?.cell), "urn"), cellOf(B, "shop"));
    assert.deepEqual(inputs, find(from, mapOf(A, "shop")).inputs);
  });

  it("changes nothing else of either state", () => {
    assert.deepEqual(find(moved.to, mapOf(B, "billing")), find(to, mapOf(B, "billing")));
    assert.deepEqual(moved.to.deployment.secrets_providers, { type: B });
    assert.deepEqual(
      find(moved.from, urnOf(A, "pulumi:providers:kubernetes", "east")),
      find(from, urnOf(A, "pulumi:providers:kubernetes", "east")),
    );
    assert.deepEqual(from, stateOf(A, { shop: undefined, news: "shop" }), "the argument was changed");
  });

  it("lets go what a tenant that stays waited for", () => {
    const news = find(moved.from, mapOf(A, "news"));
    assert.deepEqual(news.dependencies, [cellOf(A, "news")]);
    assert.deepEqual(news.propertyDependencies, { data: [], metadata: null });
  });

  it("says in both roots whose tenants are where", () => {
    assert.deepEqual(find(moved.from, rootOf(A)).outputs, { tenants: ["news"], elsewhere: "kept" });
    assert.deepEqual(find(moved.to, rootOf(B)).outputs, { tenants: ["billing", "shop"], elsewhere: "kept" });
  });

  it("takes a copy of the provider, and the root, along to a stack that is empty", () => {
    const first = move(from, EMPTY, "shop");
    assertWhole(first.to);
    assert.deepEqual(urns(first.to), [
      rootOf(B),
      urnOf(B, "pulumi:providers:kubernetes", "east"),
      cellOf(B, "shop"),
      mapOf(B, "shop"),
    ]);
    assert.deepEqual(find(first.to, rootOf(B)).outputs, { tenants: ["shop"] });
    assert.equal(
      find(first.to, mapOf(B, "shop")).provider,
      `${urnOf(B, "pulumi:providers:kubernetes", "east")}::east-id-of-${A}`,
    );
  });

  it("comes to the same state by way of the other one and back", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 7 }), (all, count) => {
        const before = stateOf(A, Object.fromEntries(all.map((name) => [name, undefined])));
        const some = all.slice(0, count);
        const there = moveTenants({ stack: A, state: before }, { stack: B, state: to }, some);
        const back = moveTenants({ stack: B, state: there.to }, { stack: A, state: there.from }, some);
        const sorted = (state: StackState) =>
          [...resourcesOf(state)]
            .sort((a, b) => (a.urn < b.urn ? -1 : 1))
            .map((one) =>
              one.type === "pulumi:pulumi:Stack"
                ? { ...one, outputs: { ...one.outputs, tenants: [...all].sort() } }
                : one,
            );
        assertWhole(there.from);
        assertWhole(there.to);
        assert.deepEqual(sorted(back.to), sorted(before));
      }),
    );
  });

  it("ends a move that was interrupted after the target was written", () => {
    const again = move(from, moved.to, "shop");
    assert.equal(again.to, moved.to);
    assert.deepEqual(again.from, moved.from);
    const both = move(from, moved.to, "shop", "news");
    assertWhole(both.to);
    assert.deepEqual([...tenantsIn(both.to).keys()], ["billing", "shop", "news"]);
    assert.deepEqual([...tenantsIn(both.from).keys()], []);
  });

  it("leaves an empty stack when everybody has gone", () => {
    assert.equal(isEmpty(from), false);
    assert.equal(isEmpty(move(from, to, "shop", "news").from), true);
  });

  const pending = (state: StackState): StackState => ({
    ...state,
    deployment: { ...state.deployment, pending_operations: [{ type: "creating" }] },
  });
  const half = { ...moved.to, deployment: { ...moved.to.deployment, resources: resourcesOf(moved.to).slice(0, -1) } };
  const cases: readonly (readonly [title: string, from: StackState, to: StackState, message: RegExp])[] = [
    [
      "the source has pending operations",
      pending(from),
      to,
      new RegExp(`^stack ${A} has 1 pending operations,.* pulumi refresh`),
    ],
    ["the target has pending operations", from, pending(to), new RegExp(`^stack ${B} has 1 pending operations`)],
    ["the target has a part of it already", from, half, new RegExp(`^stack ${B} has a part of shop already$`)],
  ];
  for (const [title, source, target, message] of cases) {
    it(`is refused where ${title}`, () => assert.throws(() => move(source, target, "shop"), { message }));
  }
});

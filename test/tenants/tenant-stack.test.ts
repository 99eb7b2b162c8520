import assert from "node:assert/strict";
import { shardOf } from "../../components/settings";
import { runFleet } from "../support/fleet";
import type { Stacks } from "../support/mocks";
import type { Run } from "../support/program";
import { edit, good, type Json } from "../support/settings";
import { object } from "../support/stack";
import { outputsOf, PLATFORM_STACK, platform, runTenantStack, tenantStack } from "../support/tenant-stacks";

const { shop } = good().tenants as Record<string, Json>;
const TENANTS: Json = { shop };
const NAMES = Array.from({ length: 12 }, (_, index) => `team-${index}`);

const withDatabase = (engine: string): Json => ({
  shop: edit(shop ?? {}, { "projects.store.databases.cache": { engine, size: "1Gi" } }),
});

/** Kinds of component that belong to a platform. */
const PLATFORM_TYPES = /^openchoreo:(addons|clusters|mesh|trust|bootstrap)|^kubernetes:helm|^tls:|^random:|^aws:/;

/** Everything but providers, as it is registered: what a stack makes, whoever made the platform. */
function tenantsOf({ graph }: Run, tenant: string) {
  const own = new RegExp(`(^|[.-])${tenant}([.-]|$)`);
  return graph.resources
    .filter(({ name, type }) => own.test(name) && !type.startsWith("pulumi:providers:"))
    .map(({ type, name, inputs, parent, provider }) => ({ type, name, inputs, parent, provider }));
}

describe("a stack of tenants alone", () => {
  let made: Run;
  let stacks: Stacks;
  let run: Run;
  before(async () => {
    ({ run: made, stacks } = await platform());
    run = await runTenantStack({ stacks, tenants: TENANTS });
  });

  it("makes no cluster, add-on or link, but providers and what belongs to tenants", () => {
    assert.ok(run.graph.resources.length > 20);
    assert.deepEqual(
      run.graph.resources.filter(({ type }) => PLATFORM_TYPES.test(type)).map(({ name }) => name),
      [],
    );
  });

  it("makes exactly what the platform's own stack would make of the same tenants", async () => {
    const whole = await platform({ tenants: TENANTS });
    assert.ok(tenantsOf(run, "shop").length > 20);
    assert.deepEqual(tenantsOf(run, "shop"), tenantsOf(whole.run, "shop"));
  });

  it("reaches clusters by the kubeconfigs that the other stack puts out, as the clusters' own stack does", () => {
    const providers = (one: Run) =>
      one.graph.resources
        .filter(({ type }) => type === "pulumi:providers:kubernetes")
        .map(({ name, inputs }) => [name, inputs.clusterIdentifier, inputs.kubeconfig]);
    assert.deepEqual(providers(run), providers(made));
  });

  it("says whose tenant each of its resources is, so that it can be moved", () => {
    const top = run.graph.resources.filter(({ parent, custom }) => parent === undefined && !custom);
    assert.deepEqual([...new Set(top.map(({ type }) => type))].sort(), [
      "openchoreo:planes:Organization",
      "openchoreo:tenants:Cell",
      "openchoreo:tenants:Projects",
    ]);
    const loose = run.graph.resources.filter(({ parent, custom, type }) => {
      return parent === undefined && custom && !type.startsWith("pulumi:providers:");
    });
    assert.deepEqual(
      loose.map(({ name }) => name),
      [],
    );
    for (const { name, urn } of top) assert.equal(run.componentOutputs.get(urn)?.tenant, "shop", name);
  });

  it("puts out whose tenants they are, and nothing of a platform", () => {
    assert.deepEqual(Object.keys(run.outputs).sort(), ["sharing", "tenants"]);
    assert.deepEqual(run.outputs.tenants, ["shop"]);
    assert.equal(object(run.outputs.sharing).platformStack, PLATFORM_STACK);
  });

  it("takes only the tenants of its shard, and all shards together are all of them", async () => {
    const tenants = Object.fromEntries(NAMES.map((name) => [name, { ...shop, projects: {} }]));
    const taken: unknown[] = [];
    for (const index of [0, 1, 2]) {
      const one = await runTenantStack({ stacks, tenants, shard: { count: 3, index }, before: [] });
      taken.push(one.outputs.tenants);
    }
    taken.forEach((names, index) => {
      assert.deepEqual(names, NAMES.filter((name) => shardOf(name, 3) === index).sort());
    });
  });

  it("checks all tenants, whichever it takes", async () => {
    const host = { "projects.store.components.web.expose.host": "same.choreo.test" };
    const tenants = { a: edit(shop ?? {}, host), b: edit(shop ?? {}, host) };
    for (const index of [0, 1]) {
      const { errors } = await tenantStack({ stacks, tenants, shard: { count: 2, index }, before: [] });
      assert.match(
        errors[0]?.message ?? "",
        /tenants\.b\.projects\.store\.components\.web\.expose\.host: "same\.choreo\.test" is taken by/,
      );
    }
  });

  it("is not the platform's any more where the platform has shards", async () => {
    const sharded = await platform({ tenants: TENANTS, shard: { count: 2 } });
    assert.deepEqual(tenantsOf(sharded.run, "shop"), []);
    const { sharing, tenants } = outputsOf(sharded.run);
    assert.deepEqual([tenants, object(sharing).shards], [[], { count: 2, pins: {} }]);
  });

  const cases: readonly (readonly [title: string, args: Partial<Parameters<typeof tenantStack>[0]>, error: RegExp])[] =
    [
      [
        "a platform that was never brought up",
        { stacks: {} },
        /stack acme\/openchoreo\/test has no output "platform"; bring it up first/,
      ],
      ["no shard of that number", { shard: { count: 2, index: 2 } }, /shard\.index: there is no shard 2 among 2/],
      ["no index", { shard: { count: 2 } }, /shard\.index: required: which of the 2 shards this stack is, from 0/],
      ["a stack's name that is none", { platformStack: "prod" }, /platformStack: not a fully qualified stack name/],
      [
        "a cluster that does not answer",
        { unreachable: { "east.api.test": "timeout" } },
        /platformStack: cluster east of acme\/openchoreo\/test: its API server east\.api\.test:6443 cannot be reached \(timeout\)/,
      ],
      [
        "a placement on a cluster without the data plane",
        { tenants: { shop: edit(shop ?? {}, { "projects.store.components.api.clusters": ["control"] }) } },
        /tenants\.shop\.projects\.store\.components\.api\.clusters\[0\]: "control" has no data plane; choose from east, west/,
      ],
      [
        "a database whose operator the platform does not have",
        { tenants: withDatabase("redis") },
        /tenants\.shop\.projects\.store\.databases\.cache\.engine: redis needs redis-operator, missing on east; switch on platform\.redis of stack acme\/openchoreo\/test/,
      ],
      [
        "a host name that the platform's gateways have no certificate for",
        { tenants: { shop: edit(shop ?? {}, { "projects.store.components.web.expose.host": "shop.test" }) } },
        /tenants\.shop\.projects\.store\.components\.web\.expose\.host: the gateway of east and west has no certificate for "shop\.test"/,
      ],
      [
        "a tenant that has not been moved",
        {
          shard: { count: 2, index: shardOf("shop", 2) === 0 ? 1 : 0 },
          stack: "test-tenants-9",
          before: ["shop", "gone"],
        },
        /stack test-tenants-9 has the resources of shop, which settings place in another shard; they would be deleted here\. Move them: npm run tenants -- move shop --from \d --to \d --stack test/,
      ],
    ];
  for (const [title, args, error] of cases) {
    it(`refuses ${title}, before anything is registered`, async () => {
      const { errors, graph } = await tenantStack({ stacks, tenants: TENANTS, ...args });
      assert.match(errors[0]?.message ?? "", error);
      assert.deepEqual(
        graph.resources.map(({ name }) => name),
        [],
      );
    });
  }

  it("refuses a rate limit that the platform's gateways do not count for; an older program did not say", async () => {
    const rateLimit = { "projects.store.components.web.expose.rateLimit": { global: { requests: 10 } } };
    const tenants = { shop: edit(shop ?? {}, rateLimit) };
    const { stacks: without } = await platform({ "platform.envoyGateway": { rateLimit: { enabled: false } } });
    const { errors, graph } = await tenantStack({ stacks: without, tenants });
    assert.match(
      errors[0]?.message ?? "",
      /expose\.rateLimit: nobody counts requests on east and west: .* switch on platform\.envoyGateway\.rateLimit\.enabled of stack acme\/openchoreo\/test/,
    );
    assert.deepEqual(graph.resources, []);
    const outputs = object(without[PLATFORM_STACK]);
    const clusters = object(object(outputs.platform).tenancy).clusters as readonly Json[];
    const older = clusters.map(({ rateLimits: _, ...rest }) => rest);
    const old = { [PLATFORM_STACK]: edit(outputs, { "platform.tenancy.clusters": older }) };
    await runTenantStack({ stacks: old, tenants });
  });

  it("refuses a platform of an older program", async () => {
    const outputs = object(stacks[PLATFORM_STACK]);
    const old = { [PLATFORM_STACK]: edit(outputs, { "platform.tenancy": undefined }) };
    const { errors } = await tenantStack({ stacks: old, tenants: TENANTS });
    assert.match(
      errors[0]?.message ?? "",
      /says nothing of tenants: it was brought up by an older program; bring it up again/,
    );
  });
});

describe("the platform's own stack, when its tenants go into shards", () => {
  it("is refused while they are in its state", async () => {
    await assert.rejects(
      runFleet({ shard: { count: 2 } }, { stacks: { [PLATFORM_STACK]: { tenants: ["shop"] } } }),
      /stack test has the resources of shop, which settings place in shards; they would be deleted here\. Move them: npm run tenants -- reshard --stack test --shards 2/,
    );
  });
});

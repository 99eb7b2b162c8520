import assert from "node:assert/strict";
import { placedIn } from "../../components/settings";
import type { Stacks } from "../support/mocks";
import type { Run } from "../support/program";
import { edit, type Json } from "../support/settings";
import { object } from "../support/stack";
import { outputsOf, PLATFORM_STACK, platform, runTenantStack, tenantStack } from "../support/tenant-stacks";

const IDENTITY = "acme/openchoreo/identity";
const POLICY = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";
const AUTHORIZATION = "kubernetes:security.istio.io/v1:AuthorizationPolicy";

const tenant = (owner: string, components: Json, more: Json = {}): Json => ({
  owners: [owner],
  environments: { production: {} },
  projects: { core: { components, ...more } },
});

/** The stack that shares an API, one that takes requests through a waypoint, and a database. */
const SHARED: Json = {
  identity: tenant(
    "identity",
    {
      api: { image: "id/api", port: 8080, sharedWith: ["shop"] },
      private: { image: "id/private", port: 8081 },
    },
    { databases: { users: { engine: "postgresql", size: "5Gi", sharedWith: ["*"] } } },
  ),
};

const user = (uses: readonly string[], more: Json = {}): Json => ({
  shop: tenant("shop", { web: { image: "shop/web", port: 3000, uses, ...more } }),
});
const API = `stack://${IDENTITY}/identity/core/api`;
const USERS = `stack://${IDENTITY}/identity/core/users`;

describe("a connection to a component of another stack", () => {
  let stacks: Stacks;
  let shared: Run;
  let run: Run;
  before(async () => {
    ({ stacks } = await platform());
    shared = await runTenantStack({ stacks, tenants: SHARED, stack: "identity" });
    stacks = { ...stacks, [IDENTITY]: outputsOf(shared) };
    run = await runTenantStack({ stacks, tenants: user([API]), stack: "shop" });
  });

  const spec = (one: Run, name: string, type = POLICY) => object(one.graph.get(name, type).inputs.spec);

  it("lets the caller out, on each of its clusters", () => {
    for (const cluster of ["east", "west"]) {
      const egress = JSON.stringify(spec(run, `${cluster}.shop-core-production.web`).egress);
      assert.match(
        egress,
        /"choreo\.dev\/component":"api","k8s:io\.kubernetes\.pod\.namespace":"identity-core-production"/,
      );
      assert.match(egress, /"port":"8080"/);
    }
  });

  it("lets the caller in, in the other's namespace on each of its clusters, by its identity and to this port alone", () => {
    for (const cluster of ["east", "west"]) {
      const name = `${cluster}.identity-core-production.api.for-shop`;
      const policy = run.graph.get(name, POLICY);
      assert.equal(policy.provider, cluster);
      assert.equal(object(policy.inputs.metadata).namespace, "identity-core-production");
      assert.deepEqual(spec(run, name).endpointSelector, { matchLabels: { "choreo.dev/component": "api" } });
      const ingress = JSON.stringify(spec(run, name).ingress);
      assert.match(
        ingress,
        /"choreo\.dev\/component":"web","k8s:io\.kubernetes\.pod\.namespace":"shop-core-production"/,
      );
      const { rules, action } = spec(run, name, AUTHORIZATION);
      assert.equal(action, "ALLOW");
      assert.deepEqual(rules, [
        {
          from: [{ source: { principals: ["cluster.local/ns/shop-core-production/sa/web"] } }],
          to: [{ operation: { ports: ["8080"] } }],
        },
      ]);
    }
  });

  it("leaves the policies of the other stack alone: names of these are nobody else's", () => {
    const names = (one: Run) =>
      one.graph.resources
        .filter(({ type }) => type === POLICY || type === AUTHORIZATION)
        .map(({ type, provider, inputs }) =>
          [type, provider, object(inputs.metadata).namespace, object(inputs.metadata).name].join(" "),
        );
    const both = [...names(shared), ...names(run)];
    assert.equal(new Set(both).size, both.length);
  });

  it("is among the stack's references, and its resources are its tenant's", () => {
    assert.deepEqual(object(run.outputs.sharing).references, [IDENTITY]);
    const admission = run.graph.resources.filter(({ type }) => type === "openchoreo:tenants:ForeignAdmission");
    assert.equal(admission.length, 2);
    for (const { urn } of admission) assert.equal(run.componentOutputs.get(urn)?.tenant, "shop");
  });

  it("goes as it came: without it, nothing is in the other's namespace", async () => {
    const { graph } = await runTenantStack({ stacks, tenants: user([]), stack: "shop" });
    assert.deepEqual(
      graph.resources.filter(({ name }) => name.includes("identity")),
      [],
    );
  });

  it("leads to a database too", async () => {
    const { graph } = await runTenantStack({ stacks, tenants: user([USERS], { clusters: ["east"] }), stack: "shop" });
    const policies = graph.resources.filter(({ name, type }) => type === POLICY && name.endsWith(".users.for-shop"));
    assert.deepEqual(
      policies.map(({ name }) => name),
      ["east.identity-core-production-data.users.for-shop"],
    );
    assert.match(JSON.stringify(policies[0]?.inputs.spec), /"port":"5432"/);
  });

  it("leads two components of a project to one database: it is signed in to for each, and read once", async () => {
    const both = edit(user([USERS], { clusters: ["east"] }), {
      "shop.projects.core.components.jobs": { type: "worker", image: "shop/jobs", uses: [USERS], clusters: ["east"] },
    });
    const { graph } = await runTenantStack({ stacks, tenants: both, stack: "shop" });
    const stores = graph.resources.filter(({ type }) => type.endsWith(":SecretStore"));
    assert.equal(stores.length, 1);
    for (const name of ["web", "jobs"])
      assert.match(
        JSON.stringify(object(graph.get(`east.shop-core-production.${name}`, POLICY).inputs.spec).egress),
        /"port":"5432"/,
      );
  });

  const READ = "east.shop-core-production.connections";
  const signIn = ({ graph }: Run) => graph.resources.filter(({ name }) => name.startsWith(`${READ}-`));

  it("signs in to a database by what is fetched from its namespace, which lets this caller read that", async () => {
    const tenants = user([USERS], { clusters: ["east"] });
    const made = await runTenantStack({ stacks, tenants, stack: "shop" });
    assert.deepEqual(
      signIn(made)
        .map(({ type, inputs }) => `${type.split(":").at(-1)} ${object(inputs.metadata).name}`)
        .sort(),
      [
        "ExternalSecret database.identity.core.users",
        "SecretStore databases.identity-core-production-data",
        "ServiceAccount database.reader",
      ],
    );
    const binding = made.graph.get(
      "east.identity-core-production-data.users.for-shop",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    );
    assert.deepEqual(binding.inputs.subjects, [
      { kind: "ServiceAccount", name: "database.reader", namespace: "shop-core-production" },
    ]);
    // What it names is the other stack's.
    const { name } = object(binding.inputs.roleRef);
    const roles = shared.graph.ofType("kubernetes:rbac.authorization.k8s.io/v1:Role");
    assert.ok(roles.some(({ provider, inputs }) => provider === "east" && object(inputs.metadata).name === name));
  });

  it("is left to bring the sign-in of a database itself where the other stack is of an older program", async () => {
    const workloads = object(object(stacks[IDENTITY]).sharing).workloads as readonly Json[];
    const older = workloads.map(({ connection: _, ...rest }) => rest);
    const old = { ...stacks, [IDENTITY]: edit(object(stacks[IDENTITY]), { "sharing.workloads": older }) };
    const tenants = user([USERS], { clusters: ["east"] });
    assert.deepEqual(signIn(await runTenantStack({ stacks: old, tenants, stack: "shop" })), []);
  });

  it("finds a database by the name that it has now, and its objects by the one that they were made under", async () => {
    const databases = "identity.projects.core.databases";
    const people = { engine: "postgresql", size: "5Gi", sharedWith: ["*"], renamedFrom: "users" };
    const renamed = edit(SHARED, { [`${databases}.users`]: undefined, [`${databases}.people`]: people });
    const other = await runTenantStack({ stacks, tenants: renamed, stack: "identity" });
    const made = await runTenantStack({
      stacks: { ...stacks, [IDENTITY]: outputsOf(other) },
      tenants: user([`stack://${IDENTITY}/identity/core/people`], { clusters: ["east"] }),
      stack: "shop",
    });
    assert.deepEqual(spec(made, "east.identity-core-production-data.users.for-shop").endpointSelector, {
      matchLabels: { "choreo.dev/component": "users" },
    });
    const names = signIn(made).map(({ inputs }) => object(inputs.metadata).name);
    assert.ok(names.includes("database.identity.core.people"));
  });

  it("goes through the other's waypoint, where it has one, with what its owner permits this caller", async () => {
    const mesh = { permissions: { "shop/core/web": { methods: ["GET"] } } };
    const tenants = edit(SHARED, {
      "identity.projects.core.components.api.mesh": mesh,
    });
    const other = await runTenantStack({ stacks, tenants, stack: "identity" });
    const through = await runTenantStack({
      stacks: { ...stacks, [IDENTITY]: outputsOf(other) },
      tenants: user([API]),
      stack: "shop",
    });
    const name = "east.identity-core-production.api.for-shop";
    assert.match(JSON.stringify(spec(through, name).endpointSelector), /gateway-name/);
    const authorization = spec(through, name, AUTHORIZATION);
    assert.deepEqual(authorization.targetRefs, [{ group: "", kind: "Service", name: "api" }]);
    assert.match(JSON.stringify(authorization.rules), /"methods":\["GET"\]/);
    const egress = JSON.stringify(spec(through, "east.shop-core-production.web").egress);
    assert.match(
      egress,
      /"gateway\.networking\.k8s\.io\/gateway-name":"waypoint","k8s:io\.kubernetes\.pod\.namespace":"identity-core-production"/,
    );
  });

  it("is found in the shard that has it, by the name of the platform's stack", async () => {
    const sharded = await platform({ tenants: SHARED, shard: { count: 3 } });
    const index = placedIn("identity", { count: 3, pins: {} });
    const shard = `${PLATFORM_STACK}-tenants-${index}`;
    const holder = await runTenantStack({
      stacks: sharded.stacks,
      tenants: SHARED,
      stack: `test-tenants-${index}`,
      shard: { count: 3, index },
      before: [],
    });
    const all = { ...sharded.stacks, [shard]: outputsOf(holder) };
    const found = await runTenantStack({
      stacks: all,
      tenants: user([`stack://${PLATFORM_STACK}/identity/core/api`]),
      stack: "shop",
    });
    assert.deepEqual(object(found.outputs.sharing).references, [shard]);
  });

  const path = "tenants.shop.projects.core.components.web.uses[0]";
  const cases: readonly (readonly [title: string, uses: string, message: string])[] = [
    [
      "the other stack does not share",
      `stack://${IDENTITY}/identity/core/private`,
      `${path}: stack ${IDENTITY} shares no "identity/core/private"; with "shop" it shares identity/core/api, identity/core/users`,
    ],
    [
      "the other stack does not have",
      `stack://${IDENTITY}/identity/core/tokens`,
      `${path}: stack ${IDENTITY} shares no "identity/core/tokens"`,
    ],
    [
      "is of a stack that was never brought up",
      "stack://acme/openchoreo/none/a/b/c",
      'stack acme/openchoreo/none has no output "sharing"; bring it up first',
    ],
  ];
  for (const [title, uses, message] of cases) {
    it(`is refused where what it names ${title}, and nothing is registered`, async () => {
      const { errors, graph } = await tenantStack({ stacks, tenants: user([uses]), stack: "shop" });
      assert.ok(errors[0]?.message.includes(message), errors[0]?.message);
      assert.deepEqual(
        graph.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:")),
        [],
      );
    });
  }

  it("is refused where the other speaks another version of the contract", async () => {
    const newer = { ...stacks, [IDENTITY]: edit(object(stacks[IDENTITY]), { "sharing.contract": 2 }) };
    const { errors } = await tenantStack({ stacks: newer, tenants: user([API]), stack: "shop" });
    assert.match(
      errors[0]?.message ?? "",
      /stack acme\/openchoreo\/identity speaks version 2 of the output contract, this program version 1; bring the older of the two up/,
    );
  });

  it("is refused where both stacks would refer to each other", async () => {
    const back = {
      ...stacks,
      [IDENTITY]: edit(object(stacks[IDENTITY]), { "sharing.references": ["acme/openchoreo/shop"] }),
    };
    const { errors } = await tenantStack({ stacks: back, tenants: user([API]), stack: "shop" });
    assert.match(
      errors[0]?.message ?? "",
      /stacks would refer to each other: acme\/openchoreo\/shop → acme\/openchoreo\/identity → acme\/openchoreo\/shop/,
    );
  });
});

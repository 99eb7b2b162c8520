import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { componentType, construct } from "../../../rehearsal/providers/kubernetes-cert-manager/component";
import { helmValues } from "../../../rehearsal/providers/kubernetes-cert-manager/values";
import { flattened, plainDeep, plainHere } from "../../../rehearsal/providers/kubernetes-cert-manager/wire";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly props: pulumi.Inputs;
  readonly parent: pulumi.Resource | undefined;
}

/** What `construct` registers, with inputs as the engine would get them. */
async function constructed(inputs: pulumi.Inputs): Promise<{ release: pulumi.Inputs; all: readonly Registered[] }> {
  const mocked = new Map<string, pulumi.Inputs>();
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs: seen }) => {
      mocked.set(type, seen);
      return { id: `${name}-id`, state: { ...seen, status: { name, status: "deployed" } } };
    },
    call: ({ inputs: seen }) => seen,
  });
  const all: Registered[] = [];
  const transformations: pulumi.ResourceTransformation[] = [
    ({ type, name, props, opts }) => {
      all.push({ type, name, props, parent: opts.parent });
      return undefined;
    },
  ];
  const result = await construct("cert-manager", componentType, inputs, { transformations });
  const status = await new Promise((resolve) => pulumi.output(result.state.status).apply(resolve));
  assert.deepEqual(status, { name: "cert-manager-helm", status: "deployed" });
  return { release: mocked.get("kubernetes:helm.sh/v3:Release") ?? {}, all };
}

describe("stand-in kubernetes-cert-manager: component", () => {
  it("makes one release, a child of the component", async () => {
    const { all } = await constructed({});
    const [component, release] = all;
    assert.deepEqual(
      all.map(({ type, name }) => [type, name]),
      [
        ["kubernetes-cert-manager:index:CertManager", "cert-manager"],
        ["kubernetes:helm.sh/v3:Release", "cert-manager-helm"],
      ],
    );
    assert.deepEqual(component?.props, {});
    assert.ok(pulumi.ComponentResource.isInstance(release?.parent));
  });

  it("defaults to the chart of jetstack's repository, and sends no values of its own", async () => {
    const { release } = await constructed({});
    assert.deepEqual(release, {
      chart: "cert-manager",
      compat: "true",
      repositoryOpts: { repo: "https://charts.jetstack.io" },
      values: {},
    });
  });

  const sources: readonly (readonly [string, pulumi.Inputs, pulumi.Inputs])[] = [
    ["an OCI chart", { chart: "oci://quay.io/jetstack/charts/cert-manager" }, { repo: "https://charts.jetstack.io" }],
    ["a packaged chart", { chart: "/charts/cert-manager.tgz", repositoryOpts: { repo: "" } }, { repo: "" }],
    [
      "a mirror with a user",
      { repositoryOpts: { repo: "https://a", username: "u" } },
      { repo: "https://a", username: "u" },
    ],
    ["only a user", { repositoryOpts: { username: "u" } }, { repo: "https://charts.jetstack.io", username: "u" }],
  ];
  for (const [what, helmOptions, repositoryOpts] of sources) {
    it(`takes ${what}`, async () => {
      const { release } = await constructed({ helmOptions });
      assert.deepEqual(release.chart, helmOptions.chart ?? "cert-manager");
      assert.deepEqual(release.repositoryOpts, repositoryOpts);
    });
  }

  it("hands the other options on, except those that the real component loses", async () => {
    const kept = { name: "cert-manager", namespace: "security", version: "v1.21.1", timeout: 300, skipAwait: false };
    const { release } = await constructed({ helmOptions: { ...kept, allowNullValues: true, valueYamlFiles: [] } });
    assert.deepEqual(release, {
      ...kept,
      chart: "cert-manager",
      compat: "true",
      repositoryOpts: { repo: "https://charts.jetstack.io" },
      values: {},
    });
  });

  it("refuses other types", async () => {
    await assert.rejects(construct("x", "a:b:C", {}, {}), /unknown resource type a:b:C; expected kubernetes-cert-man/);
  });
});

describe("stand-in kubernetes-cert-manager: values", () => {
  const crds = { crds: { enabled: true, keep: true } };
  const table: readonly (readonly [string, pulumi.Inputs, pulumi.Inputs, pulumi.Inputs, readonly string[]])[] = [
    ["keeps what no argument knows", {}, crds, crds, []],
    [
      "puts arguments beside it",
      { installCRDs: false, replicaCount: 0 },
      crds,
      { ...crds, installCRDs: false, replicaCount: 0 },
      [],
    ],
    [
      "drops what an argument knows and does not give",
      {},
      { ...crds, webhook: { replicaCount: 2 } },
      crds,
      ["webhook"],
    ],
    [
      "does not merge into an argument",
      { podLabels: { a: "b" } },
      { podLabels: { c: "d" } },
      { podLabels: { a: "b" } },
      ["podLabels"],
    ],
    [
      "drops nulls in objects, and keeps what is empty",
      {},
      { a: null, b: { c: null }, d: [], e: "" },
      { b: {}, d: [], e: "" },
      [],
    ],
    ["loses nodeSelector's labels", { nodeSelector: { a: "b" } }, {}, { nodeSelector: { nodeSelectorTerms: [] } }, []],
    [
      "fills structs with empty lists and maps",
      { resources: { limits: { cpu: "1" } }, securityContext: { runAsNonRoot: true, unknown: 1 }, strategy: {} },
      {},
      {
        resources: { claims: [], limits: { cpu: "1" }, requests: {} },
        securityContext: { runAsNonRoot: true, supplementalGroups: [], sysctls: [] },
        strategy: {},
      },
      [],
    ],
    [
      "keeps lists of arguments",
      { extraArgs: [], tolerations: [{ key: "a" }] },
      {},
      { extraArgs: [], tolerations: [{ key: "a" }] },
      [],
    ],
  ];
  for (const [what, args, given, values, dropped] of table) {
    it(what, async () => assert.deepEqual(await helmValues(args, given), { values, dropped }));
  }

  it("loses what the types of nested arguments do not know", async () => {
    const prometheus = { enabled: true, servicemonitor: { enabled: true } };
    const webhook = { replicaCount: 2, networkPolicy: { enabled: true }, image: { tag: "a", name: "b" } };
    const { values } = await helmValues({ prometheus, webhook }, undefined);
    const seen = await new Promise((resolve) => pulumi.output(values).apply(resolve));
    assert.deepEqual(seen, { prometheus: { enabled: true }, webhook: { replicaCount: 2, image: { tag: "a" } } });
  });
});

describe("stand-in kubernetes-cert-manager: outputs in plain places", () => {
  const outputOf = (fields: object) => ({ [rpc.specialSigKey]: rpc.specialOutputValueSig, ...fields });
  const known = outputOf({ value: 1 });
  const secret = outputOf({ value: 1, secret: true });
  const dependent = outputOf({ value: 1, dependencies: ["urn"] });
  const unknown = outputOf({});

  it("takes a known output of nothing as its value", () => {
    assert.equal(plainHere(known, "x"), 1);
    assert.deepEqual(plainDeep({ a: [known] }, "x"), { a: [1] });
  });

  for (const [what, value] of Object.entries({ secret, dependent, unknown })) {
    it(`refuses a ${what} one, and says where it is`, () => {
      assert.throws(
        () => plainHere(value, "helmOptions.values.x"),
        /^Error: helmOptions\.values\.x: expected destination/,
      );
      assert.throws(() => plainDeep({ a: [value] }, "podLabels"), /^Error: podLabels\.a\[0\]: expected destination/);
    });
  }

  it("below the first level of values, makes a secret plain and an unknown nothing", () => {
    assert.deepEqual(flattened({ a: [secret, dependent], b: unknown }), { a: [1, 1], b: null });
  });
});

import assert from "node:assert/strict";
import { type Addon, CATALOG, definitionName } from "../../components/addons";
import { definition, describeWithCharts, hasDefinition } from "../support/charts";
import { definitionProblems } from "../support/crd";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { type Edits, everything, type Json, PRODUCTION, switchOn } from "../support/settings";
import { object } from "../support/stack";
import { ADDON_VARIANTS, ALL_PLANES, OUTSIDE_MESH } from "../support/variants";

/** Definitions that no chart's data has: an operator registers them at run time, or the chart's data is not there. */
function withoutDefinition({ kinds }: Addon): string[] {
  return kinds.map(definitionName).filter((name) => !hasDefinition(name));
}

describeWithCharts("kinds that add-ons bring", () => {
  for (const addon of CATALOG) {
    const missing = withoutDefinition(addon);
    const skipped = missing.length === 0 ? "" : ` (skipped: no definition of ${missing.join(", ")})`;
    it(`are ${addon.name}'s own, by the definitions of its chart${skipped}`, function () {
      if (missing.length > 0 && missing.length === addon.kinds.length) this.skip();
      for (const kind of addon.kinds.filter((one) => hasDefinition(definitionName(one)))) {
        const { names, scope, group, versions } = object(definition(definitionName(kind))?.spec);
        assert.deepEqual(
          { kind: object(names).kind, plural: object(names).plural, scope, group },
          { kind: kind.kind, plural: kind.plural, scope: kind.scope, group: kind.group },
        );
        const served = (versions as readonly Json[]).filter((version) => version.served === true);
        assert.ok(served.map(({ name }) => name).includes(kind.version), `${kind.kind} ${kind.version}`);
      }
    });
  }
});

describeWithCharts("custom resources", () => {
  const ownCases = Object.entries(ADDON_VARIANTS).flatMap(([name, variants]) =>
    Object.entries(variants).map(([title, edits]) => {
      return [`${name}, ${title}`, { ...ALL_PLANES, tenants: {}, ...switchOn(name), ...edits }] as const;
    }),
  );
  const cases: readonly (readonly [title: string, edits: Edits])[] = [
    ["everything on three clusters", everything()],
    ["everything on one cluster in production", { ...ALL_PLANES, tenants: {}, ...everything(), ...PRODUCTION }],
    ["everything, a cluster outside the mesh", OUTSIDE_MESH],
    ...ownCases,
  ];
  for (const [title, edits] of cases) {
    it(`are what their definitions ask for, and nothing else: ${title}`, async () => {
      const { graph } = await runFleet(edits);
      const checked = customResources(graph).filter(({ kind }) => hasDefinition(kind));
      assert.ok(checked.length > 0);
      for (const { name, kind, inputs } of checked) {
        assert.deepEqual(definitionProblems(definition(kind) ?? {}, inputs), [], name);
      }
    });
  }

  const missing = CATALOG.flatMap(withoutDefinition);
  it(`of every kind are checked (skipped: no definition of ${missing.join(", ")})`, function () {
    if (missing.length > 0) this.skip();
  });
});

/** Groups that every API server has, and what is no object of one. */
const BUILT_IN =
  /^(|core|apps|batch|policy|autoscaling|helm\.sh|yaml|(rbac\.authorization|networking|storage|scheduling|coordination|discovery|admissionregistration|apiextensions|apiregistration)\.k8s\.io)$/;

interface CustomResource {
  readonly name: string;
  /** Name of its definition. */
  readonly kind: string;
  readonly inputs: Json;
}

/** Every object of a kind that an add-on brings, on whatever cluster. */
function customResources(graph: Graph): CustomResource[] {
  const kinds = new Map(CATALOG.flatMap((addon) => addon.kinds.map((one) => [`${one.group} ${one.kind}`, one])));
  return graph.resources.flatMap(({ type, name, inputs }) => {
    const [, group = "", kind] = /^kubernetes:([^/]+)\/[^:]+:(.+)$/.exec(type) ?? [];
    if (BUILT_IN.test(group)) return [];
    const found = kinds.get(`${group} ${kind}`) ?? assert.fail(`${name}: no add-on brings kind ${kind} of ${group}`);
    return [{ name, kind: definitionName(found), inputs: open(inputs) as Json }];
  });
}

/** Inputs with secrets as the API server gets them. */
function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && "secret" in value && typeof value.secret === "string") return value.secret;
  return Object.fromEntries(entries.map(([key, inner]) => [key, open(inner)]));
}

describeWithCharts("the check against a definition", () => {
  const good = {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: "a" },
    spec: { secretName: "a", issuerRef: { name: "b" }, privateKey: { size: 256, algorithm: "ECDSA" } },
  };
  const cases: readonly (readonly [title: string, spec: Json, ...problems: string[]])[] = [
    ["nothing", {}],
    ["an unknown field", { colour: "red" }, "spec.colour: unknown"],
    ["an unknown field deep inside", { privateKey: { sise: 1 } }, "spec.privateKey.sise: unknown"],
    ["a missing field", { secretName: undefined }, "spec.secretName: required"],
    ["a value of another type", { isCA: "yes" }, "spec.isCA: no boolean"],
    ["a number that is text", { privateKey: { size: "256" } }, "spec.privateKey.size: no whole number"],
    [
      "a value that is none of those known",
      { privateKey: { algorithm: "DSA" } },
      "spec.privateKey.algorithm: none of RSA, ECDSA, Ed25519",
    ],
    ["a list that is none", { dnsNames: "a" }, "spec.dnsNames: no list"],
  ];
  for (const [title, spec, ...problems] of cases) {
    it(`finds ${title}`, () => {
      const certificate = definition("certificates.cert-manager.io") ?? {};
      assert.deepEqual(definitionProblems(certificate, { ...good, spec: { ...good.spec, ...spec } }), problems);
    });
  }

  it("finds a version that is not served", () => {
    const certificate = definition("certificates.cert-manager.io") ?? {};
    const old = { ...good, apiVersion: "cert-manager.io/v1alpha2" };
    assert.deepEqual(definitionProblems(certificate, old), ["apiVersion: cert-manager.io/v1alpha2 is not served"]);
  });
});

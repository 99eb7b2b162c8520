import assert from "node:assert/strict";
import { CATALOG, definitionName } from "../../components/addons";
import { chartData, describeWithCharts } from "../support/charts";
import { definitionProblems } from "../support/crd";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import type { Edits, Json } from "../support/settings";
import { object } from "../support/stack";

/** Groups whose definitions no chart's data has: Cilium's operator registers its kinds at run time. */
const WITHOUT_DEFINITIONS = ["cilium.io"];

function definitions(): Map<string, Json> {
  return new Map(
    CATALOG.flatMap((addon) => [...(addon.chart === undefined ? [] : chartData(addon.chart.chart).definitions)]),
  );
}

describeWithCharts("kinds that add-ons bring", () => {
  for (const addon of CATALOG) {
    it(`are ${addon.name}'s own, by the definitions of its chart`, () => {
      const all = definitions();
      for (const kind of addon.kinds.filter(({ group }) => !WITHOUT_DEFINITIONS.includes(group))) {
        const definition = all.get(definitionName(kind));
        assert.ok(definition !== undefined, definitionName(kind));
        const { names, scope, group, versions } = object(definition.spec);
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
  const one: Edits = { "platform.clusters.east": undefined, "platform.clusters.west": undefined, tenants: {} };
  const acme = (dns01: Json): Edits => ({
    "platform.certManager.issuer": { kind: "acme", email: "platform@choreo.test", dns01 },
  });
  const cases: readonly (readonly [title: string, edits: Edits])[] = [
    ["self-signed", {}],
    [
      "ACME by Route 53",
      acme({ route53: { region: "eu-west-1", hostedZoneID: "Z1", role: "arn:aws:iam::1:role/dns" } }),
    ],
    ["ACME by Cloud DNS", acme({ cloudDNS: { project: "choreo", hostedZoneName: "zone" } })],
    ["ACME by Cloudflare", acme({ cloudflare: { apiTokenSecretRef: { name: "cloudflare", key: "token" } } })],
    [
      "ACME by a webhook",
      acme({ webhook: { groupName: "acme.test", solverName: "dns", config: { zone: "a", deep: { b: 1 } } } }),
    ],
  ];
  for (const [title, edits] of cases) {
    it(`are what their definitions ask for, and nothing else: ${title}`, async () => {
      const { graph } = await runFleet({ ...one, ...edits });
      const all = definitions();
      const checked = customResources(graph).filter(({ group }) => !WITHOUT_DEFINITIONS.includes(group));
      assert.ok(checked.length > 0);
      for (const { name, group, inputs } of checked) {
        const definition = [...all.values()].find(({ spec }) => {
          return object(spec).group === group && object(object(spec).names).kind === inputs.kind;
        });
        assert.ok(definition !== undefined, `${name}: no definition of ${inputs.kind}`);
        assert.deepEqual(definitionProblems(definition, inputs), [], name);
      }
    });
  }
});

interface CustomResource {
  readonly name: string;
  readonly group: string;
  readonly inputs: Json;
}

function customResources(graph: Graph): CustomResource[] {
  const groups = new Set(CATALOG.flatMap((addon) => addon.kinds.map(({ group }) => group)));
  return graph.resources.flatMap(({ type, name, inputs }) => {
    const group = /^kubernetes:([^/]+)\//.exec(type)?.[1] ?? "";
    return groups.has(group) ? [{ name, group, inputs }] : [];
  });
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
      const definition = definitions().get("certificates.cert-manager.io") ?? {};
      assert.deepEqual(definitionProblems(definition, { ...good, spec: { ...good.spec, ...spec } }), problems);
    });
  }

  it("finds a version that is not served", () => {
    const definition = definitions().get("certificates.cert-manager.io") ?? {};
    const old = { ...good, apiVersion: "cert-manager.io/v1alpha2" };
    assert.deepEqual(definitionProblems(definition, old), ["apiVersion: cert-manager.io/v1alpha2 is not served"]);
  });
});

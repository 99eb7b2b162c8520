import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { classOf } from "../../bench/bare/classes";
import { registerBare } from "../../bench/bare/program";
import { type SpecSource, specOf, withSecrets } from "../../bench/bare/spec";
import { withoutOutputValues } from "../../bench/engine/record";
import { clustersConfig, componentsConfig, tenantsWith } from "../../bench/grow/settings";
import { peakIn } from "../../bench/run/child";
import { partsOf } from "../../bench/run/start";
import { partOf } from "../../bench/start/parts";
import { addonContract } from "../../components/addons";
import { checkSettings } from "../../components/settings";
import { key } from "../../plan/program/graph";
import { runProgram } from "../support/program";
import { object, stackConfig } from "../support/stack";

const urnOf = (type: string, name: string) => `urn:pulumi:test::openchoreo::${type}::${name}`;

function source(type: string, name: string, more: Partial<SpecSource> = {}): SpecSource {
  const custom = !type.startsWith("openchoreo:");
  return { type, name, urn: urnOf(type, name), custom, remote: false, inputs: {}, dependencies: [], ...more };
}

const PROVIDER = source("pulumi:providers:kubernetes", "east", { inputs: { kubeconfig: { secret: "(kubeconfig)" } } });
const NAMESPACE = source("kubernetes:core/v1:Namespace", "ns", {
  inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "ns" } },
  providerUrn: PROVIDER.urn,
});
const ISSUER = source("kubernetes:cert-manager.io/v1:Issuer", "issuer", {
  inputs: { apiVersion: "cert-manager.io/v1", kind: "Issuer", spec: { selfSigned: {} } },
  providerUrn: PROVIDER.urn,
  dependencies: [key(NAMESPACE)],
});
const CELL = source("openchoreo:tenants:Cell", "cell");

describe("a bare program", () => {
  const spec = specOf([ISSUER, CELL, NAMESPACE, PROVIDER]);

  it("has everything after what it needs", () => {
    assert.deepEqual(
      spec.map(({ name, form, after, provider }) => ({ name, form, after, provider })),
      [
        { name: "east", form: "custom", after: [], provider: undefined },
        { name: "ns", form: "custom", after: [], provider: 0 },
        { name: "issuer", form: "custom", after: [1], provider: 0 },
        { name: "cell", form: "component", after: [], provider: undefined },
      ],
    );
  });

  it("cannot be made of a circle", () => {
    const a = source("kubernetes:core/v1:Secret", "a", { dependencies: ["kubernetes:core/v1:Secret b"] });
    const b = source("kubernetes:core/v1:Secret", "b", { dependencies: ["kubernetes:core/v1:Secret a"] });
    assert.throws(() => specOf([a, b]), /circle/);
  });

  it("registers the same types, names, inputs, providers and dependencies", async () => {
    const { graph } = await runProgram(async () => {
      registerBare(spec, { order: true });
      return {};
    });
    assert.deepEqual(graph.resources.map(key), [ISSUER, NAMESPACE, CELL, PROVIDER].map(key).sort());
    const issuer = graph.get("issuer");
    assert.deepEqual(issuer.inputs, ISSUER.inputs);
    assert.equal(issuer.provider, "east");
    assert.deepEqual(issuer.dependencies, [key(NAMESPACE)]);
    assert.deepEqual(graph.get("east").inputs, PROVIDER.inputs);
  });

  it("leaves providers and dependencies out where it is asked to", async () => {
    const { graph } = await runProgram(async () => {
      registerBare(spec, { order: false });
      return {};
    });
    assert.deepEqual(graph.get("issuer").dependencies, []);
    assert.notEqual(graph.get("issuer").provider, "east");
  });

  it("makes resources by the classes of the SDKs", () => {
    const names = [
      "kubernetes:rbac.authorization.k8s.io/v1:Role",
      "kubernetes:helm.sh/v3:Release",
      "kubernetes:cilium.io/v2:CiliumNetworkPolicy",
      "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
      "random:index/randomPassword:RandomPassword",
      "kubernetes-cert-manager:index:CertManager",
      "pulumi:providers:aws",
    ].map((type) => classOf(type).name);
    assert.deepEqual(names, [
      "Role",
      "Release",
      "CustomResource",
      "VpcPeeringConnection",
      "RandomPassword",
      "CertManager",
      "Provider",
    ]);
    assert.throws(() => classOf("aws:ec2/none:None"), /no SDK has a class of aws:ec2\/none:None/);
  });

  it("gives providers what they were given, not written as JSON twice", async () => {
    const inputs = { kubeconfig: '{"apiVersion":"v1"}', enableServerSideApply: "true", clusterIdentifier: "dev/east" };
    const { graph } = await runProgram(async () => {
      registerBare(specOf([{ ...PROVIDER, inputs }]), { order: true });
      return {};
    });
    assert.deepEqual(graph.get("east").inputs, inputs);
  });

  it("takes the provider for the children of a component of another package", async () => {
    const type = "kubernetes-cert-manager:index:CertManager";
    const manager = source(type, "manager", { remote: true, custom: false, providerUrn: PROVIDER.urn });
    const { graph } = await runProgram(async () => {
      registerBare(specOf([manager, PROVIDER]), { order: true });
      return {};
    });
    assert.equal(graph.get("manager").provider, "east");
  });

  it("is written down with outputs as what they hold", () => {
    const output = (more: object) => ({ [runtime.specialSigKey]: runtime.specialOutputValueSig, ...more });
    const secret = { [runtime.specialSigKey]: runtime.specialSecretSig, value: [1] };
    assert.deepEqual(withoutOutputValues({ a: [output({ value: { b: output({ value: 1 }) } })] }), { a: [{ b: 1 }] });
    assert.deepEqual(withoutOutputValues(output({ value: [1], secret: true })), secret);
    assert.deepEqual(withoutOutputValues(secret), secret);
    assert.throws(() => withoutOutputValues(output({ secret: false })), /not known/);
  });

  it("has secrets where the plan has them", () => {
    const marked = withSecrets({ a: [{ secret: { b: 1 } }], c: 2 }, (inner) => ["marked", inner]);
    assert.deepEqual(marked, { a: [["marked", { b: 1 }]], c: 2 });
  });
});

describe("stacks that grow", () => {
  const problemsOf = (config: Readonly<Record<string, unknown>>) =>
    checkSettings(
      { platform: config["openchoreo:platform"], tenants: config["openchoreo:tenants"], shard: undefined },
      addonContract,
    ).problems;

  it("have as many components as they are asked for", () => {
    for (const wanted of [1, 20, 57, 200]) {
      const tenants = Object.values(tenantsWith(wanted)).map(object);
      const projects = tenants.flatMap((tenant) => Object.values(object(tenant.projects)).map(object));
      const count = projects.reduce((sum, { components }) => sum + Object.keys(object(components)).length, 0);
      assert.equal(count, wanted);
    }
    assert.deepEqual(problemsOf(componentsConfig(57)), []);
  });

  it("have as many clusters, and prod's own first", () => {
    const config = clustersConfig(stackConfig("prod"), 30);
    const names = Object.keys(object(object(config["openchoreo:platform"]).clusters));
    assert.deepEqual(names.slice(0, 4), ["control", "us-east", "eu-west", "us-east-2"]);
    assert.equal(new Set(names).size, 30);
    assert.deepEqual(problemsOf({ ...config, "openchoreo:tenants": tenantsWith(1) }), []);
    assert.throws(() => clustersConfig(stackConfig("prod"), 2), /prod has 3 clusters/);
  });
});

describe("what is seen of processes", () => {
  it("is the peak of memory", () => {
    assert.equal(peakIn("VmPeak:\t 9999999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t 1 kB\n"), 200);
    assert.equal(peakIn(""), 0);
  });

  const files: readonly (readonly [string, string])[] = [
    ["/x/node_modules/@pulumi/aws/ec2/vpc.js", "@pulumi/aws"],
    ["/x/node_modules/@pulumi/pulumi/node_modules/semver/index.js", "semver"],
    ["C:\\x\\node_modules\\zod\\v4\\index.js", "zod"],
    ["/x/components/fleet/index.ts", "the project's own files"],
    ["node:fs", "Node's own modules"],
  ];
  for (const [file, part] of files) it(`is that ${file} is of ${part}`, () => assert.equal(partOf(file), part));

  it("are medians of parts, the dearest first, and small ones together", () => {
    const profile = Array.from({ length: 16 }, (_, index) => ({ name: `p${index}`, seconds: index, files: 1 }));
    const cases = partsOf([profile, profile.map((part) => ({ ...part, seconds: part.seconds * 3 }))]);
    assert.equal(cases.length, 15);
    assert.deepEqual(cases[0], { name: "p15", partOf: "the program", figures: { seconds: 30, files: 1 } });
    assert.deepEqual(cases[14], { name: "2 others", partOf: "the program", figures: { seconds: 2, files: 2 } });
  });
});

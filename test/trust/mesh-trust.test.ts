import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { planFleet } from "../../components/fleet";
import { LIFETIMES, MeshTrust, SignedCertificate, type Signer } from "../../components/trust";
import { type Run, runProgram } from "../support/program";
import { type Edits, type Json, settingsAfter } from "../support/settings";

const KEY = "tls:index/privateKey:PrivateKey";
const REQUEST = "tls:index/certRequest:CertRequest";
const ROOT = "tls:index/selfSignedCert:SelfSignedCert";
const SIGNED = "tls:index/locallySignedCert:LocallySignedCert";

/** The trust of a fleet of one cluster after `edits`. */
function trust(edits: Edits = {}): Promise<Run> {
  const one = { "platform.clusters.east": undefined, "platform.clusters.west": undefined, tenants: {} };
  const fleet = planFleet(settingsAfter({ ...one, ...edits }), "test");
  return runProgram(async () => {
    const made = new MeshTrust("mesh", { fleet });
    const mine = made.forCluster("control");
    const cilium = mine.authority("cilium");
    return { bundle: mine.bundle, authorities: made.authorities, chain: cilium.chain, key: cilium.key };
  });
}

const key = (name: string, parent: string) => ({
  type: KEY,
  name,
  parent,
  inputs: { algorithm: "ECDSA", ecdsaCurve: "P256" },
});

/** What is registered for an intermediate of the cluster. */
function intermediate(use: string, root = "root-1"): Json[] {
  const name = `mesh.control.${use}`;
  const subject = { commonName: `control ${use} choreo.test`, organization: "openchoreo" };
  return [
    { type: "openchoreo:trust:SignedCertificate", name, parent: "mesh", inputs: {} },
    key(`${name}-key`, name),
    {
      type: REQUEST,
      name: `${name}-request`,
      parent: name,
      inputs: {
        dnsNames: [],
        ipAddresses: [],
        privateKeyPem: { secret: `(privateKeyPem of ${name}-key)` },
        subject,
      },
    },
    {
      type: SIGNED,
      name,
      parent: name,
      inputs: {
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
        caCertPem: `(certPem of mesh.${root})`,
        caPrivateKeyPem: { secret: `(privateKeyPem of mesh.${root}-key)` },
        certRequestPem: `(certRequestPem of ${name}-request)`,
        earlyRenewalHours: 2 * 8760,
        isCaCertificate: true,
        setSubjectKeyId: true,
        validityPeriodHours: 5 * 8760,
      },
    },
  ];
}

function root(name: string): Json[] {
  return [
    key(`mesh.${name}-key`, "mesh"),
    {
      type: ROOT,
      name: `mesh.${name}`,
      parent: "mesh",
      inputs: {
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
        earlyRenewalHours: 0,
        isCaCertificate: true,
        privateKeyPem: { secret: `(privateKeyPem of mesh.${name}-key)` },
        setSubjectKeyId: true,
        subject: { commonName: `test ${name} choreo.test`, organization: "openchoreo" },
        validityPeriodHours: 20 * 8760,
      },
    },
  ];
}

function registered({ graph }: Run): unknown[] {
  return graph.resources.map(({ type, name, parent, inputs }) => ({ type, name, parent, inputs }));
}

const order = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe("MeshTrust", () => {
  const component = { type: "openchoreo:trust:MeshTrust", name: "mesh", parent: undefined, inputs: {} };

  it("makes a root, and an intermediate for each use of a cluster", async () => {
    const expected = [
      component,
      ...root("root-1"),
      ...intermediate("cilium"),
      ...intermediate("istio"),
      ...intermediate("platform"),
    ];
    assert.deepEqual(registered(await trust()).sort(order), expected.sort(order));
  });

  it("signs by the issuer while two roots are trusted", async () => {
    const edits = { "platform.mesh.trust": { roots: ["old", "new"], issuer: "new" } };
    const expected = [
      component,
      ...root("old"),
      ...root("new"),
      ...intermediate("cilium", "new"),
      ...intermediate("istio", "new"),
      ...intermediate("platform", "new"),
    ];
    const run = await trust(edits);
    assert.deepEqual(registered(run).sort(order), expected.sort(order));
    assert.equal(run.outputs.bundle, "(certPem of mesh.old)(certPem of mesh.new)");
  });

  it("gives a cluster its bundle, and its authorities' chains without the root, and keys as secrets", async () => {
    const { outputs } = await trust();
    assert.equal(outputs.bundle, "(certPem of mesh.root-1)");
    assert.equal(outputs.chain, "(certPem of mesh.control.cilium)");
    assert.deepEqual(outputs.key, { secret: "(privateKeyPemPkcs8 of mesh.control.cilium-key)" });
  });

  it("says when each authority ends", async () => {
    assert.deepEqual((await trust()).outputs.authorities, {
      "root-1": { expires: "(validityEndTime of mesh.root-1)" },
      "control/cilium": { expires: "(validityEndTime of mesh.control.cilium)" },
      "control/istio": { expires: "(validityEndTime of mesh.control.istio)" },
      "control/platform": { expires: "(validityEndTime of mesh.control.platform)" },
    });
  });

  it("has no part for a cluster that is not in the fleet", async () => {
    const fleet = planFleet(settingsAfter(), "test");
    await runProgram(async () => {
      const { authority } = new MeshTrust("mesh", { fleet }).forCluster("mars");
      assert.throws(() => authority("cilium"), { message: "no intermediate of mars for cilium" });
      return {};
    });
  });
});

describe("a leaf certificate", () => {
  const signer: Signer = {
    certificate: pulumi.output("(intermediate)"),
    chain: pulumi.output("(intermediate)"),
    key: pulumi.secret("(key)"),
  };
  const leaf = (more: object) =>
    runProgram(async () => {
      const { chain, certificate } = new SignedCertificate("leaf", { signer, commonName: "a", ...more });
      return { chain, certificate };
    });

  it("may serve and call, and not sign", async () => {
    const { graph, outputs } = await leaf({ dnsNames: ["a.test"], ipAddresses: ["10.0.0.1"] });
    assert.deepEqual(graph.get("leaf", SIGNED).inputs, {
      allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
      caCertPem: "(intermediate)",
      caPrivateKeyPem: { secret: "(key)" },
      certRequestPem: "(certRequestPem of leaf-request)",
      earlyRenewalHours: 2160,
      isCaCertificate: false,
      setSubjectKeyId: false,
      validityPeriodHours: 8760,
    });
    assert.deepEqual(graph.get("leaf-request").inputs.dnsNames, ["a.test"]);
    assert.deepEqual(graph.get("leaf-request").inputs.ipAddresses, ["10.0.0.1"]);
    assert.deepEqual(outputs, { certificate: "(certPem of leaf)", chain: "(certPem of leaf)(intermediate)" });
  });
});

describe("lifetimes", () => {
  const { root: top, intermediate: middle, leaf } = LIFETIMES;

  it("end no authority before what it signed: renewal begins a whole life of the lower one before the end", () => {
    assert.ok(middle.earlyRenewalHours >= leaf.validityPeriodHours);
    assert.ok(leaf.earlyRenewalHours > 0 && leaf.earlyRenewalHours < leaf.validityPeriodHours);
    assert.ok(middle.earlyRenewalHours < middle.validityPeriodHours);
    assert.ok(top.validityPeriodHours > middle.validityPeriodHours);
  });

  it("never renew a root by themselves, as that is a rotation", () => assert.equal(top.earlyRenewalHours, 0));
});

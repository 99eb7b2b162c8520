import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { isSecret, type PropertyMap, secret } from "../../../rehearsal/providers/wire";
import { create, createRoot, type Issuer, type Kind, tls, urnOf } from "./tls-support";

describe("stand-in tls: check", () => {
  let root: Issuer;
  let good: Readonly<Record<Kind, PropertyMap>>;

  before(async () => {
    root = await createRoot();
    const key = { privateKeyPem: root.key.privateKeyPem };
    const { certRequestPem } = await create("CertRequest", key);
    const validity = { validityPeriodHours: 1, allowedUses: ["server_auth"] };
    const authority = { caCertPem: root.cert.certPem, caPrivateKeyPem: root.key.privateKeyPem };
    good = {
      PrivateKey: { algorithm: "RSA" },
      CertRequest: key,
      SelfSignedCert: { ...key, ...validity },
      LocallySignedCert: { ...authority, ...validity, certRequestPem },
    };
  });

  const check = (kind: Kind, change: PropertyMap) => tls.check(urnOf(kind), {}, { ...good[kind], ...change });

  for (const kind of ["PrivateKey", "CertRequest", "SelfSignedCert", "LocallySignedCert"] as const) {
    it(`accepts a good ${kind}, and gives its inputs back without defaults`, async () => {
      const { inputs, failures } = await check(kind, {});
      assert.deepEqual(failures, []);
      assert.deepEqual(Object.keys(inputs), Object.keys(good[kind]));
    });
  }

  /** Each breaks one field of the good case. */
  const table: readonly (readonly [Kind, PropertyMap, string, RegExp])[] = [
    ["PrivateKey", { algorithm: undefined }, "algorithm", /^is required$/],
    ["PrivateKey", { algorithm: "DSA" }, "algorithm", /"RSA"\|"ECDSA"\|"ED25519"/],
    ["PrivateKey", { ecdsaCurve: "P-256" }, "ecdsaCurve", /"P256"/],
    ["PrivateKey", { rsaBits: 1024 }, "rsaBits", /RSA with 2048 bits or more/],
    ["PrivateKey", { algorithm: "ECDSA" }, "ecdsaCurve", /^is P224, as where none is given: .*P256, P384 or P521/],
    ["PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P224" }, "ecdsaCurve", /supports ECDSA with P256, P384 or P521/],
    ["PrivateKey", { bits: 1 }, "bits", /not known/],
    ["CertRequest", { ipAddresses: ["10.0.0.1", "10.0.0"] }, "ipAddresses", /^1: is no IP address$/],
    ["CertRequest", { dnsNames: ["bücher.example"] }, "dnsNames", /^0: .*IA5String/],
    ["CertRequest", { subject: { commonname: "x" } }, "subject", /commonname/],
    ["SelfSignedCert", { allowedUses: ["server_auth", "serverAuth"] }, "allowedUses", /^1: .*"server_auth"/],
    ["SelfSignedCert", { allowedUses: undefined }, "allowedUses", /^is required$/],
    ["SelfSignedCert", { validityPeriodHours: -1 }, "validityPeriodHours", />=0/],
    ["SelfSignedCert", { earlyRenewalHours: 1.5 }, "earlyRenewalHours", /int/],
    ["SelfSignedCert", { maxPathLength: -2 }, "maxPathLength", />=-1/],
    ["LocallySignedCert", { caCertPem: "nonsense" }, "caCertPem", /^failed to parse CA certificate: is no PEM$/],
    ["LocallySignedCert", { certRequestPem: pem("CERTIFICATE REQUEST") }, "certRequestPem", /failed to parse/],
    ["LocallySignedCert", { caPrivateKeyPem: "nonsense" }, "", /^caPrivateKeyPem: failed to parse private key/],
    ["CertRequest", { privateKeyPem: undefined }, "", /^privateKeyPem: is required$/],
    ["CertRequest", { privateKeyPem: pem("PUBLIC KEY") }, "", /^privateKeyPem: failed to parse private key/],
    ["CertRequest", { privateKeyPemWo: secret("x") }, "", /^privateKeyPemWo: is not known/],
  ];
  for (const [kind, change, property, reason] of table) {
    it(`refuses a ${kind} with ${JSON.stringify(change)}`, async () => {
      const { failures } = await check(kind, change);
      assert.deepEqual(
        failures?.map((failure) => failure.property),
        [property],
      );
      assert.match(failures?.[0]?.reason ?? "", reason);
    });
  }

  const unsupported = {
    "ECDSA on P224": generateKeyPairSync("ec", { namedCurve: "P-224" }),
    "RSA of 1024 bits": generateKeyPairSync("rsa", { modulusLength: 1024 }),
  };
  for (const [name, { privateKey }] of Object.entries(unsupported)) {
    it(`refuses a key of ${name}, and says what it supports`, async () => {
      const { failures } = await check("CertRequest", {
        privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }),
      });
      assert.equal(failures?.length, 1);
      assert.match(
        failures?.[0]?.reason ?? "",
        /supports ECDSA with P256, P384 or P521, RSA with 2048 bits or more, and ED25519$/,
      );
    });
  }

  it("refuses a certificate for a request, and the other way round", async () => {
    const { caCertPem, certRequestPem } = good.LocallySignedCert;
    const { failures } = await check("LocallySignedCert", { caCertPem: certRequestPem, certRequestPem: caCertPem });
    assert.deepEqual(failures?.map(({ property }) => property).sort(), ["caCertPem", "certRequestPem"]);
  });

  it("accepts a curve that is not known yet", async () => {
    for (const change of [{ algorithm: rpc.unknownValue }, { algorithm: "ECDSA", ecdsaCurve: rpc.unknownValue }]) {
      assert.deepEqual((await check("PrivateKey", change)).failures, []);
    }
  });

  it("never repeats a secret", async () => {
    const { failures } = await check("CertRequest", { privateKeyPem: secret("swordfish") });
    assert.ok(!JSON.stringify(failures).includes("swordfish"));
  });

  it("accepts what is not known yet, also inside a list", async () => {
    const change = { privateKeyPem: secret(rpc.unknownValue), dnsNames: ["ü", rpc.unknownValue] };
    assert.deepEqual((await check("CertRequest", change)).failures, []);
  });

  it("marks private keys in the inputs as secret", async () => {
    const { inputs } = await check("CertRequest", {});
    assert.ok(isSecret(inputs.privateKeyPem));
  });

  const refusals: readonly (readonly [Kind, () => Promise<PropertyMap>, RegExp])[] = [
    ["LocallySignedCert", async () => ({ caPrivateKeyPem: (await createRoot()).key.privateKeyPem }), /doesn't match/],
    ["SelfSignedCert", async () => ({ isCaCertificate: true }), /at least one Distinguished Name/],
    ["SelfSignedCert", async () => ({ setAuthorityKeyId: true }), /Authority Key Identifier/],
    ["SelfSignedCert", async () => ({ maxPathLength: 1 }), /only CAs are allowed to specify MaxPathLen/],
  ];
  for (const [kind, change, reason] of refusals) {
    it(`does not create a ${kind}: ${reason.source}`, async () => {
      await assert.rejects(tls.create(urnOf(kind), { ...good[kind], ...(await change()) }), reason);
    });
  }

  it("refuses imports and types that it has not", async () => {
    await assert.rejects(tls.read("id", urnOf("PrivateKey"), {}), /imports no tls:index\/privateKey:PrivateKey/);
    await assert.rejects(tls.check("urn:pulumi:a::b::tls:index/x:X::n", {}, {}), /no resource type tls:index\/x:X/);
  });
});

function pem(type: string): string {
  return `-----BEGIN ${type}-----\nMAA=\n-----END ${type}-----\n`;
}

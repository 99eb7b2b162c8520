import assert from "node:assert/strict";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { type PropertyMap, plain, secret } from "../../../rehearsal/providers/wire";
import {
  create,
  createIntermediate,
  createRoot,
  hoursAfterStart,
  type Issuer,
  type Kind,
  providerAt,
  tls,
  urnOf,
} from "./tls-support";

/** Inputs and state of one new resource of each kind. */
interface Example {
  readonly inputs: PropertyMap;
  readonly state: PropertyMap;
}

async function example(kind: Kind, inputs: PropertyMap): Promise<Example> {
  return { inputs, state: await create(kind, inputs) };
}

describe("stand-in tls: changes", () => {
  let root: Issuer;
  let other: Issuer;
  let examples: Readonly<Record<Kind, Example>>;

  before(async () => {
    root = await createRoot();
    other = await createIntermediate(root);
    const key = { privateKeyPem: root.key.privateKeyPem };
    const request = await example("CertRequest", { ...key, subject: { commonName: "x" }, dnsNames: ["a", "b"] });
    const validity = { validityPeriodHours: 100, earlyRenewalHours: 10, allowedUses: ["server_auth"] };
    examples = {
      PrivateKey: await example("PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" }),
      CertRequest: request,
      SelfSignedCert: await example("SelfSignedCert", { ...key, ...validity, subject: { commonName: "x" } }),
      LocallySignedCert: await example("LocallySignedCert", {
        ...validity,
        caCertPem: root.cert.certPem,
        caPrivateKeyPem: root.key.privateKeyPem,
        certRequestPem: request.state.certRequestPem,
        maxPathLength: -1,
      }),
    };
  });

  const diff = (kind: Kind, change: PropertyMap, hours = 0) => {
    const { inputs, state } = examples[kind];
    return providerAt(hoursAfterStart(hours)).diff("id", urnOf(kind), state, { ...inputs, ...change });
  };

  for (const kind of ["PrivateKey", "CertRequest", "SelfSignedCert", "LocallySignedCert"] as const) {
    it(`finds none in a ${kind} whose inputs stay`, async () => {
      assert.deepEqual(await diff(kind, {}), { changes: false, replaces: [] });
    });
  }

  const none = { changes: false, replaces: [] };
  const update = { changes: true, replaces: [] };
  const replace = (...replaces: string[]) => ({ changes: true, replaces });
  const table: readonly (readonly [string, Kind, () => PropertyMap, object])[] = [
    ["another curve", "PrivateKey", () => ({ ecdsaCurve: "P384" }), replace("ecdsaCurve")],
    ["a default written out", "PrivateKey", () => ({ rsaBits: 2048 }), none],
    ["a curve that is no longer given", "PrivateKey", () => ({ ecdsaCurve: undefined }), replace("ecdsaCurve")],
    [
      "a plain value in place of a secret",
      "CertRequest",
      () => ({ privateKeyPem: plain(root.key.privateKeyPem) }),
      none,
    ],
    ["another key", "CertRequest", () => ({ privateKeyPem: other.key.privateKeyPem }), replace("privateKeyPem")],
    [
      "a key not known yet",
      "CertRequest",
      () => ({ privateKeyPem: secret(rpc.unknownValue) }),
      replace("privateKeyPem"),
    ],
    ["names in another order", "CertRequest", () => ({ dnsNames: ["b", "a"] }), replace("dnsNames")],
    ["names that are gone", "CertRequest", () => ({ dnsNames: undefined }), replace("dnsNames")],
    ["a part of the subject", "SelfSignedCert", () => ({ subject: { commonName: "y" } }), replace("subject")],
    ["another validity", "SelfSignedCert", () => ({ validityPeriodHours: 101 }), replace("validityPeriodHours")],
    ["uses", "SelfSignedCert", () => ({ allowedUses: [] }), replace("allowedUses")],
    ["a CA's flag", "SelfSignedCert", () => ({ isCaCertificate: true }), replace("isCaCertificate")],
    ["a default of null", "SelfSignedCert", () => ({ isCaCertificate: null }), none],
    ["early renewal", "SelfSignedCert", () => ({ earlyRenewalHours: 11 }), update],
    ["early renewal not known yet", "SelfSignedCert", () => ({ earlyRenewalHours: rpc.unknownValue }), update],
    ["early renewal that is gone", "LocallySignedCert", () => ({ earlyRenewalHours: undefined }), update],
    ["another CA", "LocallySignedCert", () => ({ caCertPem: other.cert.certPem }), replace("caCertPem")],
    ["a path length", "LocallySignedCert", () => ({ maxPathLength: 2 }), replace("maxPathLength")],
    ["a path length that is no longer given", "LocallySignedCert", () => ({ maxPathLength: undefined }), none],
  ];
  for (const [what, kind, change, expected] of table) {
    it(`of ${kind}: ${what}`, async () => assert.deepEqual(await diff(kind, change()), expected));
  }

  const renewals: readonly (readonly [number, PropertyMap, object])[] = [
    [89, {}, none],
    [90, {}, replace("readyForRenewal")],
    [101, { earlyRenewalHours: 0 }, replace("readyForRenewal")],
    [95, { earlyRenewalHours: 4 }, update],
    [50, { earlyRenewalHours: 60 }, replace("readyForRenewal")],
  ];
  for (const [hours, change, expected] of renewals) {
    it(`renews 100 hours after ${hours} with ${JSON.stringify(change)}: ${JSON.stringify(expected)}`, async () => {
      for (const kind of ["SelfSignedCert", "LocallySignedCert"] as const) {
        assert.deepEqual(await diff(kind, change, hours), expected);
      }
    });
  }

  it("keeps the certificate when early renewal changes in place", async () => {
    const { inputs, state } = examples.LocallySignedCert;
    const news = { ...inputs, earlyRenewalHours: 20 };
    const { outs } = await tls.update("id", urnOf("LocallySignedCert"), state, news);
    assert.deepEqual(outs, { ...state, earlyRenewalHours: 20 });
    assert.deepEqual(await tls.diff("id", urnOf("LocallySignedCert"), outs, news), none);
  });

  it("reads the state back, and says when a renewal is due", async () => {
    const { state } = examples.SelfSignedCert;
    const read = (hours: number) => providerAt(hoursAfterStart(hours)).read("id", urnOf("SelfSignedCert"), state);
    assert.deepEqual(await read(0), { id: "id", props: state });
    assert.deepEqual(await read(95), { id: "id", props: { ...state, readyForRenewal: true } });
  });

  it("is ready for renewal at once where the renewal starts before the validity", async () => {
    const { cert } = await createRoot({ validityPeriodHours: 5, earlyRenewalHours: 5 });
    assert.equal(cert.readyForRenewal, true);
  });
});

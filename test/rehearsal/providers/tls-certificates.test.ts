import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret, type PropertyMap } from "../../../rehearsal/providers/wire";
import { create, createIntermediate, createRoot, createSigned, start, text, tls, urnOf } from "./tls-support";

const keySpecs: readonly PropertyMap[] = [
  { algorithm: "ECDSA", ecdsaCurve: "P256" },
  { algorithm: "ECDSA", ecdsaCurve: "P384" },
  { algorithm: "ECDSA", ecdsaCurve: "P521" },
  { algorithm: "ED25519" },
  { algorithm: "RSA", rsaBits: 2048 },
];

/** RSA keys take a quarter of a second each, and more where the machine is busy. */
const slow = 30_000;

const certificateOf = (state: PropertyMap): X509Certificate => new X509Certificate(text(state, "certPem"));

describe("stand-in tls: keys", () => {
  for (const spec of keySpecs) {
    it(`makes ${spec.algorithm} ${spec.ecdsaCurve ?? spec.rsaBits ?? ""} in each form of one key`, async () => {
      const key = await create("PrivateKey", spec);
      const forms = ["privateKeyPem", "privateKeyPemPkcs8"].map((name) => createPrivateKey(text(key, name)));
      const publicKey = createPublicKey(text(key, "publicKeyPem"));
      for (const form of forms) assert.ok(createPublicKey(form).equals(publicKey));
    }).timeout(slow);
  }

  it("marks what is private as secret, and nothing else", async () => {
    const key = await create("PrivateKey", { algorithm: "ED25519" });
    const secrets = Object.keys(key).filter((name) => isSecret(key[name]));
    assert.deepEqual(secrets.sort(), ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"]);
  });

  it("fills in the real provider's defaults", async () => {
    const key = await create("PrivateKey", { algorithm: "ED25519" });
    assert.deepEqual([key.ecdsaCurve, key.rsaBits], ["P224", 2048]);
  });

  it("leaves OpenSSH's forms empty", async () => {
    const key = await create("PrivateKey", { algorithm: "ED25519" });
    for (const name of ["publicKeyOpenssh", "publicKeyFingerprintMd5", "publicKeyFingerprintSha256"]) {
      assert.equal(key[name], "");
    }
    assert.equal(text(key, "privateKeyOpenssh"), "");
  });

  const forms: readonly (readonly [PropertyMap, string])[] = [
    [{ algorithm: "ECDSA", ecdsaCurve: "P384" }, "EC PRIVATE KEY"],
    [{ algorithm: "RSA" }, "RSA PRIVATE KEY"],
    [{ algorithm: "ED25519" }, "PRIVATE KEY"],
  ];
  for (const [spec, form] of forms) {
    it(`writes ${spec.algorithm} as ${form}, and as PKCS #8`, async () => {
      const key = await create("PrivateKey", spec);
      assert.match(text(key, "privateKeyPem"), new RegExp(`^-----BEGIN ${form}-----\n`));
      assert.match(text(key, "privateKeyPemPkcs8"), /^-----BEGIN PRIVATE KEY-----\n/);
      assert.match(text(key, "publicKeyPem"), /^-----BEGIN PUBLIC KEY-----\n[\s\S]*\n-----END PUBLIC KEY-----\n$/);
    }).timeout(slow);
  }

  it("gives an id of the public key", async () => {
    const { id } = await tls.create(urnOf("PrivateKey"), { algorithm: "ED25519" });
    assert.match(id, /^[0-9a-f]{40}$/);
  });
});

describe("stand-in tls: certificates", () => {
  for (const spec of keySpecs) {
    it(`chains root, intermediate and leaf with ${spec.algorithm} ${spec.ecdsaCurve ?? ""}`, async () => {
      const root = await createRoot({}, spec);
      const intermediate = await createIntermediate(root, {}, spec);
      const leaf = await createSigned(intermediate, { dnsNames: ["a.example.com"] }, {}, spec);
      const chain = [leaf, intermediate, root, root].map((issuer) => certificateOf(issuer.cert));
      for (const [at, certificate] of chain.slice(0, -1).entries()) {
        const issuer = chain[at + 1];
        assert.ok(issuer && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
      }
      assert.deepEqual(
        chain.slice(0, 3).map((certificate) => certificate.ca),
        [false, true, true],
      );
    });
  }

  it("makes a chain that OpenSSL trusts for its names, from CA keys in either form", async function () {
    if (spawnSync("openssl", ["version"]).status !== 0) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), "tls-"));
    try {
      const root = await createRoot();
      const intermediate = await createIntermediate({ ...root, key: { privateKeyPem: root.key.privateKeyPemPkcs8 } });
      const names = { subject: { commonName: "leaf" }, dnsNames: ["a.example.com"], ipAddresses: ["fd00::1"] };
      const leaf = await createSigned(intermediate, names, {});
      const [ca, untrusted, cert] = [root, intermediate, leaf].map(({ cert }, at) => {
        const path = join(folder, `${at}.pem`);
        writeFileSync(path, text(cert, "certPem"));
        return path;
      });
      const at = String(start.getTime() / 1000);
      const files = ["-CAfile", ca ?? "", "-untrusted", untrusted ?? "", cert ?? ""];
      const verify = (...names: string[]) => {
        const options = ["-x509_strict", "-purpose", "sslserver", "-attime", at, "-verify_depth", "1"];
        return spawnSync("openssl", ["verify", ...options, ...names, ...files], { encoding: "utf8" });
      };
      const found = verify("-verify_hostname", "a.example.com", "-verify_ip", "fd00::1");
      assert.equal(found.status, 0, found.stderr);
      assert.match(verify("-verify_hostname", "b.example.com").stderr, /hostname mismatch/i);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has a positive serial number of at most 20 octets, another one each time", async () => {
    const certs = await Promise.all(Array.from({ length: 20 }, () => createRoot()));
    const serials = certs.map(({ cert }) => BigInt(`0x${certificateOf(cert).serialNumber}`));
    assert.ok(serials.every((serial) => serial > 0n && serial < 1n << 159n));
    assert.equal(new Set(serials).size, serials.length);
  });

  it("carries every kind of name from the request", async () => {
    const names = {
      dnsNames: ["a.example.com", "*.b.example.com"],
      ipAddresses: ["10.0.0.1", "fd00::1:2", "::ffff:192.0.2.1"],
      uris: ["spiffe://mesh/ns/a/sa/b"],
    };
    const leaf = certificateOf((await createSigned(await createRoot(), names, {})).cert);
    assert.equal(leaf.checkHost("x.b.example.com"), "*.b.example.com");
    assert.equal(leaf.checkHost("c.example.com"), undefined);
    for (const address of ["10.0.0.1", "fd00::1:2", "192.0.2.1"]) assert.equal(leaf.checkIP(address), address);
    assert.match(leaf.subjectAltName ?? "", /URI:spiffe:\/\/mesh\/ns\/a\/sa\/b/);
  });

  it("writes subjects as the real provider does, without the e-mail address of a request", async () => {
    const subject = {
      commonName: "Näme",
      organization: "A & B",
      organizationalUnit: "unit",
      country: "DE",
      province: "BY",
      locality: "M",
      postalCode: "80331",
      serialNumber: "7",
      streetAddresses: ["b 2", "a 1"],
      emailAddress: "a@example.com",
    };
    const lines = ["C=DE", "ST=BY", "L=M", "street=a 1 + street=b 2", "postalCode=80331", "O=A & B", "OU=unit"];
    const root = await createRoot({ subject });
    const own = certificateOf(root.cert).subject.replaceAll("\\", "").split("\n");
    assert.deepEqual(own.slice(0, 7), lines);
    assert.equal(own.at(-1), "emailAddress=a@example.com");
    const leaf = certificateOf((await createSigned(root, { subject }, {})).cert);
    assert.ok(!leaf.subject.includes("emailAddress"));
    assert.deepEqual(leaf.issuer, certificateOf(root.cert).subject);
  });

  it("writes characters that mean something in names as they are", async () => {
    const subject = { commonName: String.raw`#1 "x" \0a, O=y + z;<>`, organization: " a  b " };
    const root = await createRoot({ subject });
    const leaf = await createSigned(root, { subject }, {});
    for (const { cert } of [root, leaf]) {
      const { CN, O } = certificateOf(cert).toLegacyObject().subject;
      assert.deepEqual({ commonName: CN, organization: O }, subject);
    }
    assert.ok(certificateOf(leaf.cert).checkIssued(certificateOf(root.cert)));
  });

  it("takes over no name that the real provider does not know", async () => {
    const names = { dnsNames: ["a.example.com"], ipAddresses: ["1:2:3:4:5:6:192.0.2.1"], uris: ["spiffe://a/b"] };
    const { cert } = await createSigned(await createRoot(), names, {});
    const expected = "DNS:a.example.com, IP Address:1:2:3:4:5:6:C000:201, URI:spiffe://a/b";
    assert.equal(certificateOf(cert).subjectAltName, expected);
  });

  it("is valid from now for the hours asked for, in UTC", async () => {
    const { cert } = await createRoot({ validityPeriodHours: 876_000 });
    const { validFrom, validTo } = certificateOf(cert);
    assert.deepEqual(
      [new Date(validFrom), new Date(validTo)],
      [new Date(text(cert, "validityStartTime")), new Date(text(cert, "validityEndTime"))],
    );
    assert.equal(cert.validityStartTime, "2026-01-01T00:00:00.000Z");
    assert.equal(cert.validityEndTime, "2125-12-08T00:00:00.000Z");
  });

  it("has the serial number as its id, and the key's algorithm as an output", async () => {
    const key = await create("PrivateKey", { algorithm: "ED25519" });
    const inputs = { privateKeyPem: key.privateKeyPem, allowedUses: [], validityPeriodHours: 1 };
    const { id, outs } = await tls.create(urnOf("SelfSignedCert"), inputs);
    assert.equal(BigInt(id), BigInt(`0x${certificateOf(outs).serialNumber}`));
    assert.equal(outs.keyAlgorithm, "ED25519");
    assert.ok(isSecret(outs.privateKeyPem));
  });
});

describe("stand-in tls: extensions", () => {
  const extensionsOf = (state: PropertyMap): Buffer => certificateOf(state).raw;
  const oid = { pathLength: "020103", keyUsage: "551d0f", subjectKeyId: "551d0e", authorityKeyId: "551d23" };
  const has = (state: PropertyMap, hex: string): boolean => extensionsOf(state).includes(Buffer.from(hex, "hex"));

  it("writes key usages as bits, and extended ones as identifiers", async () => {
    const { cert } = await createSigned(
      await createRoot(),
      {},
      {
        allowedUses: ["digital_signature", "key_encipherment", "decipher_only", "client_auth", "server_auth"],
      },
    );
    assert.ok(has(cert, `${oid.keyUsage}0101ff0405030307a080`));
    assert.deepEqual(certificateOf(cert).keyUsage, ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"]);
  });

  it("leaves a path length of 0 out, like the real provider", async () => {
    const caConstraints = "551d130101ff0405300301";
    assert.ok(has((await createRoot({ maxPathLength: 3 })).cert, oid.pathLength));
    assert.ok(has((await createRoot({ maxPathLength: 0 })).cert, caConstraints));
    assert.ok(has((await createRoot({ maxPathLength: -1 })).cert, caConstraints));
  });

  const keyIds: readonly (readonly [string, PropertyMap, boolean, boolean])[] = [
    ["a CA", { isCaCertificate: true }, true, false],
    ["a CA with setAuthorityKeyId", { isCaCertificate: true, setAuthorityKeyId: true }, true, true],
    ["a leaf", { isCaCertificate: false }, false, false],
    ["a leaf with setSubjectKeyId", { isCaCertificate: false, setSubjectKeyId: true }, true, false],
  ];
  for (const [what, inputs, subject, authority] of keyIds) {
    it(`gives ${what} that signs itself ${subject ? "a" : "no"} key id`, async () => {
      const { cert } = await createRoot(inputs);
      assert.deepEqual([has(cert, oid.subjectKeyId), has(cert, oid.authorityKeyId)], [subject, authority]);
    });
  }

  it("names the issuer's key in what a CA signs", async () => {
    assert.ok(
      has((await createSigned(await createRoot(), { subject: { commonName: "x" } }, {})).cert, oid.authorityKeyId),
    );
  });
});

import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";

/** What a certificate Secret holds: the chain that a server presents, its key, and the CA it trusts; all PEM. */
export interface Identity {
  readonly certificates: string;
  readonly key: string;
  readonly authority: string;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function certificatesOf(pem: string): X509Certificate[] {
  return (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
}

/** Asserts that the chain leads to the CA, is valid now and belongs to its key. Returns the leaf. */
export function assertTrusted({ certificates, key, authority }: Identity, what: string): X509Certificate {
  const chain = certificatesOf(certificates);
  const roots = certificatesOf(authority);
  const [leaf, ...above] = chain;
  assert.ok(leaf, `${what}: no certificate`);
  assert.equal(above.length, 1, `${what}: a leaf and its intermediate`);
  assert.ok(leaf.checkPrivateKey(createPrivateKey(key)), `${what}: another certificate's key`);
  assert.equal(leaf.ca, false, `${what}: a leaf that may sign`);
  const now = Date.now();
  for (const [index, one] of chain.entries()) {
    const issuer = chain[index + 1] ?? roots.find((root) => one.checkIssued(root));
    assert.ok(issuer, `${what}: ${one.subject} is signed by nobody known`);
    assert.ok(issuer.ca && one.checkIssued(issuer) && one.verify(issuer.publicKey), `${what}: ${one.subject}`);
    assert.ok(
      Date.parse(one.validFrom) <= now && now < Date.parse(one.validTo),
      `${what}: ${one.subject} is not valid`,
    );
  }
  for (const root of roots) assert.ok(root.verify(root.publicKey), `${what}: ${root.subject} is no root`);
  return leaf;
}

/** Connects the two by mutual TLS, each trusting only its own CA; resolves to the client's common name at the server. */
export function handshake(server: Identity, client: Identity, servername: string): Promise<string | undefined> {
  const options = ({ certificates, key, authority }: Identity) => ({ cert: certificates, key, ca: authority });
  return new Promise((resolve, reject) => {
    const listener = createServer({ ...options(server), requestCert: true, rejectUnauthorized: true });
    const end = (done: () => void) => {
      listener.close();
      done();
    };
    listener.once("tlsClientError", (error) => end(() => reject(error)));
    listener.once("secureConnection", (socket: TLSSocket) => {
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      end(() => resolve(typeof subject?.CN === "string" ? subject.CN : undefined));
    });
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as AddressInfo;
      const socket = connect({ ...options(client), host: "127.0.0.1", port, servername });
      socket.once("error", (error) => end(() => reject(error)));
    });
  });
}

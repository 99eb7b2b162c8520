import { z } from "zod";
import { makeKind } from "../kind";
import { hasKeyId, issue, namesExtension, validity } from "./issue";
import { privateKeyPem, sha1, signingKeys } from "./keys";
import { pemOf } from "./kind";
import { alternativeNames, distinguishedName, names, withoutEmail } from "./names";
import * as x509 from "./x509";

/** `tls:index/certRequest:CertRequest` */
export const certRequest = makeKind(z.object({ ...names.shape, privateKeyPem }), async (spec) => {
  const { algorithm, signing } = spec.privateKeyPem;
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: distinguishedName(spec.subject),
    keys: await signingKeys(spec.privateKeyPem),
    signingAlgorithm: signing,
    extensions: namesExtension(alternativeNames(spec)),
  });
  return [sha1(request.rawData), { keyAlgorithm: algorithm, certRequestPem: `${request}\n` }];
});

/** `tls:index/selfSignedCert:SelfSignedCert` */
export const selfSignedCert = makeKind(
  z.object({ ...validity.shape, ...names.shape, privateKeyPem, setAuthorityKeyId: z.boolean().default(false) }),
  async (spec, now) => {
    if (spec.setAuthorityKeyId && !hasKeyId(spec)) {
      throw new Error("Invalid Certificate Authority: could not determine Authority Key Identifier");
    }
    const { publicKey, algorithm } = spec.privateKeyPem;
    const name = distinguishedName(spec.subject);
    const parties = { subject: name, issuer: name, publicKey, signer: spec.privateKeyPem };
    const keyId = spec.setAuthorityKeyId ? [await x509.AuthorityKeyIdentifierExtension.create(publicKey)] : [];
    const outputs = { keyAlgorithm: algorithm };
    return issue({ ...parties, names: alternativeNames(spec), keyId, outputs }, spec, now);
  },
);

/** `tls:index/locallySignedCert:LocallySignedCert` */
export const locallySignedCert = makeKind(
  z.object({
    ...validity.shape,
    caCertPem: pemOf("CA certificate", (pem) => new x509.X509Certificate(pem)),
    caPrivateKeyPem: privateKeyPem,
    certRequestPem: pemOf("certificate request", (pem) => new x509.Pkcs10CertificateRequest(pem)),
  }),
  async (spec, now) => {
    const { caCertPem: authority, caPrivateKeyPem: signer, certRequestPem: request } = spec;
    if (!authority.publicKey.equal(signer.publicKey)) {
      throw new Error("provided PrivateKey doesn't match parent's PublicKey");
    }
    const subject = withoutEmail(request.subjectName);
    const parties = { subject, issuer: authority.subjectName, publicKey: request.publicKey, signer };
    const own = authority.getExtension(x509.SubjectKeyIdentifierExtension);
    // As Go does it: of its own accord, except for a certificate with its CA's name.
    const isNamed = own !== null && subject.toString() !== authority.subject;
    const keyId = isNamed ? [new x509.AuthorityKeyIdentifierExtension(own.keyId)] : [];
    const extension = request.extensions.find((item) => item instanceof x509.SubjectAlternativeNameExtension);
    const requested = extension?.names.toJSON() ?? [];
    // What the real provider takes over, in its order.
    const taken = ["dns", "ip", "url"].flatMap((type) => requested.filter((name) => name.type === type));
    return issue({ ...parties, names: taken, keyId, outputs: { caKeyAlgorithm: signer.algorithm } }, spec, now);
  },
);

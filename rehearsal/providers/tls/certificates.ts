import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import * as inputs from "./inputs";
import { algorithmOf, parsePrivateKey, subjectKeyId } from "./keys";
import { type Created, ResourceKind } from "./kind";
import { alternativeNames, distinguishedName, isEmptyName, supportedAlternativeNames, withoutEmail } from "./names";
import { endOfValidity, isBornForRenewal } from "./renewal";
import { type CertificateSpec, issueCertificate, parseAuthority, parseRequest } from "./x509";

type Validity = z.output<z.ZodObject<typeof inputs.validity>>;
type Parties = Pick<
  CertificateSpec,
  "subject" | "issuer" | "publicKey" | "signingKey" | "alternativeNames" | "authorityKeyId"
>;

/** Only the early renewal can change without a new certificate. */
const lifecycle = { inPlace: ["earlyRenewalHours"], sticky: ["maxPathLength"], expires: true };

/** `tls:index/selfSignedCert:SelfSignedCert` */
export const selfSignedCert = new ResourceKind({
  ...lifecycle,
  inputs: z.strictObject({
    privateKeyPem: inputs.privateKeyPem,
    ...inputs.names,
    ...inputs.validity,
    setAuthorityKeyId: z.boolean().default(false),
  }),
  secrets: ["privateKeyPem"],
  create: (spec, now) => {
    const { dnsNames = [], ipAddresses = [], uris = [] } = spec;
    const signingKey = parsePrivateKey(spec.privateKeyPem);
    const publicKey = createPublicKey(signingKey);
    const name = distinguishedName(spec.subject);
    const ownKeyId = keyIdOf(publicKey, spec);
    if (spec.setAuthorityKeyId && ownKeyId === undefined) {
      throw new Error("Invalid Certificate Authority: could not determine Authority Key Identifier");
    }
    const parties = {
      subject: name,
      issuer: name,
      publicKey,
      signingKey,
      alternativeNames: alternativeNames({ dnsNames, ipAddresses, uris }),
      authorityKeyId: spec.setAuthorityKeyId ? ownKeyId : undefined,
    };
    return certificate(parties, spec, now, { keyAlgorithm: algorithmOf(signingKey) });
  },
});

/** `tls:index/locallySignedCert:LocallySignedCert` */
export const locallySignedCert = new ResourceKind({
  ...lifecycle,
  inputs: z.strictObject({
    caCertPem: inputs.caCertPem,
    caPrivateKeyPem: inputs.caPrivateKeyPem,
    certRequestPem: inputs.certRequestPem,
    ...inputs.validity,
  }),
  secrets: ["caPrivateKeyPem"],
  create: (spec, now) => {
    const request = parseRequest(spec.certRequestPem);
    const signingKey = parsePrivateKey(spec.caPrivateKeyPem);
    const authority = parseAuthority(spec.caCertPem);
    if (!authority.certificate.checkPrivateKey(signingKey)) {
      throw new Error("provided PrivateKey doesn't match parent's PublicKey");
    }
    const subject = withoutEmail(request.subject);
    const names = request.alternativeNames;
    const parties = {
      subject,
      issuer: authority.name,
      publicKey: request.publicKey,
      signingKey,
      alternativeNames: names && supportedAlternativeNames(names),
      // As Go does it: of its own accord, except for a certificate with its CA's name.
      authorityKeyId: subject.equals(authority.name) ? undefined : authority.subjectKeyId,
    };
    return certificate(parties, spec, now, { caKeyAlgorithm: algorithmOf(signingKey) });
  },
});

function certificate(parties: Parties, spec: Validity, now: Date, outputs: Readonly<Record<string, string>>): Created {
  if (spec.isCaCertificate && isEmptyName(parties.subject)) {
    throw new Error(
      "Invalid Certificate Subject: must contain at least one Distinguished Name when creating Certificate Authority (CA)",
    );
  }
  const notAfter = endOfValidity(now, spec.validityPeriodHours);
  const issued = issueCertificate({
    ...parties,
    uses: spec.allowedUses,
    isCa: spec.isCaCertificate,
    maxPathLength: spec.maxPathLength,
    subjectKeyId: keyIdOf(parties.publicKey, spec),
    notBefore: now,
    notAfter,
  });
  return {
    id: issued.serialNumber.toString(),
    outputs: {
      ...outputs,
      certPem: issued.pem,
      readyForRenewal: isBornForRenewal(spec),
      validityStartTime: now.toISOString(),
      validityEndTime: notAfter.toISOString(),
    },
  };
}

/** A CA always has a key id. */
function keyIdOf(publicKey: KeyObject, spec: Validity): Buffer | undefined {
  return spec.isCaCertificate || spec.setSubjectKeyId ? subjectKeyId(publicKey) : undefined;
}

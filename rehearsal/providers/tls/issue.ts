import { z } from "zod";
import type { Created } from "../kind";
import type { PropertyMap } from "../wire";
import { type PrivateKey, signingKeys } from "./keys";
import * as x509 from "./x509";

/** Key usages by their flags, and extended ones by their identifiers. */
const uses = new Map<string, number | string>([
  ["digital_signature", x509.KeyUsageFlags.digitalSignature],
  ["content_commitment", x509.KeyUsageFlags.nonRepudiation],
  ["key_encipherment", x509.KeyUsageFlags.keyEncipherment],
  ["data_encipherment", x509.KeyUsageFlags.dataEncipherment],
  ["key_agreement", x509.KeyUsageFlags.keyAgreement],
  ["cert_signing", x509.KeyUsageFlags.keyCertSign],
  ["crl_signing", x509.KeyUsageFlags.cRLSign],
  ["encipher_only", x509.KeyUsageFlags.encipherOnly],
  ["decipher_only", x509.KeyUsageFlags.decipherOnly],
  ["any_extended", "2.5.29.37.0"],
  ["server_auth", x509.ExtendedKeyUsage.serverAuth],
  ["client_auth", x509.ExtendedKeyUsage.clientAuth],
  ["code_signing", x509.ExtendedKeyUsage.codeSigning],
  ["email_protection", x509.ExtendedKeyUsage.emailProtection],
  ["ipsec_end_system", "1.3.6.1.5.5.7.3.5"],
  ["ipsec_tunnel", "1.3.6.1.5.5.7.3.6"],
  ["ipsec_user", "1.3.6.1.5.5.7.3.7"],
  ["timestamping", x509.ExtendedKeyUsage.timeStamping],
  ["ocsp_signing", x509.ExtendedKeyUsage.ocspSigning],
  ["microsoft_server_gated_crypto", "1.3.6.1.4.1.311.10.3.3"],
  ["netscape_server_gated_crypto", "2.16.840.1.113730.4.1"],
  ["microsoft_commercial_code_signing", "1.3.6.1.4.1.311.2.1.22"],
  ["microsoft_kernel_code_signing", "1.3.6.1.4.1.311.61.1.1"],
]);

/** Inputs of every certificate. */
export const validity = z.object({
  // The SDK's documentation writes the uses in camel case, which the real provider refuses.
  allowedUses: z.array(z.enum([...uses.keys()])),
  // Certificates know no year after 9999.
  validityPeriodHours: z.int().min(0).max(69_000_000),
  earlyRenewalHours: z.int().min(0).default(0),
  isCaCertificate: z.boolean().default(false),
  maxPathLength: z.int().min(-1).optional(),
  setSubjectKeyId: z.boolean().default(false),
});
type Validity = z.output<typeof validity>;

interface Parties {
  readonly subject: x509.Name;
  readonly issuer: x509.Name;
  readonly publicKey: x509.PublicKey;
  readonly signer: PrivateKey;
  readonly names: x509.JsonGeneralName[];
  /** Of the issuer, where it is to be named. */
  readonly keyId: x509.AuthorityKeyIdentifierExtension[];
  readonly outputs: PropertyMap;
}

export async function issue(parties: Parties, spec: Validity, now: Date): Promise<Created> {
  if (spec.isCaCertificate && parties.subject.toJSON().length === 0) {
    throw new Error("Invalid Certificate Subject: that of a CA must contain at least one Distinguished Name");
  }
  const certificate = await x509.X509CertificateGenerator.create({
    ...parties,
    signingKey: (await signingKeys(parties.signer)).privateKey,
    signingAlgorithm: parties.signer.signing,
    notBefore: now,
    notAfter: new Date(now.getTime() + spec.validityPeriodHours * 3_600_000),
    extensions: await extensions(parties, spec),
  });
  const outputs = {
    certPem: `${certificate}\n`,
    readyForRenewal: spec.earlyRenewalHours >= spec.validityPeriodHours,
    validityStartTime: certificate.notBefore.toISOString(),
    validityEndTime: certificate.notAfter.toISOString(),
  };
  return [BigInt(`0x${certificate.serialNumber}`).toString(), { ...outputs, ...parties.outputs }];
}

/** In the order in which the real provider writes them. */
async function extensions(parties: Parties, spec: Validity): Promise<x509.Extension[]> {
  const { isCaCertificate, maxPathLength = -1, allowedUses } = spec;
  if (!isCaCertificate && maxPathLength > 0) throw new Error("only CAs are allowed to specify MaxPathLen");
  const found = allowedUses.map((use) => uses.get(use));
  const flags = found.filter((use) => typeof use === "number").reduce((sum, flag) => sum | flag, 0);
  const extended = found.filter((use) => typeof use === "string");
  return [
    flags > 0 ? new x509.KeyUsagesExtension(flags, true) : [],
    extended.length > 0 ? new x509.ExtendedKeyUsageExtension(extended) : [],
    // 0 is left out, as by the real provider (it sets Go's MaxPathLen without MaxPathLenZero), where it limits nothing.
    new x509.BasicConstraintsExtension(isCaCertificate, maxPathLength > 0 ? maxPathLength : undefined, true),
    hasKeyId(spec) ? await x509.SubjectKeyIdentifierExtension.create(parties.publicKey) : [],
    parties.keyId,
    // Critical where there is no subject.
    namesExtension(parties.names, parties.subject.toJSON().length === 0),
  ].flat();
}

/** A CA always has one. */
export function hasKeyId(spec: Validity): boolean {
  return spec.isCaCertificate || spec.setSubjectKeyId;
}

export function namesExtension(names: x509.JsonGeneralName[], isCritical = false): x509.Extension[] {
  return names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names, isCritical)] : [];
}

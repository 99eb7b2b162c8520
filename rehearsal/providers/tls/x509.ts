import { createPublicKey, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import { bitString, context, type Element, elements, encode, integer, oid, sequence, setOf, Tag, time } from "./der";
import { type ExtensionSpec, extension, extensionId, extensions } from "./extensions";
import { algorithmOf, curveOf, spki } from "./keys";
import { isEmptyName } from "./names";
import { encodePem, requirePem } from "./pem";

const extensionRequest = oid("1.2.840.113549.1.9.14");

export interface CertificateSpec extends Omit<ExtensionSpec, "hasSubject"> {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface IssuedCertificate {
  readonly serialNumber: bigint;
  readonly pem: string;
}

export function issueCertificate(spec: CertificateSpec): IssuedCertificate {
  const serialNumber = BigInt(`0x${randomBytes(16).toString("hex")}`);
  const { identifier } = signatureScheme(spec.signingKey);
  const tbs = sequence(
    encode(context(0, true), integer(2n)), // version 3
    integer(serialNumber),
    identifier,
    spec.issuer,
    sequence(time(spec.notBefore), time(spec.notAfter)),
    spec.subject,
    spki(spec.publicKey),
    encode(context(3, true), sequence(...extensions({ ...spec, hasSubject: !isEmptyName(spec.subject) }))),
  );
  return { serialNumber, pem: encodePem("CERTIFICATE", signed(tbs, spec.signingKey)) };
}

export interface Authority {
  readonly name: Buffer;
  readonly subjectKeyId?: Buffer;
  readonly certificate: X509Certificate;
}

/** What of a CA's certificate goes into those that it signs. */
export function parseAuthority(pem: string): Authority {
  const bytes = requirePem(pem, "CERTIFICATE");
  const certificate = new X509Certificate(bytes);
  const fields = tbsFields(bytes);
  // The version, in [0], may be absent; the subject is the fifth of those that always stand there.
  const required = fields.filter((field) => field.tag !== context(0, true));
  const name = required[4];
  if (name === undefined) throw new Error("failed to parse certificate");
  const list = fields.find((field) => field.tag === context(3, true));
  const keyId = list && findExtension(elements(list.body)[0], extensionId.subjectKeyId);
  return { name: name.raw, certificate, subjectKeyId: keyId && elements(keyId)[0]?.body };
}

export interface RequestSpec {
  readonly subject: Buffer;
  readonly alternativeNames?: Buffer;
  readonly privateKey: KeyObject;
}

/** A certificate request (PKCS#10) in DER. */
export function createRequest(spec: RequestSpec): Buffer {
  const names = spec.alternativeNames;
  const requested = names && sequence(extension(extensionId.subjectAltName, false, names));
  const attributes = requested === undefined ? [] : [sequence(extensionRequest, setOf(requested))];
  const info = sequence(
    integer(0n), // version 1
    spec.subject,
    spki(createPublicKey(spec.privateKey)),
    encode(context(0, true), ...attributes),
  );
  return signed(info, spec.privateKey);
}

export interface ParsedRequest {
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly alternativeNames?: Buffer;
}

export function parseRequest(pem: string): ParsedRequest {
  const [, subject, key, attributes] = tbsFields(requirePem(pem, "CERTIFICATE REQUEST"));
  if (subject === undefined || key === undefined) throw new Error("failed to parse certificate request");
  const requested = elements(attributes?.body ?? Buffer.alloc(0))
    .map((attribute) => elements(attribute.body))
    .find(([type]) => type?.raw.equals(extensionRequest));
  const values = requested?.[1];
  return {
    subject: subject.raw,
    publicKey: createPublicKey({ key: key.raw, format: "der", type: "spki" }),
    alternativeNames: values && findExtension(elements(values.body)[0], extensionId.subjectAltName),
  };
}

function tbsFields(bytes: Buffer): readonly Element[] {
  const [outer] = elements(bytes);
  const [tbs] = elements(outer?.body ?? Buffer.alloc(0));
  return elements(tbs?.body ?? Buffer.alloc(0));
}

function findExtension(list: Element | undefined, id: string): Buffer | undefined {
  const wanted = oid(id);
  const found = elements(list?.body ?? Buffer.alloc(0))
    .map((item) => elements(item.body))
    .find(([type]) => type?.raw.equals(wanted));
  return found?.find((part) => part.tag === Tag.octetString)?.body;
}

function signed(content: Buffer, key: KeyObject): Buffer {
  const { identifier, hash } = signatureScheme(key);
  return sequence(content, identifier, bitString(sign(hash, content, key)));
}

interface SignatureScheme {
  readonly identifier: Buffer;
  /** Undefined for ED25519, which does its own hashing. */
  readonly hash: string | undefined;
}

/** The schemes that Go's crypto/x509 chooses, on which the real provider relies. */
function signatureScheme(key: KeyObject): SignatureScheme {
  const rsaWithSha256 = sequence(oid("1.2.840.113549.1.1.11"), encode(Tag.null));
  switch (algorithmOf(key)) {
    case "RSA":
      return { identifier: rsaWithSha256, hash: "sha256" };
    case "ED25519":
      return { identifier: sequence(oid("1.3.101.112")), hash: undefined };
    case "ECDSA":
      return ecdsaSchemes[curveOf(key)];
  }
}

const ecdsaWithSha256 = { identifier: sequence(oid("1.2.840.10045.4.3.2")), hash: "sha256" };
const ecdsaSchemes = {
  P224: ecdsaWithSha256,
  P256: ecdsaWithSha256,
  P384: { identifier: sequence(oid("1.2.840.10045.4.3.3")), hash: "sha384" },
  P521: { identifier: sequence(oid("1.2.840.10045.4.3.4")), hash: "sha512" },
} as const;

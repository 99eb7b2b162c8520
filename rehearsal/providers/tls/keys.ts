import { createHash, createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { elements, encode, Tag } from "./der";
import { decodePem } from "./pem";

export const algorithms = ["RSA", "ECDSA", "ED25519"] as const;
export const curves = ["P224", "P256", "P384", "P521"] as const;
export type Algorithm = (typeof algorithms)[number];
export type Curve = (typeof curves)[number];

/** OpenSSL's names of the curves. */
const namedCurves = {
  P224: "secp224r1",
  P256: "prime256v1",
  P384: "secp384r1",
  P521: "secp521r1",
} as const satisfies Record<Curve, string>;

const generate = promisify(generateKeyPair);

export interface KeySpec {
  readonly algorithm: Algorithm;
  readonly ecdsaCurve: Curve;
  readonly rsaBits: number;
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Asynchronous, because an RSA key takes a quarter of a second in which others are served. */
export function generateKey(spec: KeySpec): Promise<KeyPair> {
  switch (spec.algorithm) {
    case "RSA":
      return generate("rsa", { modulusLength: spec.rsaBits });
    case "ECDSA":
      return generate("ec", { namedCurve: namedCurves[spec.ecdsaCurve] });
    case "ED25519":
      return generate("ed25519");
  }
}

const privateKeyTypes = ["RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"];

export function parsePrivateKey(pem: string): KeyObject {
  const found = decodePem(pem);
  if (found === undefined) throw new Error("failed to decode PEM block");
  if (!privateKeyTypes.includes(found.type)) {
    throw new Error(`unable to determine parser for PEM preamble: ${found.type}`);
  }
  const key = createPrivateKey(pem);
  algorithmOf(key);
  return key;
}

export function algorithmOf(key: KeyObject): Algorithm {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return "RSA";
    case "ec":
      return "ECDSA";
    case "ed25519":
      return "ED25519";
    default:
      throw new Error(`unsupported private key type: ${key.asymmetricKeyType}`);
  }
}

/** Of an ECDSA key. */
export function curveOf(key: KeyObject): Curve {
  const found = curves.find((curve) => namedCurves[curve] === key.asymmetricKeyDetails?.namedCurve);
  if (found === undefined) throw new Error("unsupported elliptic curve");
  return found;
}

/** The form that the real provider writes: PKCS#1 for RSA, SEC 1 for ECDSA, PKCS#8 for ED25519. */
export function privateKeyPem(key: KeyObject): string {
  const type = ({ RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const)[algorithmOf(key)];
  return key.export({ type, format: "pem" }).toString();
}

export function spki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

/** The bits of the public key inside its SubjectPublicKeyInfo. */
export function publicKeyBits(publicKey: KeyObject): Buffer {
  const [outer] = elements(spki(publicKey));
  const bits = outer && elements(outer.body)[1];
  if (bits?.tag !== Tag.bitString) throw new Error("malformed public key");
  return bits.body.subarray(1);
}

/** SHA-1 of the key's bits; for ED25519 the real provider wraps them in an OCTET STRING first. */
export function subjectKeyId(publicKey: KeyObject): Buffer {
  const bits = publicKeyBits(publicKey);
  const input = algorithmOf(publicKey) === "ED25519" ? encode(Tag.octetString, bits) : bits;
  return createHash("sha1").update(input).digest();
}

/** An id as the real provider makes it for what has no serial number. */
export function sha1Hex(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

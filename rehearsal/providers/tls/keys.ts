import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, webcrypto } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { makeKind } from "../kind";
import { pemOf } from "./kind";
import { PublicKey } from "./x509";

const SUPPORTED =
  "the stand-in for tls supports ECDSA with P256, P384 or P521, RSA with 2048 bits or more, and ED25519";

/** How the real provider calls and writes a type of key, and how it signs (as Go's crypto/x509 chooses). */
interface Scheme {
  readonly algorithm: string;
  readonly form: "pkcs1" | "pkcs8" | "sec1";
  readonly signing: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
}

/** By OpenSSL's name of the curve, or else of the type. */
const schemes: ReadonlyMap<string | undefined, Scheme> = new Map<string, Scheme>([
  [
    "prime256v1",
    { algorithm: "ECDSA", form: "sec1", signing: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } },
  ],
  ["secp384r1", { algorithm: "ECDSA", form: "sec1", signing: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" } }],
  ["secp521r1", { algorithm: "ECDSA", form: "sec1", signing: { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" } }],
  ["rsa", { algorithm: "RSA", form: "pkcs1", signing: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } }],
  ["ed25519", { algorithm: "ED25519", form: "pkcs8", signing: { name: "Ed25519" } }],
]);

function supportedKey(key: KeyObject) {
  const { namedCurve, modulusLength = 2048 } = key.asymmetricKeyDetails ?? {};
  const scheme = schemes.get(namedCurve ?? key.asymmetricKeyType);
  if (scheme === undefined || modulusLength < 2048) throw new Error(SUPPORTED);
  const publicKey = new PublicKey(createPublicKey(key).export({ type: "spki", format: "der" }));
  return { ...scheme, key, publicKey };
}

export type PrivateKey = ReturnType<typeof supportedKey>;

/** Takes PKCS #1, PKCS #8 and SEC 1. */
export const privateKeyPem = pemOf("private key", (pem) => supportedKey(createPrivateKey(pem)));

/** As WebCrypto takes it. */
export async function signingKeys({ key, publicKey, signing }: PrivateKey): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  const privateKey = await webcrypto.subtle.importKey("pkcs8", pkcs8, signing, false, ["sign"]);
  return { privateKey, publicKey: await publicKey.export(signing, ["verify"]) };
}

const inputs = z.object({
  algorithm: z.enum(["RSA", "ECDSA", "ED25519"]),
  ecdsaCurve: z.enum(["P224", "P256", "P384", "P521"]).default("P224"),
  rsaBits: z.int().min(2048, SUPPORTED).default(2048),
});

/** `tls:index/privateKey:PrivateKey` */
export const privateKey = makeKind(
  inputs.refine(({ algorithm, ecdsaCurve }) => algorithm !== "ECDSA" || ecdsaCurve !== "P224", {
    path: ["ecdsaCurve"],
    error: `is P224, as where none is given: ${SUPPORTED}`,
  }),
  async (spec) => {
    const { key, form, publicKey } = supportedKey(await generateKey(spec));
    const outputs = {
      privateKeyPem: key.export({ type: form, format: "pem" }).toString(),
      privateKeyPemPkcs8: key.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: `${publicKey}\n`,
    };
    const openSsh = ["privateKeyOpenssh", "publicKeyOpenssh", "publicKeyFingerprintMd5", "publicKeyFingerprintSha256"];
    return [sha1(publicKey.rawData), { ...outputs, ...Object.fromEntries(openSsh.map((name) => [name, ""])) }];
  },
);

const generate = promisify(generateKeyPair);

/** Asynchronous, because an RSA key takes a quarter of a second in which others are served. */
async function generateKey({ algorithm, ecdsaCurve, rsaBits }: z.output<typeof inputs>): Promise<KeyObject> {
  if (algorithm === "RSA") return (await generate("rsa", { modulusLength: rsaBits })).privateKey;
  if (algorithm === "ED25519") return (await generate("ed25519")).privateKey;
  return (await generate("ec", { namedCurve: ecdsaCurve.replace("P", "P-") })).privateKey;
}

/** An id as the real provider makes it for what has no serial number. */
export function sha1(bytes: ArrayBuffer): string {
  return createHash("sha1").update(Buffer.from(bytes)).digest("hex");
}

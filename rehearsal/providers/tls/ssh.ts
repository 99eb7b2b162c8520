import { createHash, type KeyObject, randomBytes } from "node:crypto";
import { algorithmOf, curveOf, type KeyPair, publicKeyBits } from "./keys";
import { encodePem } from "./pem";

/** OpenSSH knows no P-224; the real provider gives empty strings for it. */
const curveNames = { P256: "nistp256", P384: "nistp384", P521: "nistp521" } as const;

/** What of a key is in OpenSSH's formats (RFC 4251 to 4253, RFC 8709). */
export interface OpenSshKey {
  readonly privateKeyOpenssh: string;
  readonly publicKeyOpenssh: string;
  readonly publicKeyFingerprintMd5: string;
  readonly publicKeyFingerprintSha256: string;
}

export function openSsh(pair: KeyPair): OpenSshKey {
  const fields = keyFields(pair.privateKey, pair.publicKey);
  if (fields === undefined) {
    return {
      privateKeyOpenssh: "",
      publicKeyOpenssh: "",
      publicKeyFingerprintMd5: "",
      publicKeyFingerprintSha256: "",
    };
  }
  const blob = Buffer.concat([string(fields.type), ...fields.public.map(string)]);
  const md5 = createHash("md5").update(blob).digest("hex");
  const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return {
    privateKeyOpenssh: privateKeyFile(fields, blob),
    publicKeyOpenssh: `${fields.type} ${blob.toString("base64")}\n`,
    publicKeyFingerprintMd5: md5.match(/../g)?.join(":") ?? "",
    publicKeyFingerprintSha256: `SHA256:${sha256}`,
  };
}

interface KeyFields {
  readonly type: string;
  /** After the type in the public form. */
  readonly public: readonly Buffer[];
  /** After the type in the private form. */
  readonly private: readonly Buffer[];
}

function keyFields(privateKey: KeyObject, publicKey: KeyObject): KeyFields | undefined {
  const algorithm = algorithmOf(publicKey);
  const curve = algorithm === "ECDSA" ? curveOf(publicKey) : undefined;
  if (curve === "P224") return undefined;
  const jwk = privateKey.export({ format: "jwk" });
  if (algorithm === "RSA") {
    const { n, e, d, p, q, qi } = jwk;
    return { type: "ssh-rsa", public: [e, n].map(mpint), private: [n, e, d, qi, p, q].map(mpint) };
  }
  const bits = publicKeyBits(publicKey);
  if (curve === undefined) {
    const seed = Buffer.from(jwk.d ?? "", "base64url");
    return { type: "ssh-ed25519", public: [bits], private: [bits, Buffer.concat([seed, bits])] };
  }
  const fields = [Buffer.from(curveNames[curve]), bits];
  return {
    type: `ecdsa-sha2-${curveNames[curve]}`,
    public: fields,
    private: [...fields, mpint(jwk.d)],
  };
}

/** openssh-key-v1, without encryption. */
function privateKeyFile(fields: KeyFields, publicBlob: Buffer): string {
  const check = randomBytes(4);
  const key = [string(fields.type), ...fields.private.map(string)];
  const body = Buffer.concat([check, check, ...key, string("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, at) => at + 1));
  const file = [
    Buffer.from("openssh-key-v1\0"),
    ...["none", "none", ""].map(string),
    Buffer.of(0, 0, 0, 1),
    string(publicBlob),
    string(Buffer.concat([body, padding])),
  ];
  return encodePem("OPENSSH PRIVATE KEY", Buffer.concat(file), 70);
}

function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A positive number: no leading zeros, but one where the first bit would make it negative. */
function mpint(base64url: string | undefined): Buffer {
  const bytes = Buffer.from(base64url ?? "", "base64url");
  const start = bytes.findIndex((byte) => byte !== 0);
  const significant = start < 0 ? Buffer.alloc(0) : bytes.subarray(start);
  return (significant[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), significant]) : significant;
}

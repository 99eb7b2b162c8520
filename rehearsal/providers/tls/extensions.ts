import { bitString, boolean, context, encode, integer, oid, sequence, Tag } from "./der";

/** RFC 5280: the place of the name is the number of its bit. The names are Terraform's. */
const keyUsages = [
  "digital_signature",
  "content_commitment",
  "key_encipherment",
  "data_encipherment",
  "key_agreement",
  "cert_signing",
  "crl_signing",
  "encipher_only",
  "decipher_only",
] as const;

const extendedKeyUsages = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
} as const;

/**
 * The values of `allowedUses`. The SDK's documentation writes them in camel case, which the real
 * provider refuses.
 */
export const allowedUses: readonly string[] = [...keyUsages, ...Object.keys(extendedKeyUsages)];

export const extensionId = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;

export interface ExtensionSpec {
  readonly uses: readonly string[];
  readonly isCa: boolean;
  readonly maxPathLength?: number;
  readonly subjectKeyId?: Buffer;
  readonly authorityKeyId?: Buffer;
  readonly alternativeNames?: Buffer;
  /** The names are critical where there is no subject. */
  readonly hasSubject: boolean;
}

/** A certificate's extensions, in the order in which the real provider writes them. */
export function extensions(spec: ExtensionSpec): readonly Buffer[] {
  const { subjectKeyId, authorityKeyId, alternativeNames } = spec;
  return [
    keyUsage(spec.uses),
    extendedKeyUsage(spec.uses),
    extension(extensionId.basicConstraints, true, basicConstraints(spec)),
    subjectKeyId && extension(extensionId.subjectKeyId, false, encode(Tag.octetString, subjectKeyId)),
    authorityKeyId && extension(extensionId.authorityKeyId, false, sequence(encode(context(0, false), authorityKeyId))),
    alternativeNames && extension(extensionId.subjectAltName, !spec.hasSubject, alternativeNames),
  ].filter((item) => item !== undefined);
}

export function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), encode(Tag.octetString, value));
}

/**
 * A path length of 0 is left out, as in the real provider (it sets Go's MaxPathLen without
 * MaxPathLenZero): `maxPathLength: 0` limits nothing there, and must not seem to do so here.
 */
function basicConstraints({ isCa, maxPathLength = -1 }: ExtensionSpec): Buffer {
  if (!isCa && maxPathLength > 0) throw new Error("only CAs are allowed to specify MaxPathLen");
  if (!isCa) return sequence();
  return sequence(boolean(true), ...(maxPathLength > 0 ? [integer(BigInt(maxPathLength))] : []));
}

function keyUsage(uses: readonly string[]): Buffer | undefined {
  const bits = keyUsages.flatMap((name, bit) => (uses.includes(name) ? [bit] : []));
  const last = bits.at(-1);
  if (last === undefined) return undefined;
  const bytes = Buffer.alloc(last < 8 ? 1 : 2);
  for (const bit of bits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) | (0x80 >> (bit & 7)), bit >> 3);
  return extension(extensionId.keyUsage, true, bitString(bytes, 7 - (last & 7)));
}

function extendedKeyUsage(uses: readonly string[]): Buffer | undefined {
  const known = new Map<string, string>(Object.entries(extendedKeyUsages));
  const ids = uses.flatMap((use) => known.get(use) ?? []);
  if (ids.length === 0) return undefined;
  return extension(extensionId.extendedKeyUsage, false, sequence(...ids.map(oid)));
}

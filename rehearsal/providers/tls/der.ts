/**
 * The little of DER (X.690) that certificates need. A library for X.509 was tried first:
 * @peculiar/x509 does not load without a reflection polyfill, signs asynchronously by WebCrypto, and
 * has no P-224, which is the tls provider's default curve.
 */

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** A tag of the context class: `[number]`, with other values in it when constructed. */
export function context(number: number, constructed: boolean): number {
  return (constructed ? 0xa0 : 0x80) + number;
}

export function encode(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), encodeLength(body.length), body]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encode(Tag.sequence, ...parts);
}

/** DER wants the members of a set in the order of their encodings. */
export function setOf(...parts: readonly Uint8Array[]): Buffer {
  return encode(Tag.set, ...[...parts].sort(Buffer.compare));
}

export function integer(value: bigint): Buffer {
  if (value < 0n) throw new RangeError("negative integers are not needed here");
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  // A first bit of one would make the number negative.
  return encode(Tag.integer, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.of(0), bytes] : [bytes]));
}

export function boolean(value: boolean): Buffer {
  return encode(Tag.boolean, Buffer.of(value ? 0xff : 0));
}

export function text(tag: number, value: string): Buffer {
  return encode(tag, Buffer.from(value, "utf8"));
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return encode(Tag.bitString, Buffer.of(unusedBits), bytes);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return encode(Tag.oid, ...[first * 40 + second, ...rest].map(base128));
}

/** RFC 5280: UTCTime up to 2049, GeneralizedTime from then on, both in whole seconds. */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
  if (at.getUTCFullYear() > 9999) throw new RangeError("a certificate cannot end after the year 9999");
  if (at.getUTCFullYear() < 2050) return text(Tag.utcTime, digits.slice(2));
  return text(Tag.generalizedTime, digits);
}

/** One value as read: its tag, its content, and the bytes of the whole. */
export interface Element {
  readonly tag: number;
  readonly body: Buffer;
  readonly raw: Buffer;
}

/** The values that stand one after the other in `bytes`; for a sequence or a set, its members. */
export function elements(bytes: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const [start, end] = contentRange(bytes, offset);
    found.push({
      tag: bytes.readUInt8(offset),
      body: bytes.subarray(start, end),
      raw: bytes.subarray(offset, end),
    });
    offset = end;
  }
  return found;
}

/** Where the content of the value at `offset` starts and ends. */
function contentRange(bytes: Buffer, offset: number): readonly [number, number] {
  const first = bytes[offset + 1] ?? 0;
  const sizeOfLength = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || sizeOfLength > 4) throw new RangeError("malformed: unsupported length");
  const start = offset + 2 + sizeOfLength;
  const isWhole = start <= bytes.length;
  const length = isWhole && sizeOfLength > 0 ? bytes.readUIntBE(offset + 2, sizeOfLength) : first;
  if (!isWhole || start + length > bytes.length) throw new RangeError("malformed: truncated");
  return [start, start + length];
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  const significant = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(0x80 + significant.length), significant]);
}

function base128(value: number): Buffer {
  const groups = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) groups.unshift(0x80 | (rest & 0x7f));
  return Buffer.from(groups);
}

import { isIP } from "node:net";
import { context, elements, encode, oid, sequence, setOf, Tag, text } from "./der";

export interface Subject {
  readonly commonName?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly streetAddresses?: readonly string[];
  readonly locality?: string;
  readonly province?: string;
  readonly country?: string;
  readonly postalCode?: string;
  readonly serialNumber?: string;
  readonly emailAddress?: string;
}

/** In the order of Go 1.26 (crypto/x509/pkix), with which the real provider writes them. */
const attributes = [
  ["country", "2.5.4.6"],
  ["province", "2.5.4.8"],
  ["locality", "2.5.4.7"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
] as const satisfies readonly (readonly [keyof Subject, string])[];

const emailAddress = oid("1.2.840.113549.1.9.1");
const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** A distinguished name; several street addresses are one set, as in the real provider. */
export function distinguishedName(subject: Subject = {}): Buffer {
  const sets = attributes.flatMap(([field, type]) => {
    const values = [subject[field] ?? []].flat().filter((value) => value !== "");
    if (values.length === 0) return [];
    return [setOf(...values.map((value) => sequence(oid(type), nameString(field, value))))];
  });
  return sequence(...sets);
}

function nameString(field: keyof Subject, value: string): Buffer {
  if (field === "emailAddress") return text(Tag.ia5String, value);
  return text(printable.test(value) ? Tag.printableString : Tag.utf8String, value);
}

export function isEmptyName(name: Buffer): boolean {
  return elements(elements(name)[0]?.body ?? Buffer.alloc(0)).length === 0;
}

/** The real provider loses the e-mail address between a request and its certificate. */
export function withoutEmail(name: Buffer): Buffer {
  const sets = elements(elements(name)[0]?.body ?? Buffer.alloc(0));
  return sequence(...sets.filter((set) => !set.body.includes(emailAddress)).map((set) => set.raw));
}

export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
}

const generalName = { dns: context(2, false), uri: context(6, false), ip: context(7, false) };

/** The value of the extension subjectAltName, or nothing where there are no names. */
export function alternativeNames(names: AlternativeNames): Buffer | undefined {
  const general = [
    ...names.dnsNames.map((name) => text(generalName.dns, name)),
    ...names.ipAddresses.map((address) => encode(generalName.ip, ipBytes(address))),
    ...names.uris.map((uri) => text(generalName.uri, uri)),
  ];
  return general.length === 0 ? undefined : sequence(...general);
}

/** What the real provider takes over from a request's names, in its order. */
export function supportedAlternativeNames(extension: Buffer): Buffer | undefined {
  const order = [generalName.dns, generalName.ip, generalName.uri];
  const names = elements(elements(extension)[0]?.body ?? Buffer.alloc(0));
  const kept = order.flatMap((tag) => names.filter((name) => name.tag === tag));
  return kept.length === 0 ? undefined : sequence(...kept.map((name) => name.raw));
}

/** 4 or 16 bytes. IPv6 may be shortened and may end in an IPv4 address (RFC 4291). */
export function ipBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  if (isIP(address) !== 6 || address.includes("%")) throw new Error(`Failed to parse "${address}"`);
  const hex = address.replace(/[^:]*\..*$/, (ipv4) => {
    const bytes = ipBytes(ipv4);
    return `${bytes.toString("hex", 0, 2)}:${bytes.toString("hex", 2)}`;
  });
  const [head = [], tail = []] = hex.split("::").map((half) => half.split(":").filter((word) => word !== ""));
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  const bytes = Buffer.from([...head, ...zeros, ...tail].map((word) => word.padStart(4, "0")).join(""), "hex");
  // An IPv4 address in IPv6's clothes is written as IPv4.
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  return mapped ? bytes.subarray(12) : bytes;
}

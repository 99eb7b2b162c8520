import { isIP } from "node:net";
import { Address6 } from "ip-address";
import { z } from "zod";
import { type JsonAttributeObject, type JsonGeneralName, Name } from "./x509";

const ascii = z.string().regex(/^[\x20-\x7e]*$/, "cannot be encoded as an IA5String");

/** Parts of a subject, in the order of Go 1.26 (crypto/x509/pkix), with which the real provider writes them. */
const attributes = {
  country: { oid: "2.5.4.6", schema: z.string() },
  province: { oid: "2.5.4.8", schema: z.string() },
  locality: { oid: "2.5.4.7", schema: z.string() },
  streetAddresses: { oid: "2.5.4.9", schema: z.array(z.string()) },
  postalCode: { oid: "2.5.4.17", schema: z.string() },
  organization: { oid: "2.5.4.10", schema: z.string() },
  organizationalUnit: { oid: "2.5.4.11", schema: z.string() },
  commonName: { oid: "2.5.4.3", schema: z.string() },
  serialNumber: { oid: "2.5.4.5", schema: z.string() },
  emailAddress: { oid: "1.2.840.113549.1.9.1", schema: ascii },
} as const;
const fields = Object.entries(attributes);

/** Inputs of a request and of a certificate that signs itself. */
export const names = z.object({
  subject: z
    .strictObject(Object.fromEntries(fields.map(([field, { schema }]) => [field, schema.optional()])))
    .optional(),
  dnsNames: z.array(ascii).optional(),
  ipAddresses: z.array(z.string().refine((ip) => isIP(ip) !== 0 && !ip.includes("%"), "is no IP address")).optional(),
  uris: z.array(ascii.min(1)).optional(),
});
type Names = z.output<typeof names>;

/** A distinguished name; several values of one field are one set, as in the real provider. */
export function distinguishedName(subject: Names["subject"] = {}): Name {
  const sets = fields.map(([field, { oid }]) => {
    const values = [subject[field] ?? []].flat().filter((value) => value !== "");
    // DER wants the members of a set in the order of their encodings, which the library leaves to its caller.
    const encoded = (value: JsonAttributeObject) => Buffer.from(new Name([{ [oid]: [value] }]).toArrayBuffer());
    return { [oid]: values.map((value) => text(field, value)).sort((a, b) => encoded(a).compare(encoded(b))) };
  });
  return new Name(sets.filter((set) => Object.values(set).flat().length > 0));
}

/** In a form that the library does not take apart, as it does with quotes and backslashes in mere text. */
function text(field: string, value: string): JsonAttributeObject {
  if (field === "emailAddress") return { ia5String: value };
  return Name.isPrintableString(value) ? { printableString: value } : { utf8String: value };
}

/** What the real provider takes over from the subject of a request: it loses the e-mail address. */
export function withoutEmail(name: Name): Name {
  const kept = fields.filter(([field]) => field !== "emailAddress");
  return distinguishedName(Object.fromEntries(kept.map(([field, { oid }]) => [field, name.getField(oid)])));
}

export function alternativeNames({ dnsNames = [], ipAddresses = [], uris = [] }: Names): JsonGeneralName[] {
  return [
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value: plainAddress(value) })),
    ...uris.map((value) => ({ type: "url" as const, value })),
  ];
}

/** The library reads no IPv6 with IPv4 in it; and as in Go, IPv4 in IPv6's clothes is written as IPv4. */
function plainAddress(address: string): string {
  if (!address.includes(":")) return address;
  const parsed = new Address6(address);
  return parsed.isMapped4() ? parsed.to4().correctForm() : parsed.correctForm();
}

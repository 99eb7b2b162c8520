import { isIP } from "node:net";
import { z } from "zod";
import { allowedUses } from "./extensions";
import { parsePrivateKey } from "./keys";
import { parseAuthority, parseRequest } from "./x509";

/** Text that `parse` accepts; the problem says what is wrong with it, and never quotes it. */
function parsable(what: string, parse: (text: string) => unknown): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: "custom", message: `failed to parse ${what}: ${reason}` });
    }
  });
}

export const privateKeyPem = parsable("private key PEM", parsePrivateKey);
export const caPrivateKeyPem = parsable("CA private key PEM", parsePrivateKey);
export const caCertPem = parsable("CA certificate PEM", parseAuthority);
export const certRequestPem = parsable("certificate request PEM", parseRequest);

const ascii = z.string().regex(/^[\x20-\x7e]*$/, "cannot be encoded as an IA5String");

export const subject = z.strictObject({
  commonName: z.string().optional(),
  country: z.string().optional(),
  emailAddress: ascii.optional(),
  locality: z.string().optional(),
  organization: z.string().optional(),
  organizationalUnit: z.string().optional(),
  postalCode: z.string().optional(),
  province: z.string().optional(),
  serialNumber: z.string().optional(),
  streetAddresses: z.array(z.string()).optional(),
});

export const names = {
  subject: subject.optional(),
  dnsNames: z.array(ascii).optional(),
  ipAddresses: z
    .array(z.string().refine((address) => isIP(address) !== 0 && !address.includes("%"), "is no IP address"))
    .optional(),
  uris: z.array(ascii.min(1)).optional(),
};

export const validity = {
  allowedUses: z.array(z.enum(allowedUses)),
  validityPeriodHours: z.int().min(0),
  earlyRenewalHours: z.int().min(0).default(0),
  isCaCertificate: z.boolean().default(false),
  maxPathLength: z.int().min(-1).optional(),
  setSubjectKeyId: z.boolean().default(false),
};

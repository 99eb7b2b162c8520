import { TlsProvider } from "../../../rehearsal/providers/tls/provider";
import { type PropertyMap, plain } from "../../../rehearsal/providers/wire";

export type Kind = "PrivateKey" | "CertRequest" | "SelfSignedCert" | "LocallySignedCert";

export const start = new Date("2026-01-01T00:00:00.000Z");

export function hoursAfterStart(hours: number): Date {
  return new Date(start.getTime() + hours * 3_600_000);
}

export function providerAt(now: Date): TlsProvider {
  return new TlsProvider("0.0.0", () => now);
}

export const tls = providerAt(start);

export function urnOf(kind: Kind): string {
  const module = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
  return `urn:pulumi:dev::openchoreo::my:component:Type$tls:index/${module}:${kind}::name`;
}

/** The state of a new resource, as the engine keeps it: with secrets in their envelopes. */
export async function create(kind: Kind, inputs: PropertyMap): Promise<PropertyMap> {
  const checked = await tls.check(urnOf(kind), {}, inputs);
  if (checked.failures?.length) throw new Error(JSON.stringify(checked.failures));
  const { outs } = await tls.create(urnOf(kind), checked.inputs);
  return outs;
}

export function text(state: PropertyMap, property: string): string {
  const value = plain(state[property]);
  if (typeof value !== "string") throw new Error(`${property} is no text`);
  return value;
}

export interface Issuer {
  readonly key: PropertyMap;
  readonly cert: PropertyMap;
}

export async function createRoot(overrides: PropertyMap = {}, keySpec: PropertyMap = {}): Promise<Issuer> {
  const key = await create("PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256", ...keySpec });
  const cert = await create("SelfSignedCert", {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: "root", organization: "openchoreo" },
    isCaCertificate: true,
    validityPeriodHours: 87_600,
    allowedUses: ["cert_signing", "crl_signing"],
    ...overrides,
  });
  return { key, cert };
}

/** A certificate with a key of its own, signed by `issuer`. */
export async function createSigned(
  issuer: Issuer,
  request: PropertyMap,
  cert: PropertyMap,
  keySpec: PropertyMap = {},
): Promise<Issuer> {
  const key = await create("PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256", ...keySpec });
  const csr = await create("CertRequest", { privateKeyPem: key.privateKeyPem, ...request });
  const signed = await create("LocallySignedCert", {
    caCertPem: issuer.cert.certPem,
    caPrivateKeyPem: issuer.key.privateKeyPem,
    certRequestPem: csr.certRequestPem,
    validityPeriodHours: 24,
    allowedUses: ["server_auth", "digital_signature"],
    ...cert,
  });
  return { key, cert: signed };
}

export function createIntermediate(
  issuer: Issuer,
  overrides: PropertyMap = {},
  keySpec: PropertyMap = {},
): Promise<Issuer> {
  const uses = ["cert_signing", "crl_signing"];
  return createSigned(
    issuer,
    { subject: { commonName: "intermediate" } },
    { isCaCertificate: true, validityPeriodHours: 8_760, allowedUses: uses, ...overrides },
    keySpec,
  );
}

import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/**
 * Lifetimes in hours. A certificate is renewed by the first `up` within its early-renewal window; an intermediate's
 * window is longer than a leaf lives, so that a chain does not end before its leaf. A root is never renewed by itself,
 * but rotated on purpose (docs/day-2.md) when an intermediate of five years does not fit into what is left of it.
 */
export const LIFETIMES = {
  root: { validityPeriodHours: 20 * 8760, earlyRenewalHours: 0 },
  intermediate: { validityPeriodHours: 5 * 8760, earlyRenewalHours: 2 * 8760 },
  leaf: { validityPeriodHours: 8760, earlyRenewalHours: 2160 },
  // Of what must outlive a year without an `up`; a month less than an intermediate's window.
  identity: { validityPeriodHours: 2 * 8760 - 720, earlyRenewalHours: 8760 },
} as const;

/** Elliptic curve keys: small in Secrets, quick in handshakes, understood by etcd, Envoy and Istio alike. */
export const KEY = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;

/** What signs: an authority's certificate chain and key. */
export interface Signer {
  readonly certificate: pulumi.Output<string>;
  /** PEM of the certificate and of those above it, without the root. */
  readonly chain: pulumi.Output<string>;
  readonly key: pulumi.Output<string>;
}

/** Arguments of {@link SignedCertificate}. */
export interface SignedCertificateArgs {
  /** Who signs it. */
  readonly signer: Signer;
  readonly commonName: string;
  /** DNS names of a server. Default: none. */
  readonly dnsNames?: readonly string[];
  /** IP addresses of a server. Default: none. */
  readonly ipAddresses?: readonly string[];
  /** Whether it may sign others. Default: false. */
  readonly authority?: boolean;
  /** How long it lives, where it may not sign others. Default: leaf. */
  readonly lifetime?: "leaf" | "identity";
}

const LEAF_USES = ["digital_signature", "key_encipherment", "server_auth", "client_auth"];
const AUTHORITY_USES = ["cert_signing", "crl_signing", "digital_signature"];

/** A key and the certificate for it, signed by an authority of the mesh. */
export class SignedCertificate extends pulumi.ComponentResource implements Signer {
  /** PEM of the certificate alone. */
  readonly certificate: pulumi.Output<string>;
  /** PEM of the certificate and of the intermediates above it, as servers present it. */
  readonly chain: pulumi.Output<string>;
  /** PEM of the private key, in PKCS #8; a secret. */
  readonly key: pulumi.Output<string>;
  /** End of validity, RFC 3339. */
  readonly expires: pulumi.Output<string>;

  constructor(name: string, args: SignedCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:trust:SignedCertificate", name, {}, opts);
    const authority = args.authority ?? false;
    const key = new tls.PrivateKey(`${name}-key`, KEY, { parent: this });
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: args.commonName, organization: "openchoreo" },
        dnsNames: [...(args.dnsNames ?? [])],
        ipAddresses: [...(args.ipAddresses ?? [])],
      },
      { parent: this },
    );
    const signed = new tls.LocallySignedCert(
      name,
      {
        certRequestPem: request.certRequestPem,
        caCertPem: args.signer.certificate,
        caPrivateKeyPem: args.signer.key,
        isCaCertificate: authority,
        setSubjectKeyId: authority,
        allowedUses: authority ? AUTHORITY_USES : LEAF_USES,
        ...(authority ? LIFETIMES.intermediate : LIFETIMES[args.lifetime ?? "leaf"]),
      },
      { parent: this },
    );
    this.certificate = signed.certPem;
    this.chain = pulumi.concat(signed.certPem, args.signer.chain);
    this.key = pulumi.secret(key.privateKeyPemPkcs8);
    this.expires = signed.validityEndTime;
    this.registerOutputs({ certificate: this.certificate, chain: this.chain, key: this.key, expires: this.expires });
  }
}

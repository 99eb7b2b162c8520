import * as pulumi from "@pulumi/pulumi";
import { SignedCertificate, type Signer } from "./certificate";

/** Whom an identity is for. */
export interface IdentityArgs {
  readonly commonName: string;
  /** DNS names of a server. Default: none. */
  readonly dnsNames?: readonly string[];
}

/** A certificate, and the authority that signs for this one use and nothing else: whoever verifies may pin it. */
export interface Identity {
  readonly authority: SignedCertificate;
  readonly certificate: SignedCertificate;
}

/**
 * Long-lived certificates of single workloads, each made when it is first asked for. Their authorities keep their keys
 * when they are renewed, so what pins an authority stays true over a renewal.
 */
export class Identities extends pulumi.ComponentResource {
  private readonly made = new Map<string, Identity>();

  constructor(
    private readonly identities: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:trust:Identities", identities, {}, opts);
    this.registerOutputs();
  }

  /**
   * @param use Whose it is, such as `east/data-plane-agent`; the same use gives the same identity.
   * @param signer Who signs its authority.
   */
  identity(use: string, signer: Signer, { commonName, dnsNames }: IdentityArgs): Identity {
    const known = this.made.get(use);
    if (known !== undefined) return known;
    const name = `${this.identities}.${use.replace("/", ".")}`;
    const opts = { parent: this };
    const authority = new SignedCertificate(
      `${name}-authority`,
      { signer, commonName: `${use} authority`, authority: true },
      opts,
    );
    const certificate = new SignedCertificate(
      name,
      { signer: authority, commonName, dnsNames, lifetime: "identity" },
      opts,
    );
    const identity = { authority, certificate };
    this.made.set(use, identity);
    return identity;
  }
}

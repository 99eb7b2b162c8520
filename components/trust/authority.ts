import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { KEY, LIFETIMES, type Signer } from "./certificate";

/** An authority that nobody signed but itself. */
export interface Authority extends Signer {
  /** End of validity, RFC 3339. */
  readonly expires: pulumi.Output<string>;
}

/** Makes an authority. @param commonName What its certificate says it is. */
export function selfSigned(name: string, commonName: string, parent: pulumi.Resource): Authority {
  const key = new tls.PrivateKey(`${name}-key`, KEY, { parent });
  const signed = new tls.SelfSignedCert(
    name,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName, organization: "openchoreo" },
      isCaCertificate: true,
      setSubjectKeyId: true,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      ...LIFETIMES.root,
    },
    { parent },
  );
  // A root never travels with a chain: peers have it in their bundle.
  return {
    certificate: signed.certPem,
    chain: pulumi.output(""),
    key: key.privateKeyPem,
    expires: signed.validityEndTime,
  };
}

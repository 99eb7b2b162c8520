import { z } from "zod";
import * as inputs from "./inputs";
import { algorithmOf, parsePrivateKey, sha1Hex } from "./keys";
import { ResourceKind } from "./kind";
import { alternativeNames, distinguishedName } from "./names";
import { encodePem } from "./pem";
import { createRequest } from "./x509";

/** `tls:index/certRequest:CertRequest` */
export const certRequest = new ResourceKind({
  inputs: z.strictObject({ privateKeyPem: inputs.privateKeyPem, ...inputs.names }),
  secrets: ["privateKeyPem"],
  create: ({ privateKeyPem, subject, dnsNames = [], ipAddresses = [], uris = [] }) => {
    const privateKey = parsePrivateKey(privateKeyPem);
    const request = createRequest({
      privateKey,
      subject: distinguishedName(subject),
      alternativeNames: alternativeNames({ dnsNames, ipAddresses, uris }),
    });
    return {
      id: sha1Hex(request),
      outputs: {
        keyAlgorithm: algorithmOf(privateKey),
        certRequestPem: encodePem("CERTIFICATE REQUEST", request),
      },
    };
  },
});

import { z } from "zod";
import { algorithms, curves, generateKey, privateKeyPem, sha1Hex, spki } from "./keys";
import { ResourceKind } from "./kind";
import { encodePem } from "./pem";
import { openSsh } from "./ssh";

/** `tls:index/privateKey:PrivateKey` */
export const privateKey = new ResourceKind({
  inputs: z.strictObject({
    algorithm: z.enum(algorithms),
    ecdsaCurve: z.enum(curves).default("P224"),
    // Go, in which the real provider is written, refuses to make smaller keys.
    rsaBits: z.int().min(1024).default(2048),
  }),
  secrets: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  create: async (inputs) => {
    const pair = await generateKey(inputs);
    const publicKey = spki(pair.publicKey);
    return {
      id: sha1Hex(publicKey),
      outputs: {
        ...openSsh(pair),
        privateKeyPem: privateKeyPem(pair.privateKey),
        privateKeyPemPkcs8: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        publicKeyPem: encodePem("PUBLIC KEY", publicKey),
      },
    };
  },
});

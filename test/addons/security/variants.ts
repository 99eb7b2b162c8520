import { type AddonVariants, type Edits, type Json, vaultStore } from "../../support/settings";

const acme = (dns01: Json): Edits => ({
  "platform.certManager.issuer": { kind: "acme", email: "platform@choreo.test", dns01 },
});

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const SECURITY_VARIANTS: AddonVariants = {
  "cert-manager": {
    "ACME by Route 53": acme({
      route53: { region: "eu-west-1", hostedZoneID: "Z1", role: "arn:aws:iam::1:role/dns" },
    }),
    "ACME by Cloud DNS": acme({ cloudDNS: { project: "choreo", hostedZoneName: "zone" } }),
    "ACME by Cloudflare": acme({ cloudflare: { apiTokenSecretRef: { name: "cloudflare", key: "token" } } }),
    "ACME by a webhook": acme({
      webhook: { groupName: "acme.test", solverName: "dns", config: { zone: "a", deep: { b: 1 } } },
    }),
  },
  "external-secrets": {
    "of the cluster's own secrets": { "platform.externalSecrets.store": { kind: "kubernetes" } },
    "of Vault": { "platform.externalSecrets.store": vaultStore("vaultToken") },
  },
};

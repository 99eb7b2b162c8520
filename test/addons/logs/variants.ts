import { type AddonVariants, STORE } from "../../support/settings";

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const LOGS_VARIANTS: AddonVariants = {
  opensearch: {
    "with snapshots in development": { "platform.opensearch.snapshots": { enabled: true } },
    "with snapshots in a store of its own": {
      "platform.objectStore": { ...STORE, endpoint: "https://s3.example.com:9000" },
      "platform.opensearch.snapshots": { enabled: true, plugin: "https://mirror.example.com/repository-s3.zip" },
    },
    "with tenants of its own": {
      "platform.opensearch.tenants": { shop: { retention: "90d", readers: ["shop-developers"] }, bank: {} },
      "platform.opensearch.sso": {
        issuer: "https://id.choreo.test",
        clientId: "dashboards",
        clientSecret: "dashboardsClient",
      },
    },
  },
  "opensearch-dashboards": {
    "with tenants of its own": {
      "platform.opensearch.tenants": { shop: { readers: ["shop-developers"] } },
      "platform.opensearch.sso": {
        issuer: "https://id.choreo.test",
        clientId: "dashboards",
        clientSecret: "dashboardsClient",
      },
    },
  },
};

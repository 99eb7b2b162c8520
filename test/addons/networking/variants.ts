import type { AddonVariants } from "../../support/settings";

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const NETWORKING_VARIANTS: AddonVariants = {
  istiod: {
    "without access logs, with fixed numbers of replicas": {
      "platform.istio": { accessLogs: "none", replicas: { min: 3, max: 3 }, proxyReplicas: { min: 2, max: 2 } },
    },
    "with fewer spans": { "platform.istio": { accessLogs: "errors", traceSampling: 12.5 } },
  },
  ztunnel: { "without access logs": { "platform.istio.accessLogs": "none" } },
};

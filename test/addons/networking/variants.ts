import type { AddonVariants } from "../../support/settings";

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const NETWORKING_VARIANTS: AddonVariants = {
  istiod: {
    "without access logs, with fixed numbers of replicas": {
      "platform.istio": { accessLogs: "none", replicas: { min: 3, max: 3 }, proxyReplicas: { min: 2, max: 2 } },
    },
    "with fewer spans": { "platform.istio": { accessLogs: "errors", traceSampling: 12.5 } },
  },
  "envoy-gateway": {
    "without rate limits, open to some, behind a CDN": {
      "platform.envoyGateway": {
        rateLimit: { enabled: false },
        sourceRanges: ["203.0.113.0/24"],
        trustedHops: 1,
        proxies: { min: 2, max: 2 },
      },
    },
    "with a limit for each client, at a fixed address": {
      "platform.envoyGateway": { rateLimit: { perClient: { requests: 100 } }, proxies: { min: 2, max: 4 } },
      "platform.clusters.control.network.gatewayAddress": "172.18.255.11",
    },
    "beside no mesh": { "platform.istio.enabled": false, "platform.openchoreo.enabled": false },
  },
  ztunnel: { "without access logs": { "platform.istio.accessLogs": "none" } },
};

import type { AddonVariants } from "../../support/settings";

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const METRICS_VARIANTS: AddonVariants = {
  "kube-prometheus-stack": {
    "several replicas": { "platform.prometheus": { replicas: 3, alertmanager: { replicas: 2 } } },
    "alerts to a webhook": {
      "platform.prometheus": { alertmanager: { receiver: { kind: "webhook", secret: "alerts" } } },
    },
  },
  thanos: {
    "several replicas": { "platform.thanos": { queryReplicas: 3, storeReplicas: 3 } },
  },
  "thanos-global": {
    "several replicas": { "platform.thanosGlobal": { replicas: 3 } },
  },
};

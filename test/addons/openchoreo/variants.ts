import { type AddonVariants, OIDC } from "../../support/settings";

const SIGNED_IN = { "platform.openchoreo.oidc": { ...OIDC, audience: "choreo" } };

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const OPENCHOREO_VARIANTS: AddonVariants = {
  "openchoreo-control-plane": {
    "with people who sign in": SIGNED_IN,
    "with planes of other stacks": { "platform.openchoreo.otherStacks": true, "platform.openchoreo.replicas": 3 },
  },
  "openchoreo-observability-plane": { "with people who sign in": SIGNED_IN },
};

import type { AddonVariants } from "../../support/settings";

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const DATA_VARIANTS: AddonVariants = {
  "storage-classes": {
    "with snapshots of an existing cluster": {
      "platform.storage.snapshots": { driver: "csi.test", parameters: { kind: "incremental" } },
    },
  },
};

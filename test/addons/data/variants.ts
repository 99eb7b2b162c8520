import { type AddonVariants, STORE } from "../../support/settings";

/** Settings of this area's add-ons that take every way through their values and custom resources, beside the common ones. */
export const DATA_VARIANTS: AddonVariants = {
  velero: {
    "with a second place": {
      "platform.velero.copy": { region: "us-east-1", bucket: "test-copies", credentials: "objectStore" },
      "platform.velero.platform": "gold",
    },
    "with buckets that settings name": { "platform.objectStore": { ...STORE, endpoint: "https://s3.test" } },
    "with buckets of AWS": { "platform.objectStore": STORE },
    "with snapshots": { "platform.storage.snapshots": { driver: "csi.test" }, "platform.snapshotController": {} },
  },
  "storage-classes": {
    "with snapshots of an existing cluster": {
      "platform.storage.snapshots": { driver: "csi.test", parameters: { kind: "incremental" } },
    },
  },
};

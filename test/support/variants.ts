import { DATA_VARIANTS } from "../addons/data/variants";
import { DELIVERY_VARIANTS } from "../addons/delivery/variants";
import { LIFECYCLE_VARIANTS } from "../addons/lifecycle/variants";
import { LOGS_VARIANTS } from "../addons/logs/variants";
import { METRICS_VARIANTS } from "../addons/metrics/variants";
import { NETWORKING_VARIANTS } from "../addons/networking/variants";
import { OPENCHOREO_VARIANTS } from "../addons/openchoreo/variants";
import { SECURITY_VARIANTS } from "../addons/security/variants";
import { TRACES_VARIANTS } from "../addons/traces/variants";
import { type AddonVariants, type Edits, everything, PRODUCTION, type Variants } from "./settings";

const native = Object.fromEntries(
  ["control", "east", "west"].map((name) => [`platform.clusters.${name}.network.routing`, "native"]),
);

/** One cluster that is everything. */
export const ALL_PLANES: Edits = {
  "platform.clusters.control.planes": ["control", "data", "workflow", "observability"],
  "platform.clusters.east": undefined,
  "platform.clusters.west": undefined,
};

/** Settings that a fleet with cluster `east` outside the mesh asks for. */
export const OUTSIDE_MESH: Edits = {
  ...everything(),
  "platform.clusters.east.network.mesh": false,
  "platform.fluentBit.opensearchHost": "opensearch.choreo.test",
  "platform.openTelemetryCollector.ingestHost": "traces.choreo.test",
};

/** Settings that every add-on is looked at with, switched on with all the others. */
export const COMMON_VARIANTS: Variants = {
  "in development": everything(),
  "in production": { ...everything(), ...PRODUCTION },
  "on one cluster with all planes": { ...everything(), ...ALL_PLANES },
  "with native routing": { ...everything(), ...native },
  "outside the mesh": OUTSIDE_MESH,
  "beside a Cilium that is there": {
    ...OUTSIDE_MESH,
    "platform.clusters.east.cilium": "present",
  },
  "without a fixed address": {
    ...everything(),
    "platform.mesh.dns": "published",
    "platform.clusters.east.network.meshAddress": undefined,
  },
  "without encryption": { ...everything(), "platform.mesh.encryption": "none" },
};

/** Settings that matter to one add-on; each area has its own file of them. */
export const ADDON_VARIANTS: AddonVariants = {
  ...NETWORKING_VARIANTS,
  ...SECURITY_VARIANTS,
  ...METRICS_VARIANTS,
  ...LOGS_VARIANTS,
  ...TRACES_VARIANTS,
  ...DELIVERY_VARIANTS,
  ...DATA_VARIANTS,
  ...LIFECYCLE_VARIANTS,
  ...OPENCHOREO_VARIANTS,
};

import type { Addon } from "../contract";
import { externalDns } from "./external-dns";
import { metricsServer } from "./metrics-server";
import { verticalPodAutoscaler } from "./vertical-pod-autoscaler";

/** Add-ons of this area, in the order of the documentation. */
export const LIFECYCLE: readonly Addon[] = [externalDns, metricsServer, verticalPodAutoscaler];

import type { Addon } from "./contract";
import { DATA } from "./data";
import { DELIVERY } from "./delivery";
import { LIFECYCLE } from "./lifecycle";
import { LOGS } from "./logs";
import { METRICS } from "./metrics";
import { NETWORKING } from "./networking";
import { OPENCHOREO } from "./openchoreo";
import { SECURITY } from "./security";
import { TRACES } from "./traces";

/** Add-ons by area, as their folders have them. */
export const AREAS: Readonly<Record<string, readonly Addon[]>> = {
  networking: NETWORKING,
  security: SECURITY,
  metrics: METRICS,
  logs: LOGS,
  traces: TRACES,
  delivery: DELIVERY,
  data: DATA,
  lifecycle: LIFECYCLE,
  openchoreo: OPENCHOREO,
};

/** Every add-on of the platform. A new one is a file in its area, a pin in charts.json and a line in the area's list. */
export const CATALOG: readonly Addon[] = Object.values(AREAS).flat();

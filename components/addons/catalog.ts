import type { Addon } from "./addon";
import { certManager } from "./cert-manager";
import { cilium } from "./cilium";
import { gatewayApi } from "./gateway-api";

/** Every add-on of the platform. A new one is a file, a pin in charts.json and a line here. */
export const CATALOG: readonly Addon[] = [gatewayApi, cilium, certManager];

import type { Addon } from "../contract";
import { prometheus } from "./prometheus";
import { thanos } from "./thanos";
import { thanosGlobal } from "./thanos-global";

/** Add-ons of this area, in the order of the documentation. */
export const METRICS: readonly Addon[] = [prometheus, thanos, thanosGlobal];

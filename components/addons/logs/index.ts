import type { Addon } from "../contract";

/** Add-ons of this area, in the order of the documentation. */
export const LOGS: readonly Addon[] = [];

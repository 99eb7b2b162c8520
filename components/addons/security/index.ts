import type { Addon } from "../contract";
import { certManager } from "./cert-manager";
import { externalSecrets } from "./external-secrets";

/** Add-ons of this area, in the order of the documentation. */
export const SECURITY: readonly Addon[] = [certManager, externalSecrets];

import type { Addon } from "../contract";
import { argoCd } from "./argo-cd";
import { argoWorkflows } from "./argo-workflows";
import { builds } from "./builds";
import { kpack } from "./kpack";
import { registry, registryAccess } from "./registry";

/** Add-ons of this area, in the order of the documentation. */
export const DELIVERY: readonly Addon[] = [argoCd, argoWorkflows, kpack, registry, registryAccess, builds];

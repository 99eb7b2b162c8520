import type { Addon } from "../contract";
import { s3Server } from "./s3-server";

/** Add-ons of this area, in the order of the documentation. */
export const DATA: readonly Addon[] = [s3Server];

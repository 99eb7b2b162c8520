import type { Addon } from "../contract";
import { fluentBit } from "./fluent-bit";
import { opensearch } from "./opensearch";
import { opensearchDashboards } from "./opensearch-dashboards";

/** Add-ons of this area, in the order of the documentation. */
export const LOGS: readonly Addon[] = [opensearch, opensearchDashboards, fluentBit];

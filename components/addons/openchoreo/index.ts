import type { Addon } from "../contract";
import { agentLink } from "./agent-link";
import { controlPlane } from "./control-plane";
import { dataPlane } from "./data-plane";
import { observabilityPlane } from "./observability-plane";
import { workflowPlane } from "./workflow-plane";

export { agentIdentity } from "./agent";
export { AGENT_PLANES, type AgentPlane, applicationHost, observerHost, planeAddon } from "./names";

/** Add-ons of this area, in the order of the documentation. */
export const OPENCHOREO: readonly Addon[] = [controlPlane, agentLink, dataPlane, workflowPlane, observabilityPlane];

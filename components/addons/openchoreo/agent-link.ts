import { defineAddon } from "../addon";
import { callerService } from "./cluster-gateway";
import { AGENT_PLANES, NAMESPACES } from "./names";
import type { OpenchoreoConfig } from "./settings";

/**
 * Where agents are and the control plane is not: the Service by which they reach it in the mesh. It has to be in the
 * namespace that it has on the other side.
 */
export const agentLink = defineAddon({
  name: "openchoreo-agent-link",
  key: "openchoreo",
  title: "The way of OpenChoreo's agents to the control plane, through the mesh",
  namespace: { name: NAMESPACES.control, podSecurity: "restricted" },
  on: ({ planes, cilium }) =>
    cilium === "managed" && !planes.includes("control") && AGENT_PLANES.some((plane) => planes.includes(plane)),
  needs: [],
  kinds: [],
  values: (_target, _config: OpenchoreoConfig) => ({}),
  resources: (scope) => [callerService(scope)],
});

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { planeName } from "../../fleet";
import type { ClusterTrust, Identity } from "../../trust";
import type { AddonScope, AddonTarget } from "../contract";
import { digest } from "../digest";
import { reaches } from "../global-service";
import { AGENT_PORT, AGENT_SERVICE, type AgentPlane, HOSTS, NAMESPACES } from "./names";
import type { OpenchoreoConfig } from "./settings";

const CLIENT_SECRET = "cluster-agent-client-tls";
const SERVER_CA = "cluster-gateway-roots";

/**
 * Who a plane's agent is. The cluster gateway admits whoever has a certificate of the authority that the plane is
 * registered with, whatever its subject: so each plane has an authority of its own, and nothing else is signed by it.
 * Source: OpenChoreo, internal/cluster-gateway/server.go, verifyClientCertificatePerCR.
 */
export function agentIdentity(trust: ClusterTrust, plane: AgentPlane, id: string): Identity {
  return trust.identity(`${plane}-agent`, { commonName: id });
}

/** The part of a plane's values that is about its agent; equal for the three charts. */
export function agentValues(target: AddonTarget, plane: AgentPlane, { replicas }: OpenchoreoConfig) {
  const { fleet, cluster } = target;
  const id = planeName(fleet, cluster);
  return {
    serverUrl: serverUrl(target),
    planeID: id,
    replicas,
    podDisruptionBudget: { enabled: replicas > 1 },
    // cert-manager's own certificate, in the Secret that `secretName` names, is not used: agents read theirs at their
    // start only, and would die of it after 90 days.
    tls: { clientSecretName: CLIENT_SECRET, serverCAConfigMap: SERVER_CA },
    podAnnotations: { "openchoreo.dev/trust": agentDigest(target, plane, id) },
  };
}

/** Changes with everything that an agent reads at its start. */
function agentDigest(target: AddonTarget, plane: AgentPlane, id: string): pulumi.Output<string> {
  const { certificate } = agentIdentity(target.trust, plane, id);
  return pulumi.all([certificate.chain, controlBundle(target)]).apply((parts) => digest(parts.join("")));
}

/** The roots that the cluster gateway's certificate is verified by. */
function controlBundle({ trust, otherControl }: AddonTarget): pulumi.Output<string> {
  return otherControl === undefined ? trust.bundle : pulumi.output(otherControl.trust.bundle);
}

/** What an agent dials: a Service of the mesh where the control plane is in it, else its public name. */
function serverUrl({ fleet, cluster, otherControl }: AddonTarget): string {
  const { control } = fleet;
  const own = fleet.clusters.find(({ name }) => control.kind === "own" && name === control.cluster);
  if (own !== undefined && reaches(cluster, own)) {
    return `wss://${AGENT_SERVICE}.${NAMESPACES.control}.svc:${AGENT_PORT}/ws`;
  }
  return `wss://${HOSTS.clusterGateway(otherControl?.domain ?? fleet.domain)}/ws`;
}

/** The Secret and the ConfigMap that an agent's pod mounts. */
export function prepareAgent(scope: AddonScope<OpenchoreoConfig>, plane: AgentPlane): pulumi.Resource[] {
  const { name, namespace, fleet, cluster, trust, opts } = scope;
  const { certificate } = agentIdentity(trust, plane, planeName(fleet, cluster));
  const client = new kubernetes.core.v1.Secret(
    `${name}-agent`,
    {
      metadata: { name: CLIENT_SECRET, namespace },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate.chain, "tls.key": certificate.key },
    },
    opts,
  );
  const roots = new kubernetes.core.v1.ConfigMap(
    `${name}-roots`,
    { metadata: { name: SERVER_CA, namespace }, data: { "ca.crt": controlBundle(scope) } },
    opts,
  );
  return [client, roots];
}

import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCluster } from "../../fleet";
import type { Identity } from "../../trust";
import type { AddonScope, AddonTarget } from "../contract";
import { digest } from "../digest";
import { globalService, reaches } from "../global-service";
import { AGENT_PLANES, AGENT_PORT, AGENT_SERVICE, HOSTS, NAMESPACES } from "./names";
import type { OpenchoreoConfig } from "./settings";

/** Labels of the gateway's pods. Source: the chart's templates/cluster-gateway/service.yaml. */
const PODS = { app: "cluster-gateway", "app.kubernetes.io/component": "cluster-gateway" };

/** The gateway's own certificate, good for every name that somebody dials. */
function serverIdentity({ trust, fleet }: AddonTarget): Identity {
  const services = ["cluster-gateway", AGENT_SERVICE].flatMap((service) => {
    const host = `${service}.${NAMESPACES.control}.svc`;
    return [host, `${host}.cluster.local`];
  });
  const dnsNames = [...services, HOSTS.clusterGateway(fleet.domain)];
  return trust.identity("cluster-gateway", { commonName: "cluster-gateway", dnsNames });
}

/** The gateway reads its certificate at its start only: a new one has a Secret of another name, which restarts it. */
function serverSecret(target: AddonTarget): pulumi.Output<string> {
  return serverIdentity(target).certificate.chain.apply((chain) => `cluster-gateway-${digest(chain)}`);
}

/** An issuer that is not there. */
const NO_ISSUER = "made-by-the-platform";

/**
 * The part of the control plane's values that is about its cluster gateway.
 *
 * The chart makes a cert-manager Certificate for the very Secret that the gateway mounts, and no value leaves it out. As
 * its issuer is not there cert-manager never writes that Secret, and the Certificate stays "not ready": the price for a
 * key that can sign for the whole mesh not lying in the cluster, and for a gateway that does not die of a certificate
 * that was renewed behind its back. Certificates of the internal API stay cert-manager's; they live long enough for a
 * restart to come by.
 */
export function clusterGatewayValues(target: AddonTarget) {
  const tls = { secretName: serverSecret(target), issuerRef: { kind: "ClusterIssuer", name: NO_ISSUER } };
  const internalMtls = { clientCertDuration: "43800h", clientCertRenewBefore: "35040h" };
  return { tls, internalMtls, podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } } };
}

/** Secret with the roots that the gateway's callers on the control plane verify it by; they too read it once. */
export function rootsSecret({ trust }: AddonTarget): pulumi.Output<string> {
  return trust.bundle.apply((bundle) => `cluster-gateway-roots-${digest(bundle)}`);
}

/** Secrets that the gateway and its callers mount. */
export function prepareClusterGateway(scope: AddonScope<OpenchoreoConfig>): pulumi.Resource[] {
  const { name, namespace, trust, opts } = scope;
  const { certificate } = serverIdentity(scope);
  const server = new kubernetes.core.v1.Secret(
    `${name}-cluster-gateway`,
    {
      metadata: { name: serverSecret(scope), namespace },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate.chain, "tls.key": certificate.key },
    },
    opts,
  );
  const roots = new kubernetes.core.v1.Secret(
    `${name}-roots`,
    { metadata: { name: rootsSecret(scope), namespace }, stringData: { "ca.crt": trust.bundle } },
    opts,
  );
  return [server, roots];
}

const PORTS = [{ name: "websocket", port: AGENT_PORT }];

/** The Services by which agents reach the gateway: of their own cluster and of the mesh, and in public where one has to. */
export function clusterGatewayServices(scope: AddonScope<OpenchoreoConfig>): pulumi.Resource[] {
  const { name, namespace, opts } = scope;
  const args = { service: AGENT_SERVICE, namespace, ports: PORTS, selector: PODS };
  const mesh = globalService(`${name}-mesh`, args, opts);
  return [mesh, ...(isPublic(scope) ? [publicService(scope)] : [])];
}

/** The other side of the mesh's Service, on a cluster that has agents and no gateway. */
export function callerService({ name, namespace, opts }: AddonScope<OpenchoreoConfig>): pulumi.Resource {
  return globalService(`${name}-mesh`, { service: AGENT_SERVICE, namespace, ports: PORTS }, opts);
}

function isPublic({ config, fleet, cluster }: AddonScope<OpenchoreoConfig>): boolean {
  const hasAgent = ({ planes }: PlannedCluster) => AGENT_PLANES.some((plane) => planes.includes(plane));
  return config.otherStacks || fleet.clusters.some((other) => hasAgent(other) && !reaches(other, cluster));
}

/** TLS ends in the gateway itself, which asks for the agents' certificates: a load balancer of its own passes it on. */
function publicService({ name, namespace, fleet, opts }: AddonScope<OpenchoreoConfig>): pulumi.Resource {
  return new kubernetes.core.v1.Service(
    `${name}-public`,
    {
      metadata: {
        name: "cluster-gateway-public",
        namespace,
        annotations: { "external-dns.alpha.kubernetes.io/hostname": HOSTS.clusterGateway(fleet.domain) },
      },
      spec: {
        type: "LoadBalancer",
        selector: PODS,
        ports: [{ name: "websocket", protocol: "TCP", port: 443, targetPort: AGENT_PORT }],
      },
    },
    opts,
  );
}

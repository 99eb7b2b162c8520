import type { PlannedCluster } from "../../fleet";

/** ConfigMap with the roots that Hubble and the cluster mesh trust; the chart's own default name. */
export const CA_BUNDLE = "cilium-root-ca.crt";

/** A certificate that Cilium's chart expects in a Secret. */
export interface CiliumCertificate {
  readonly secret: string;
  readonly commonName: string;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/**
 * The certificates of one cluster. Names and subjects are those that the chart gives when it makes them itself
 * (templates/hubble/tls-helm and templates/clustermesh-apiserver/tls-helm, authMode "cluster"); the mesh API server's
 * also has the names and addresses that the plan gives it.
 */
export function ciliumCertificates({ name, mesh }: PlannedCluster, relay: boolean): CiliumCertificate[] {
  const hubble = [
    server("hubble-server-certs", `*.${name}.hubble-grpc.cilium.io`),
    ...(relay ? [server("hubble-relay-client-certs", "*.hubble-relay.cilium.io")] : []),
  ];
  if (mesh === undefined) return hubble;
  const domain = "clustermesh-apiserver.cilium.io";
  const fixed = mesh.fixedAddress === undefined ? [] : [mesh.fixedAddress];
  return [
    ...hubble,
    {
      secret: "clustermesh-apiserver-server-cert",
      commonName: domain,
      dnsNames: [domain, "*.mesh.cilium.io", "clustermesh-apiserver.kube-system.svc", mesh.host],
      ipAddresses: ["127.0.0.1", "::1", ...fixed],
    },
    { secret: "clustermesh-apiserver-admin-cert", commonName: `admin-${name}` },
    { secret: "clustermesh-apiserver-remote-cert", commonName: `remote-${name}` },
    { secret: "clustermesh-apiserver-local-cert", commonName: `local-${name}` },
  ];
}

function server(secret: string, dnsName: string): CiliumCertificate {
  return { secret, commonName: dnsName, dnsNames: [dnsName] };
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as k8s from "@kubernetes/client-node";
import type { FleetPlan } from "../../components/fleet";
import type { Folders } from "../folders";

/** An EKS cluster of a plan, and the local cluster that stands for it. */
export interface EksStandIn {
  /** The fleet's name of it. */
  readonly name: string;
  /** Its name at AWS. */
  readonly physicalName: string;
  readonly region: string;
}

/** The EKS clusters of a plan. */
export function eksClustersOf({ clusters }: FleetPlan): EksStandIn[] {
  return clusters.flatMap(({ name, eks }) =>
    eks === undefined ? [] : [{ name, physicalName: eks.physicalName, region: eks.region }],
  );
}

/**
 * Tells the stand-in for AWS which local API server each EKS cluster is, and the stand-in for its CLI by which credential
 * it is used.
 */
export function writeLocalClusters(
  clusters: readonly EksStandIn[],
  kubeconfigs: ReadonlyMap<string, string>,
  folders: Pick<Folders, "localClusters" | "credentials">,
): void {
  rmSync(folders.credentials, { recursive: true, force: true });
  const servers = clusters.flatMap(({ name, physicalName, region }) => {
    const kubeconfig = kubeconfigs.get(name);
    if (kubeconfig === undefined) return [];
    const { server, credential } = read(kubeconfig);
    const folder = join(folders.credentials, region);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, `${physicalName}.json`), JSON.stringify(credential), { mode: 0o600 });
    return [[physicalName, server] as const];
  });
  mkdirSync(dirname(folders.localClusters), { recursive: true, mode: 0o700 });
  writeFileSync(folders.localClusters, JSON.stringify(Object.fromEntries(servers)));
}

/** The API server, and the credential as `aws eks get-token` hands it out: in place of a token, a client certificate. */
function read(kubeconfig: string) {
  const config = new k8s.KubeConfig();
  config.loadFromString(readFileSync(kubeconfig, "utf8"));
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  const base64 = (data?: string, file?: string) =>
    data ?? (file === undefined ? "" : readFileSync(file).toString("base64"));
  const pem = (data?: string, file?: string) => Buffer.from(base64(data, file), "base64").toString("utf8");
  return {
    server: { endpoint: cluster?.server ?? "", certificateAuthority: base64(cluster?.caData, cluster?.caFile) },
    credential: {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
      spec: {},
      status: {
        clientCertificateData: pem(user?.certData, user?.certFile),
        clientKeyData: pem(user?.keyData, user?.keyFile),
      },
    },
  };
}

import { readFileSync } from "node:fs";
import * as k8s from "@kubernetes/client-node";
import type { LocalCluster } from "./kwok";

/** Clients of one local cluster. */
export interface ClusterClient {
  readonly name: string;
  readonly config: k8s.KubeConfig;
  readonly core: k8s.CoreV1Api;
  readonly apps: k8s.AppsV1Api;
  readonly definitions: k8s.ApiextensionsV1Api;
  readonly apis: k8s.ApiregistrationV1Api;
}

/** Connects to a local cluster, and refuses any other: a rehearsal never leaves this machine. */
export function clientOf({ name, kubeconfig }: LocalCluster): ClusterClient {
  const config = new k8s.KubeConfig();
  config.loadFromString(readFileSync(kubeconfig, "utf8"));
  const server = config.getCurrentCluster()?.server ?? "";
  if (!/^https:\/\/(127\.0\.0\.1|localhost|\[::1\]):/.test(server)) {
    throw new Error(`the kubeconfig of local cluster "${name}" names ${server}`);
  }
  return {
    name,
    config,
    core: config.makeApiClient(k8s.CoreV1Api),
    apps: config.makeApiClient(k8s.AppsV1Api),
    definitions: config.makeApiClient(k8s.ApiextensionsV1Api),
    apis: config.makeApiClient(k8s.ApiregistrationV1Api),
  };
}

/** The HTTP status that a request failed with, or `undefined` when it failed in another way. */
export function statusOf(error: unknown): number | undefined {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "number"
    ? error.code
    : undefined;
}

const ZONES = ["a", "b", "c"] as const;

/** Adds a simulated node for each of three zones, large enough for everything. */
export async function addNodes({ core, name: cluster }: ClusterClient): Promise<void> {
  const resources = { cpu: "64", memory: "512Gi", "ephemeral-storage": "1Ti", pods: "1000" };
  for (const zone of ZONES) {
    const name = `${cluster}-${zone}`;
    await core.createNode({
      body: {
        metadata: {
          name,
          annotations: { "kwok.x-k8s.io/node": "fake" },
          labels: {
            "kubernetes.io/hostname": name,
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "topology.kubernetes.io/zone": `zone-${zone}`,
          },
        },
        status: { allocatable: resources, capacity: resources },
      },
    });
  }
}

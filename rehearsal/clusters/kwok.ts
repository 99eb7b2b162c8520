import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Engine, enginePath } from "../engine";
import { MARK } from "../environment";
import type { Folders } from "../folders";
import { alive, RehearsalError, run } from "../process";

/** A local cluster: real etcd, API server, controllers and scheduler; nodes and pods simulated by KWOK. */
export interface LocalCluster {
  readonly name: string;
  /** Kubeconfig file, mode 0600. */
  readonly kubeconfig: string;
}

/** Ports of one cluster's processes. */
const PORTS = [
  "kubeApiserverPort",
  "etcdPort",
  "etcdPeerPort",
  "kubeControllerManagerPort",
  "kubeSchedulerPort",
  "kwokControllerPort",
] as const;

/** Controllers that have nothing to do where nodes and pods are simulated; without them a cluster needs less memory. */
const IDLE_CONTROLLERS = [
  "horizontal-pod-autoscaler-controller",
  "persistentvolume-attach-detach-controller",
  "persistentvolume-expander-controller",
  "certificatesigningrequest-approving-controller",
  "certificatesigningrequest-cleaner-controller",
  "certificatesigningrequest-signing-controller",
  "node-ipam-controller",
  "node-route-controller",
  "service-lb-controller",
  "cloud-node-lifecycle-controller",
];

/** As on real clusters; without limits of requests KWOK has five times as much. */
const NODE_LEASE_SECONDS = "40";

/** The garbage collector's target: half the heap that Go would let grow, for a little more CPU. */
const GO_GARBAGE_PERCENT = "50";

/** The local cluster of a name, whether it runs or not. */
export function localCluster(name: string, folders: Folders): LocalCluster {
  return { name, kubeconfig: join(folders.kubeconfigs, `${name}.yaml`) };
}

/** Starts a cluster on free ports. */
export async function createCluster(name: string, engine: Engine, folders: Folders): Promise<LocalCluster> {
  mkdirSync(folders.clusters, { recursive: true, mode: 0o700 });
  mkdirSync(folders.kubeconfigs, { recursive: true, mode: 0o700 });
  const config = join(folders.clusters, `${name}.yaml`);
  const { kubeconfig } = localCluster(name, folders);
  writeFileSync(config, stringify(kwokctlConfig(engine, await freePorts())));
  const args = ["create", "cluster", "--name", name, "--config", config, "--kubeconfig", kubeconfig, "--wait", "2m"];
  const { code, output } = await kwokctl(args, engine, folders);
  if (code !== 0) {
    const tail = output.trim().split("\n").slice(-6).join("\n  ");
    throw new RehearsalError(
      `the local cluster "${name}" did not start:\n  ${tail}\nSee ${join(folders.log, "kwokctl.log")}.`,
    );
  }
  // kwokctl has one of its own beside the cluster's keys.
  for (const file of [kubeconfig, join(folders.clusters, "clusters", name, "kubeconfig.yaml")]) chmodSync(file, 0o600);
  return { name, kubeconfig };
}

function kwokctl(args: readonly string[], engine: Engine, folders: Folders) {
  const env = {
    PATH: enginePath(engine),
    HOME: folders.home,
    KWOK_WORKDIR: folders.clusters,
    TMPDIR: process.env.TMPDIR,
    // The cluster's processes inherit it.
    [MARK]: folders.base,
  };
  return run(engine.file("kwokctl"), args, { env, log: join(folders.log, "kwokctl.log") });
}

/**
 * Admission stays on, so Pod Security, quotas and admission policies are enforced for real; only webhooks are off, as
 * nothing answers them. Every binary and port is named, so nothing is downloaded and nothing collides.
 */
function kwokctlConfig(engine: Engine, ports: Readonly<Record<string, number>>): object {
  const extraEnvs = [{ name: "GOGC", value: GO_GARBAGE_PERCENT }];
  const patch = (name: string, extra: Readonly<Record<string, string>>) => ({
    name,
    extraArgs: Object.entries(extra).map(([key, value]) => ({ key, value })),
    extraEnvs,
  });
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      bindAddress: "127.0.0.1",
      kubeVersion: "v1.33.3",
      etcdBinary: engine.file("etcd"),
      kubeApiserverBinary: engine.file("kube-apiserver"),
      kubeControllerManagerBinary: engine.file("kube-controller-manager"),
      kubeSchedulerBinary: engine.file("kube-scheduler"),
      kwokControllerBinary: engine.file("kwok"),
      kubectlBinary: engine.file("kubectl"),
      ...ports,
      securePort: true,
      kubeAuthorization: true,
      kubeAdmission: true,
      disableQPSLimits: true,
    },
    componentsPatches: [
      // Throw-away data: a crash of this machine loses a rehearsal, and that is all.
      patch("etcd", { "snapshot-count": "2000", "unsafe-no-fsync": "true" }),
      patch("kube-apiserver", {
        "disable-admission-plugins": "MutatingAdmissionWebhook,ValidatingAdmissionWebhook",
        "advertise-address": "127.0.0.1",
        "endpoint-reconciler-type": "none",
        profiling: "false",
      }),
      patch("kube-controller-manager", {
        "leader-elect": "false",
        controllers: ["*", ...IDLE_CONTROLLERS.map((name) => `-${name}`)].join(","),
      }),
      patch("kube-scheduler", { "leader-elect": "false" }),
      // So long pods stay as they are after a cluster was stopped and started: KWOK waits for the nodes' old leases.
      patch("kwok-controller", { "node-lease-duration-seconds": NODE_LEASE_SECONDS }),
    ],
  };
}

/** Free ports from the operating system, held together so that they are all different. */
async function freePorts(): Promise<Record<string, number>> {
  const servers = await Promise.all(
    PORTS.map(
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(PORTS.map((name, index) => [name, ports[index] ?? 0]));
}

/** Process ids of a local cluster. */
function pidsOf(name: string, folders: Folders): number[] {
  const folder = join(folders.clusters, "clusters", name, "pids");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((file) => Number(readFileSync(join(folder, file), "utf8")))
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

/** Names of the local clusters that an earlier rehearsal left. */
export function clusterNames(folders: Folders): string[] {
  return everyCluster(folders).filter((name) => !existsSync(lossOf(name, folders)));
}

/** Names of those that it lost since. */
export function lostClusterNames(folders: Folders): string[] {
  return everyCluster(folders).filter((name) => existsSync(lossOf(name, folders)));
}

function everyCluster(folders: Folders): string[] {
  const folder = join(folders.clusters, "clusters");
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** File that marks a lost cluster. */
function lossOf(name: string, folders: Folders): string {
  return join(folders.clusters, "clusters", name, "lost");
}

/** Whether every process of the cluster runs, and its start had come to its end. */
export function isRunning(name: string, folders: Folders): boolean {
  const pids = pidsOf(name, folders);
  return pids.length > 0 && pids.every(alive) && existsSync(localCluster(name, folders).kubeconfig);
}

const STOP_MS = 5_000;

/** Stops a cluster's processes and removes its data. Works without the engine, so that it always can. */
export async function deleteCluster(name: string, folders: Folders): Promise<void> {
  await stopCluster(name, folders);
  rmSync(join(folders.clusters, "clusters", name), { recursive: true, force: true });
  rmSync(join(folders.kubeconfigs, `${name}.yaml`), { force: true });
}

/** Has a cluster answer no more, for good; its kubeconfig stays, as settings would still name one. */
export async function loseCluster(name: string, folders: Folders): Promise<void> {
  await stopCluster(name, folders);
  writeFileSync(lossOf(name, folders), "");
}

async function stopCluster(name: string, folders: Folders): Promise<void> {
  const pids = pidsOf(name, folders);
  signal(pids, "SIGTERM");
  const deadline = Date.now() + STOP_MS;
  while (pids.some(alive) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  signal(pids.filter(alive), "SIGKILL");
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It is gone already.
    }
  }
}

import { rmSync } from "node:fs";
import { type ClusterClient, clientOf } from "../../../rehearsal/clusters/client";
import { createCluster, deleteCluster, type LocalCluster } from "../../../rehearsal/clusters/kwok";
import { makeFolders } from "../../../rehearsal/environment";
import type { Folders } from "../../../rehearsal/folders";
import { Project } from "./project";
import { theEngine } from "./root";
import { step } from "./steps";

/** One local cluster without nodes, that the program knows nothing of: a real API server and its controllers. */
export class BareCluster {
  readonly client: ClusterClient;

  private constructor(
    private readonly project: Project,
    private readonly folders: Folders,
    readonly cluster: LocalCluster,
  ) {
    this.client = clientOf(cluster);
  }

  static async start(): Promise<BareCluster> {
    const engine = await theEngine();
    const project = new Project();
    const folders = project.folders("bare");
    makeFolders(folders);
    const cluster = await step("a local cluster", () => createCluster("bare", engine, folders));
    return new BareCluster(project, folders, cluster);
  }

  /** A folder that goes with it. */
  get folder(): string {
    return this.folders.base;
  }

  get kubeconfig(): string {
    return this.cluster.kubeconfig;
  }

  async stop(): Promise<void> {
    await deleteCluster(this.cluster.name, this.folders);
    this.project.remove();
    rmSync(this.folders.base, { recursive: true, force: true });
  }
}

import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { parse, stringify } from "yaml";
import { endpointOf } from "../../../components/clusters";
import type { LocalCluster } from "../../../rehearsal/clusters/kwok";

/** Stands between a stack and its API server, and breaks what goes through. */
export class Gateway {
  private readonly sockets = new Set<Socket>();
  private server: Server;
  /** Milliseconds that every piece of an answer is held back. */
  delay = 0;

  private constructor(
    private readonly target: number,
    readonly port: number,
    server: Server,
  ) {
    this.server = server;
  }

  /** A proxy before a cluster's API server. */
  static async before({ kubeconfig }: LocalCluster): Promise<Gateway> {
    const { port: target } = endpointOf(parse(readFileSync(kubeconfig, "utf8")).clusters[0].cluster.server);
    const server = createServer();
    await listen(server, 0);
    const proxy = new Gateway(target, (server.address() as AddressInfo).port, server);
    server.on("connection", (socket) => proxy.join(socket));
    return proxy;
  }

  /** A kubeconfig beside the cluster's, whose server is the proxy. */
  kubeconfigFor({ kubeconfig }: LocalCluster): string {
    const config = parse(readFileSync(kubeconfig, "utf8"));
    config.clusters[0].cluster.server = `https://127.0.0.1:${this.port}`;
    const file = kubeconfig.replace(/\.yaml$/, "-by-proxy.yaml");
    writeFileSync(file, stringify(config), { mode: 0o600 });
    return file;
  }

  /** Ends every connection that is open. */
  cut(): number {
    const count = this.sockets.size;
    for (const socket of this.sockets) socket.destroy();
    return count;
  }

  /** Takes no connection any more, and ends those that are open. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  /** Takes connections again. */
  async open(): Promise<void> {
    this.server = createServer((socket) => this.join(socket));
    await listen(this.server, this.port);
  }

  private join(client: Socket): void {
    const server = connect(this.target, "127.0.0.1");
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
    client.on("data", (chunk) => server.write(chunk));
    server.on("data", (chunk) => {
      if (this.delay === 0) client.write(chunk);
      else setTimeout(() => client.write(chunk), this.delay);
    });
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the fake got. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly authorization: string;
}

interface Stored {
  readonly body: string;
  readonly version: number;
}

/**
 * A server that keeps what it is given, with those rules of OpenSearch that make a difference to whoever writes: what
 * has a version is only replaced at that version, ids of monitors are the server's own, a channel is made once.
 */
export class FakeOpenSearch {
  readonly stored = new Map<string, Stored>();
  readonly got: Got[] = [];
  /** Paths that cannot be removed, and how often the server is not ready yet. */
  readonly held = new Set<string>();
  notReady = 0;
  private readonly server: Server;
  private monitors = 0;

  constructor() {
    this.server = createServer((request, response) => {
      void read(request).then((body) => {
        const { method = "", url = "", headers } = request;
        this.got.push({ method, path: url, body, authorization: headers.authorization ?? "" });
        const [status, answer] = this.answer(method, url, body);
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(JSON.stringify(answer));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }

  /** Paths of what it keeps. */
  paths(): string[] {
    return [...this.stored.keys()].filter((path) => !path.startsWith("/choreo-documents/")).sort();
  }

  private answer(method: string, url: string, body: string): readonly [number, object] {
    const [path = "", query = ""] = url.split("?");
    if (path === "/ready") return this.notReady-- > 0 ? [408, {}] : [200, {}];
    if (path.endsWith("/_search")) return this.search(body);
    if (path.endsWith("/_import")) return [200, { success: body.includes('"type":"dashboard"') }];
    if (path.startsWith("/choreo-documents/")) return this.record(method, path, body);
    switch (method) {
      case "GET":
        return this.read(path);
      case "PUT":
        return this.replace(path, query, body);
      case "POST":
        return this.create(path, body);
      default:
        return this.remove(path);
    }
  }

  private read(path: string): readonly [number, object] {
    const known = this.stored.get(path);
    if (known === undefined) return [404, {}];
    return [200, { _id: path, _seq_no: known.version, _primary_term: 1, content: JSON.parse(known.body) }];
  }

  private replace(path: string, query: string, body: string): readonly [number, object] {
    const known = this.stored.get(path);
    if (path.includes("/_sm/") && known === undefined) return [404, { error: "make it by POST" }];
    const expected = known === undefined ? "" : `if_seq_no=${known.version}&if_primary_term=1`;
    if (/_ism|_sm/.test(path) && query !== expected) return [409, { error: "version_conflict" }];
    return this.keep(path, body);
  }

  private remove(path: string): readonly [number, object] {
    if (this.held.has(path)) return [400, { error: "in use" }];
    return this.stored.delete(path) ? [200, {}] : [404, {}];
  }

  private create(path: string, body: string): readonly [number, object] {
    if (path.endsWith("/monitors")) return this.keep(`${path}/m${++this.monitors}`, body);
    if (path.includes("change_policy")) return [200, { updated_indices: 0 }];
    if (path.endsWith("/configs")) return this.keep(`${path}/${JSON.parse(body).config_id}`, body);
    return this.stored.has(path) ? [409, { error: "exists" }] : this.keep(path, body);
  }

  private keep(path: string, body: string): readonly [number, object] {
    const version = (this.stored.get(path)?.version ?? 6) + 1;
    this.stored.set(path, { body, version });
    return [201, { _id: path.split("/").at(-1), _version: 1 }];
  }

  private search(body: string): readonly [number, object] {
    const name = JSON.parse(body).query.term["monitor.name.keyword"];
    const found = [...this.stored].find(([path, { body: own }]) => {
      return path.includes("/monitors/") && JSON.parse(own).name === name;
    });
    if (found === undefined && this.monitors === 0) return [404, { error: "no such index" }];
    const hits = found === undefined ? [] : [{ _index: "alerting", _id: found[0].split("/").at(-1), _source: {} }];
    return [200, { hits: { total: { value: hits.length }, hits } }];
  }

  private record(method: string, path: string, body: string): readonly [number, object] {
    const key = path.replace("/_source/", "/_doc/");
    const known = this.stored.get(key);
    if (method === "GET") return known === undefined ? [404, {}] : [200, JSON.parse(known.body)];
    return this.keep(key, body);
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { documentFiles, type RestDocument } from "../../../components/addons/logs/rest-documents";
import { ROOT } from "../../support/stack";
import { FakeOpenSearch } from "./fake-opensearch";

const SCRIPT = join(ROOT, "components/addons/logs/apply-documents.sh");
const missing = ["sh", "curl"].filter((program) => spawnSync(program, ["-c", "true"]).error !== undefined);

const TEMPLATE: RestDocument = { verb: "put", path: "/_index_template/choreo", body: { priority: 1 } };
const POLICY: RestDocument = { verb: "put-versioned", path: "/_plugins/_ism/policies/choreo", body: { policy: {} } };
const SNAPSHOTS: RestDocument = { verb: "post-versioned", path: "/_plugins/_sm/policies/choreo", body: { a: 1 } };
const CHANNEL: RestDocument = {
  verb: "channel",
  path: "/_plugins/_notifications/configs",
  name: "alerts",
  body: { config_id: "alerts", config: {} },
};
const MONITOR: RestDocument = {
  verb: "monitor",
  path: "/_plugins/_alerting/monitors",
  name: "Many errors",
  body: { name: "Many errors", text: 'quotes " and $dollars' },
};
const ADOPTION: RestDocument = {
  verb: "post",
  path: "/_plugins/_ism/change_policy/.ds-logs-*",
  body: { policy_id: "a" },
};
const ALL = [TEMPLATE, POLICY, ADOPTION, SNAPSHOTS, CHANNEL, MONITOR];
const PATHS = [
  "/_index_template/choreo",
  "/_plugins/_alerting/monitors/m1",
  "/_plugins/_ism/policies/choreo",
  "/_plugins/_notifications/configs/alerts",
  "/_plugins/_sm/policies/choreo",
];

describe(`the script that applies documents${missing.length === 0 ? "" : ` (skipped: no ${missing.join(", ")} here)`}`, () => {
  let server: FakeOpenSearch;
  let url: string;
  let folder: string;
  before(function () {
    if (missing.length > 0) this.skip();
  });
  beforeEach(async () => {
    server = new FakeOpenSearch();
    url = await server.start();
    folder = mkdtempSync(join(tmpdir(), "documents-"));
  });
  afterEach(() => {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function apply(documents: readonly RestDocument[], env: Record<string, string> = {}) {
    rmSync(folder, { recursive: true, force: true });
    folder = mkdtempSync(join(tmpdir(), "documents-"));
    const files = await new Promise<Record<string, string>>((resolve) => {
      pulumi
        .all([documentFiles(documents, false), documentFiles(documents, true)])
        .apply(([open, secret]) => resolve({ ...open, ...secret }));
    });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return run({
      BASE_URL: url,
      READY_PATH: "/ready",
      USERNAME: "admin",
      PASSWORD: "secret",
      CA_FILE: "/dev/null",
      CLIENT_CERT: "/dev/null",
      CLIENT_KEY: "/dev/null",
      DOCUMENTS: folder,
      RECORD_PATH: "/choreo-documents/_source/test",
      WAIT_SECONDS: "0",
      PATH: process.env.PATH ?? "",
      ...env,
    });
  }

  it("makes what is not there, with the names that the service gives", async () => {
    const { code, output } = await apply(ALL);
    assert.equal(code, 0, output);
    assert.deepEqual(server.paths(), PATHS);
    assert.equal(server.stored.get("/_plugins/_alerting/monitors/m1")?.body, `${JSON.stringify(MONITOR.body)}\n`);
    const login = `Basic ${Buffer.from("admin:secret").toString("base64")}`;
    assert.deepEqual([...new Set(server.got.map(({ authorization }) => authorization))], [login]);
  });

  it("changes what is there, and makes nothing twice", async () => {
    await apply(ALL);
    const changed = ALL.map((document) => ({ ...document, body: { ...document.body, changed: true } }));
    const { code, output } = await apply(changed);
    assert.equal(code, 0, output);
    assert.deepEqual(server.paths(), PATHS);
    for (const path of PATHS) assert.match(server.stored.get(path)?.body ?? "", /"changed":true/, path);
  });

  it("applies them in order, whether they are secret or not", async () => {
    const documents = [
      { ...TEMPLATE, path: "/z" },
      { ...TEMPLATE, path: "/y", secret: true },
      { ...TEMPLATE, path: "/x" },
    ];
    await apply(documents);
    const puts = server.got.filter(({ method, path }) => method === "PUT" && !path.includes("documents"));
    assert.deepEqual(
      puts.map(({ path }) => path),
      ["/z", "/y", "/x"],
    );
  });

  it("removes what it made and is told of no more, the last first", async () => {
    await apply(ALL);
    server.got.length = 0;
    const { code, output } = await apply([POLICY]);
    assert.equal(code, 0, output);
    assert.deepEqual(server.paths(), ["/_plugins/_ism/policies/choreo"]);
    const removed = server.got.filter(({ method }) => method === "DELETE").map(({ path }) => path);
    assert.deepEqual(removed, [
      "/_plugins/_alerting/monitors/m1",
      "/_plugins/_notifications/configs/alerts",
      "/_plugins/_sm/policies/choreo",
      "/_index_template/choreo",
    ]);
  });

  it("remembers what could not be removed yet", async () => {
    await apply(ALL);
    server.held.add("/_index_template/choreo");
    assert.equal((await apply([POLICY])).code, 0);
    assert.deepEqual(server.paths(), ["/_index_template/choreo", "/_plugins/_ism/policies/choreo"]);
    server.held.clear();
    assert.equal((await apply([POLICY])).code, 0);
    assert.deepEqual(server.paths(), ["/_plugins/_ism/policies/choreo"]);
  });

  it("removes nothing that others made", async () => {
    server.stored.set("/_index_template/another", { body: "{}", version: 1 });
    await apply(ALL);
    await apply([POLICY]);
    assert.deepEqual(server.paths(), ["/_index_template/another", "/_plugins/_ism/policies/choreo"]);
  });

  it("imports files, and fails where the service took only a part", async () => {
    const objects = (type: string): RestDocument => ({
      verb: "import",
      path: "/api/saved_objects/_import?overwrite=true",
      name: "global",
      body: [
        { type, id: "a" },
        { type, id: "b" },
      ],
    });
    const { code, output } = await apply([objects("dashboard")], { RECORD_PATH: "" });
    assert.equal(code, 0, output);
    const body = server.got.at(-1)?.body ?? "";
    assert.match(
      body,
      /filename="objects.ndjson"[\s\S]*\{"type":"dashboard","id":"a"\}\n\{"type":"dashboard","id":"b"\}/,
    );
    assert.equal((await apply([objects("unknown")], { RECORD_PATH: "" })).code, 1);
  });

  it("fails, and says why, where the service refuses a document", async () => {
    await apply([{ ...SNAPSHOTS, verb: "put-versioned" }]).then(({ code, output }) => {
      assert.equal(code, 1);
      assert.match(output, /\/_plugins\/_sm\/policies\/choreo: 404 .*make it by POST/);
    });
  });

  it("waits until the service is ready, and not for ever", async () => {
    server.notReady = 1;
    const { code, output } = await apply(ALL);
    assert.equal(code, 1);
    assert.match(output, /\/ready: 408, and no more time to wait/);
    assert.deepEqual(server.paths(), []);
  });
});

function run(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", [SCRIPT], { env });
    let output = "";
    child.stdout.on("data", (part: Buffer) => (output += part));
    child.stderr.on("data", (part: Buffer) => (output += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

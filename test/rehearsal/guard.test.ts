import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MARK } from "../../rehearsal/environment";
import { type Folders, foldersOf } from "../../rehearsal/folders";
import { startGuard } from "../../rehearsal/guard";

describe("the guard of a rehearsal that was killed", () => {
  let root: string;
  let folders: Folders;
  let cluster: ChildProcess[];
  let engine: ChildProcess;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "openchoreo-guard-"));
    folders = foldersOf(root, "dev");
    const pids = join(folders.clusters, "clusters", "only", "pids");
    for (const folder of [pids, folders.state]) mkdirSync(folder, { recursive: true });
    const env = { PATH: process.env.PATH, [MARK]: folders.base };
    const sleeper = () => spawn("sleep", ["60"], { env, stdio: "ignore" });
    cluster = [sleeper(), sleeper()];
    engine = sleeper();
    // As kwokctl writes them: without a line's end.
    for (const [index, { pid }] of cluster.entries()) writeFileSync(join(pids, `${index}.pid`), String(pid));
    writeFileSync(folders.lock, "1");
  });
  afterEach(() => {
    for (const child of [...cluster, engine]) child.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  });

  const ended = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

  it("ends everything, and leaves nothing", async () => {
    await startGuard(folders).takeDown();
    assert.deepEqual([...cluster, engine].map(ended), [true, true, true]);
    assert.deepEqual([folders.clusters, folders.state, folders.lock, folders.guard].filter(existsSync), []);
  });

  it("ends what works on the clusters, and keeps them and the state where it is to", async function () {
    // Elsewhere the processes of a rehearsal are not to be told from others.
    if (!existsSync("/proc/self/environ")) this.skip();
    await startGuard(folders, { keep: true }).takeDown();
    assert.deepEqual([...cluster, engine].map(ended), [false, false, true]);
    assert.deepEqual([folders.lock, folders.guard].filter(existsSync), []);
    assert.ok(existsSync(folders.clusters) && existsSync(folders.state));
  });
});

import { deepEqual, equal } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { releaseLock, takeLock } from "../../rehearsal/process";
import { ROOT, temporaryFolder } from "../support/stack";

/** Takes the lock of $1 and adds a line to $2, $3 times; two at once would lose lines or mix them. */
const WORKER = `
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { releaseLock, takeLock } = require("./rehearsal/process");
const [lock, file, times] = process.argv.slice(1);
for (let done = 0; done < Number(times); ) {
  if (takeLock(lock) !== undefined) continue;
  writeFileSync(file, String(Number(readFileSync(file, "utf8")) + 1));
  releaseLock(lock);
  done += 1;
}`;

describe("a lock", () => {
  const folder = temporaryFolder();
  const lock = () => join(folder.path, "lock");
  afterEach(() => releaseLock(lock()));

  it("is held by this process, and given back", () => {
    equal(takeLock(lock()), undefined);
    equal(readFileSync(lock(), "utf8"), String(process.pid));
    releaseLock(lock());
    deepEqual(readdirSync(folder.path), []);
  });

  it("of a living process is not taken", () => {
    writeFileSync(lock(), String(process.ppid));
    equal(takeLock(lock()), process.ppid);
    writeFileSync(lock(), String(process.pid));
  });

  it("of a process that is gone, or of nobody, is taken over", () => {
    for (const content of ["999999999", "", "no number"]) {
      writeFileSync(lock(), content);
      equal(takeLock(lock()), undefined, content);
      releaseLock(lock());
      equal(existsSync(lock()), false);
    }
  });

  it("is held by one of many that want it", async () => {
    const counter = folder.write("counter", "0");
    const workers = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--require", "tsx/cjs", "-e", WORKER, lock(), counter, "150"], {
        cwd: ROOT,
        stdio: "inherit",
      }),
    );
    const codes = await Promise.all(workers.map(async (worker) => (await once(worker, "exit"))[0]));
    deepEqual(codes, [0, 0, 0, 0]);
    equal(readFileSync(counter, "utf8"), "600");
  });
});

import { deepEqual, equal, rejects } from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { CORE, ensureEngine } from "../../rehearsal/engine";
import { BUILDS, DOWNLOADS, type Download, engineKey } from "../../rehearsal/engine/builds";
import { available, download, expand, expectedSum, type Fetch } from "../../rehearsal/engine/download";
import { RehearsalError } from "../../rehearsal/process";
import { consoleProgress } from "../../rehearsal/progress";

const silent = consoleProgress(() => undefined);
const offline: Fetch = () => Promise.reject(new Error("no network"));

describe("the engine", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "engine-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("says what to do where there is neither a binary, nor a network, nor Go", async () => {
    await rejects(ensureEngine({ root, progress: silent, path: "", fetcher: offline }), (error) => {
      equal(error instanceof RehearsalError, true);
      return /neither on PATH.*Install Go 1\.26/s.test(String(error));
    });
  });

  it("knows a build for everything that a rehearsal needs, and downloads only what it can build", () => {
    const binaries = BUILDS.map(({ binary }) => binary);
    equal(new Set(binaries).size, binaries.length);
    deepEqual(
      CORE.filter((binary) => !binaries.includes(binary)),
      [],
    );
    deepEqual(
      DOWNLOADS.filter(({ binary }) => !binaries.includes(binary)),
      [],
    );
  });

  it("has a key that stays while nothing changes", () => equal(engineKey(), engineKey()));

  const target: Download = {
    binary: "tool",
    url: "https://downloads.example/tool",
    checksums: "https://downloads.example/tool.sha256",
    systems: [platform()],
  };
  const body = Buffer.from("#!/bin/sh\n");
  const sum = createHash("sha256").update(body).digest("hex");
  const served: Fetch = async (url) => (url.endsWith(".sha256") ? Buffer.from(sum) : body);

  it("takes a download with the published sum, and makes it executable", async () => {
    equal(await available(target, served), sum);
    await download(target, sum, root, silent, served);
    deepEqual(readFileSync(join(root, "tool")), body);
    equal(statSync(join(root, "tool")).mode & 0o111, 0o111);
  });

  it("refuses a download with another sum", async () => {
    await rejects(download(target, "0".repeat(64), root, silent, served), /does not have the published SHA-256 sum/);
  });

  it("does without a download for another system, or where no one answers", async () => {
    equal(await available({ ...target, systems: ["none"] }, served), undefined);
    equal(await available(target, offline), undefined);
  });

  const sums: readonly (readonly [string, string, string | undefined])[] = [
    ["aaa  one.tar.gz\nbbb  two.tar.gz\n", "two.tar.gz", "bbb"],
    ["aaa *one.tar.gz\n", "one.tar.gz", "aaa"],
    ["aaa\n", "whatever", "aaa"],
    ["aaa  one.tar.gz\n", "two.tar.gz", undefined],
    ["", "one", undefined],
  ];
  for (const [text, file, expected] of sums) {
    it(`finds the sum of ${file} in ${JSON.stringify(text)}`, () => equal(expectedSum(text, file), expected));
  }

  it("fills in system and processor", () => {
    equal(expand("{os}-{arch}-{pulumiArch}", "linux", "x64"), "linux-amd64-x64");
    equal(expand("{os}-{arch}-{pulumiArch}", "darwin", "arm64"), "darwin-arm64-arm64");
  });
});

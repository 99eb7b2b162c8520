import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import openchoreo from "../../index";
import { ensureEngine } from "../../rehearsal/engine";
import { foldersOf } from "../../rehearsal/folders";
import { RehearsalError } from "../../rehearsal/process";
import { assertCode } from "./support/cli";
import { processesOf } from "./support/processes";
import { Project, SOLO } from "./support/project";
import { theEngine } from "./support/root";
import { readState } from "./support/state";
import { step } from "./support/steps";

describe("what cannot be rehearsed", () => {
  let project: Project;
  before(() => {
    project = new Project({ solo: SOLO });
  });
  after(() => project?.remove());

  /** Runs a rehearsal that must be refused before anything is started, and returns what it says. */
  async function refused(...args: readonly string[]): Promise<string> {
    const ended = await step(args.join(" "), () => project.rehearse(args));
    assertCode(ended, 2);
    assert.equal(ended.stdout, "");
    assert.doesNotMatch(ended.stderr, /^ +at /m);
    assert.deepEqual(project.remains("solo"), []);
    assert.deepEqual(processesOf(project.root), []);
    return ended.stderr;
  }

  it("a directory of charts without the charts: says what to add", async () => {
    mkdirSync(join(project.root, "charts"));
    const lines = (await refused("solo", "--charts", "charts")).trim().split("\n");
    assert.equal(lines[0], "3 problems in the charts; nothing was created:");
    const needed = lines.slice(1).map((line) => /^ {2}--charts charts: chart (\S+) (\S+) is needed,/.exec(line)?.[1]);
    assert.deepEqual(needed.sort(), ["cert-manager", "cilium", "gateway-crds-helm"]);
    for (const line of lines.slice(1))
      assert.match(line, /; add \S+-v?\d+\.\d+\.\d+\.tgz \(from (https|oci):\/\/\S+\)$/);
  });

  it("a directory of charts with another version: names both", async () => {
    writeFileSync(join(project.root, "charts", "cilium-1.0.0.tgz"), "");
    const said = await refused("solo", "--charts", "charts");
    assert.match(said, /chart cilium 1\.\d+\.\d+ is needed, and the directory has 1\.0\.0; add cilium-1\./);
  });

  it("a directory of charts that is not there: says what a directory holds", async () => {
    const said = await refused("solo", "--charts", "nowhere");
    assert.match(said, /--charts nowhere: no directory "\S*nowhere"; give one that holds <chart>-<version>\.tgz files/);
  });
});

describe("a machine without Go, without a network and without an engine", () => {
  const root = mkdtempSync(join(tmpdir(), "openchoreo-bare-"));
  after(() => rmSync(root, { recursive: true, force: true }));

  /** Asks for the engine there; `fetched` answers for the network. */
  async function fails(fetcher: (url: string) => Promise<Buffer>): Promise<{ message: string; asked: string[] }> {
    const asked: string[] = [];
    const error = await ensureEngine({
      root,
      path: "",
      progress: { say: () => {}, during: (_, work) => work() },
      fetcher: (url) => {
        asked.push(url);
        return fetcher(url);
      },
    }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RehearsalError, `not an explained error: ${error}`);
    assert.deepEqual(
      readdirSync(join(root, ".engine"), { recursive: true }).filter((name) => /lock/.test(`${name}`)),
      [],
    );
    return { message: error.message, asked };
  }

  it("says which binary is missing and what to install", async () => {
    const { message, asked } = await fails(() => Promise.reject(new Error("no network")));
    assert.match(message, /^\S+ is neither on PATH nor can it be downloaded, and there is no Go to build it with\.$/m);
    assert.match(message, /Install Go 1\.\d+ \(https:\/\/go\.dev\/dl\) or connect this machine to the network/);
    assert.ok(
      asked.every((url) => url.startsWith("https://")),
      asked.join(),
    );
  });

  it("does not take a download whose sum is not the published one", async () => {
    const sum = "0".repeat(64);
    const { message } = await fails(async () => Buffer.from(sum));
    assert.match(message, /does not have the published SHA-256 sum; it was not used/);
  });
});

describe("a cluster that cannot be reached", () => {
  const root = mkdtempSync(join(tmpdir(), "openchoreo-closed-"));
  after(() => rmSync(root, { recursive: true, force: true }));

  it("is named with its server before anything is made", async () => {
    const port = await closedPort();
    const kubeconfig = {
      "current-context": "closed",
      contexts: [{ name: "closed", context: { cluster: "closed" } }],
      clusters: [{ name: "closed", cluster: { server: `https://127.0.0.1:${port}` } }],
    };
    writeFileSync(join(root, "closed.yaml"), JSON.stringify({ apiVersion: "v1", kind: "Config", ...kubeconfig }));
    const { only } = SOLO.config["openchoreo:platform"].clusters;
    const clusters = { only: { ...only, provider: { ...only.provider, kubeconfig: { path: "closed.yaml" } } } };
    const folders = foldersOf(root, "closed");
    mkdirSync(folders.state, { recursive: true });
    const engine = await theEngine();
    const stack = await automation.LocalWorkspace.createStack(
      { stackName: "closed", projectName: "openchoreo", program: () => openchoreo({ root }) },
      {
        pulumiCommand: await automation.PulumiCommand.get({ root: dirname(dirname(engine.file("pulumi"))) }),
        pulumiHome: folders.home,
        envVars: { PULUMI_BACKEND_URL: `file://${folders.state}`, PULUMI_CONFIG_PASSPHRASE: "test" },
        projectSettings: { name: "openchoreo", runtime: "nodejs" },
      },
    );
    await stack.setAllConfig({
      "pulumi:disable-default-providers": { value: '["kubernetes","aws"]' },
      "openchoreo:platform": { value: JSON.stringify({ ...SOLO.config["openchoreo:platform"], clusters }) },
    });
    const said = new Set<string>();
    const up = stack.up({
      color: "never",
      onEvent: ({ diagnosticEvent }) => {
        if (diagnosticEvent?.severity === "error") said.add(diagnosticEvent.message.trim());
      },
    });
    await step("up", () => assert.rejects(up));
    const errors = [...said];
    assert.equal(errors.length, 1, errors.join("\n"));
    assert.equal(
      errors[0],
      "1 problem in the fleet; nothing was created:\n" +
        `  platform.clusters.only.provider: its API server 127.0.0.1:${port} cannot be reached (ECONNREFUSED); ` +
        "check that it runs and that this machine may connect",
    );
    const made = [...readState(folders, "closed").values()].filter(({ custom }) => custom);
    assert.deepEqual(made, []);
  });
});

/** A port of this machine that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

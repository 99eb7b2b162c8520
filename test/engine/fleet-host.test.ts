import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import openchoreo from "../../index";
import { makeFolders, rehearsalEnvironment } from "../../rehearsal/environment";
import { type Finished, run } from "../../rehearsal/process";
import { edit } from "../support/settings";
import { useFleet } from "./support/fleet";
import { type ProgramRun, RUNS_FILE } from "./support/language-host";
import { writeLanguageHost } from "./support/language-wrapper";
import { Project, SOLO } from "./support/project";
import { theEngine } from "./support/root";
import { DEFAULT_PROVIDER } from "./support/state";
import { step } from "./support/steps";

const STACK = "host";

interface Step {
  readonly op: string;
  readonly urn: string;
}

describe("the program, run as Pulumi's language host for Node.js runs it", () => {
  const fleet = useFleet();
  let project: Project;
  let env: NodeJS.ProcessEnv;
  let runs: string;

  before(async () => {
    const platform = structuredClone<Record<string, unknown>>(SOLO.config["openchoreo:platform"]);
    const only = SOLO.config["openchoreo:platform"].clusters.only;
    const provider = { ...only.provider, kubeconfig: { path: fleet.kubeconfig("control") } };
    Object.assign(platform, { clusters: { only: { ...only, provider } }, charts: { mirror: fleet.folders.charts } });
    project = new Project({ [STACK]: { config: { ...SOLO.config, "openchoreo:platform": platform } } });
    const folders = project.folders(STACK);
    makeFolders(folders);
    const engine = await theEngine();
    writeLanguageHost(folders.bin);
    runs = join(folders.log, "runs");
    const path = [folders.bin, fleet.folders.bin, dirname(engine.file("pulumi")), process.env.PATH].join(":");
    env = { ...rehearsalEnvironment(folders, { path }), [RUNS_FILE]: runs };
    await pulumi("stack", "init", STACK);
  });
  after(() => project?.remove());

  async function tryPulumi(...args: readonly string[]): Promise<Finished> {
    const engine = await theEngine();
    const options = ["--non-interactive", "--color", "never"];
    return run(engine.file("pulumi"), [...args, ...options], { cwd: project.root, env });
  }

  async function pulumi(...args: readonly string[]): Promise<string> {
    const { code, output } = await tryPulumi(...args);
    assert.equal(code, 0, output);
    return output;
  }

  /** What the same program registers when it runs in the process of the Automation API, as a rehearsal runs it. */
  async function registeredInline(): Promise<string[]> {
    const engine = await theEngine();
    const urns: string[] = [];
    const workDir = project.folders("inline").project;
    mkdirSync(workDir, { recursive: true });
    const stack = await automation.LocalWorkspace.createStack(
      { stackName: STACK, projectName: "openchoreo", program: () => openchoreo({ root: project.root }) },
      {
        workDir,
        envVars: { ...env, PULUMI_BACKEND_URL: `file://${workDir}` } as Record<string, string>,
        pulumiCommand: await automation.PulumiCommand.get({ root: dirname(dirname(engine.file("pulumi"))) }),
        projectSettings: { name: "openchoreo", runtime: "nodejs" },
        stackSettings: {},
      },
    );
    for (const key of ["pulumi:disable-default-providers", "openchoreo:platform"]) {
      const value = await pulumi("config", "get", key, "--stack", STACK);
      await stack.setConfig(key, { value: value.trim() });
    }
    await stack.preview({ onEvent: ({ resourcePreEvent }) => urns.push(resourcePreEvent?.metadata.urn ?? "") });
    // Events name the default providers too, which the steps of a preview leave out.
    return urns.filter((urn) => urn !== "" && !DEFAULT_PROVIDER.test(urn)).sort();
  }

  it("loads index.ts with the options of Pulumi.yaml and registers the same resources", async () => {
    const preview = ["preview", "--json", "--stack", STACK];
    const printed = await step("preview through cmd/run", () => pulumi(...preview));
    const [program, ...others] = readFileSync(runs, "utf8")
      .trim()
      .split("\n")
      .map((line): ProgramRun => JSON.parse(line));
    assert.deepEqual(others, []);
    assert.equal(program?.code, 0);
    assert.deepEqual(program.args.slice(0, 2), ["--import", "tsx"]);
    assert.equal(program.args[2], join(project.root, "node_modules/@pulumi/pulumi/cmd/run"));
    assert.equal(program.args.at(-1), "index.ts");
    const steps: Step[] = JSON.parse(printed.slice(printed.indexOf("{"))).steps;
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
    const inline = await step("preview of the same program in this process", registeredInline);
    assert.ok(inline.length > 50);
    assert.deepEqual(steps.map(({ urn }) => urn).sort(), inline);
  });

  it("says once what is wrong with settings, and no more", async () => {
    const platform = edit(SOLO.config["openchoreo:platform"], { "clusters.only.network.meshId": 200 });
    project.write(STACK, { config: { ...SOLO.config, "openchoreo:platform": platform } });
    const { code, output } = await step("preview", () => tryPulumi("preview", "--stack", STACK));
    assert.notEqual(code, 0);
    const [, diagnostics = ""] = output.split("Diagnostics:");
    assert.deepEqual(diagnostics.match(/error: .+/g), ["error: 1 problem in the settings; nothing was created:"]);
    assert.match(diagnostics, /^ +platform\.clusters\.only\.network\.meshId: a mesh id is between 1 and 127/m);
    assert.doesNotMatch(diagnostics, /^ +at /m);
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { RULES } from "../../policy/rules";
import { writePolicyWrapper } from "../../rehearsal/policy-pack";
import { afterBad, type Bad, blamedBy, CASES, type Made, REMEDIES } from "../policy/cases";
import { DEFAULT_TAGS, object, SIGNATURE } from "../policy/cases/case";
import { CHECKOUT } from "./support/project";
import { theEngine } from "./support/root";
import { step } from "./support/steps";

const PACKAGES = ["kubernetes", "kubernetes-cert-manager", "aws"];

/** A bad resource, and what has to be said of it. */
interface Expected {
  readonly rule: string;
  readonly bad: Bad;
  readonly made: readonly Made[];
  /** What all names of the case begin with. */
  readonly prefix: string;
}

/** The first ways of being bad of every rule. */
const EXPECTED: readonly Expected[] = CASES.flatMap((one, index) =>
  one.bad
    .slice(0, 2)
    .map((bad, at) => ({ rule: one.rule, bad, made: afterBad(one, bad), prefix: `case-${index}-${at}` })),
);

/** What is found with nothing bad at all. */
const GOOD: readonly Made[] = CASES.flatMap(({ good }, index) =>
  good.map((made) => ({
    ...made,
    name: `good-${index}.${made.name ?? "main"}`,
    cluster: `good-${index}-${made.cluster ?? "main"}`,
    waitsFor: made.waitsFor?.map((name) => `good-${index}.${name}`),
  })),
);

class Provider extends pulumi.ProviderResource {}
class Any extends pulumi.CustomResource {}

/** A value of a case as a program has it. */
function given(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(given);
  if (SIGNATURE in value && "value" in value) return pulumi.secret(given(value.value));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, given(inner)]));
}

/** Registers resources under a prefix, with providers of their own. */
function register(made: readonly Made[], prefix: string): void {
  const providers = new Map<string, pulumi.ProviderResource>();
  const resources = new Map<string, pulumi.Resource>();
  const provider = (one: Made): pulumi.ProviderResource => {
    const [pkg = ""] = one.type.split(":");
    const key = pkg === "aws" ? `${prefix}.aws.${one.name}` : `${prefix}.${pkg}.${one.cluster ?? "main"}`;
    const tags = { defaultTags: JSON.stringify({ tags: one.defaultTags ?? DEFAULT_TAGS }) };
    const found = providers.get(key) ?? new Provider(pkg, key, pkg === "aws" ? tags : {});
    providers.set(key, found);
    return found;
  };
  for (const one of made) {
    const { name = "main", type, waitsFor = [], props } = one;
    const inputs = given(props) as pulumi.Inputs;
    if (type.startsWith("pulumi:providers:")) {
      resources.set(name, new Provider(type.slice("pulumi:providers:".length), `${prefix}.${name}`, inputs));
      continue;
    }
    const dependsOn = waitsFor.flatMap((other) => resources.get(other) ?? []);
    const opts = { provider: provider(one), dependsOn };
    resources.set(name, new Any(type, `${prefix}.${name}`, inputs, opts));
  }
}

/** What the engine says of policies. */
interface Verdict {
  readonly events: readonly automation.PolicyEvent[];
  readonly failed: boolean;
  readonly output: string;
}

let echo: Awaited<ReturnType<typeof startEcho>>;

/** A preview by the real engine with the pack, in a project of its own. */
async function preview(name: string, program: () => void, config: object): Promise<Verdict> {
  const engine = await theEngine();
  const folder = mkdtempSync(join(tmpdir(), "openchoreo-policy-"));
  try {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    // The folder of the CLI comes first on PATH; beside the engine's own are real plugins.
    symlinkSync(engine.file("pulumi"), join(bin, "pulumi"));
    writePolicyWrapper(bin);
    for (const one of PACKAGES) writeEcho(join(bin, `pulumi-resource-${one}`), echo.port);
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: "openchoreo", runtime: "nodejs" }));
    const file = join(folder, "policy.json");
    writeFileSync(file, JSON.stringify(config));
    const envVars = {
      PATH: [bin, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "1",
    };
    const pulumiCommand = await automation.PulumiCommand.get({
      root: folder,
      skipVersionCheck: true,
    });
    const stack = await automation.LocalWorkspace.createOrSelectStack(
      { stackName: name, projectName: "openchoreo", program: async () => program() },
      { workDir: folder, pulumiCommand, envVars },
    );
    const events: automation.PolicyEvent[] = [];
    let output = "";
    const failed = await stack
      .preview({
        policyPacks: [join(CHECKOUT, "policy")],
        policyPackConfigs: [file],
        color: "never",
        onOutput: (text) => {
          output += text;
        },
        onEvent: ({ policyEvent }) => {
          if (policyEvent !== undefined) events.push(policyEvent);
        },
      })
      .then(
        () => false,
        (error: Error) => {
          output += error.message;
          return true;
        },
      );
    return { events, failed, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A plugin that is the one provider that runs already: the engine starts one for every provider of the program, and
 * there are many of them here.
 */
function writeEcho(path: string, port: string): void {
  writeFileSync(path, `#!/bin/sh\necho ${port}\nexec sleep 600\n`);
  chmodSync(path, 0o755);
}

/** Starts the provider; its port is the first thing that it says. */
async function startEcho(): Promise<{ readonly port: string; readonly stop: () => void }> {
  const entry = join(CHECKOUT, "test/engine/support/echo-provider.ts");
  const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), entry], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(child.stdout, "data");
  return { port: String(port).trim(), stop: () => child.kill() };
}

const shown = ({ policyName, resourceUrn = "" }: automation.PolicyEvent) =>
  `${policyName} ${resourceUrn.split("::").at(-1)}`;

describe("the policy pack on the real engine", () => {
  before(async () => {
    echo = await startEcho();
  });
  after(() => echo?.stop());

  const only = Object.fromEntries(REMEDIES.map(({ rule }) => [rule, "mandatory"]));

  it("catches every bad resource by the rule that is meant for it", async () => {
    assert.ok(EXPECTED.length >= 60, `${EXPECTED.length} cases`);
    const register_ = () => {
      for (const { made, prefix } of EXPECTED) register(made, prefix);
    };
    const verdict = await step(`preview of ${EXPECTED.length} bad cases`, () => preview("bad", register_, only));
    assert.ok(verdict.failed, "the preview went through");
    const found = new Set(verdict.events.map(shown));
    const missed = EXPECTED.filter(({ rule, bad, prefix }) => !found.has(`${rule} ${prefix}.${blamedBy(bad)}`));
    assert.deepEqual(
      missed.map(({ rule, bad, prefix }) => `${rule} ${prefix}: ${bad.what}`),
      [],
      verdict.output.slice(-3000),
    );
    const caught = new Set(EXPECTED.map(({ rule }) => rule));
    assert.deepEqual(
      RULES.map(({ name }) => name).filter((name) => !caught.has(name)),
      ["exemptions-current"],
    );
    for (const { message } of verdict.events)
      assert.doesNotMatch(message, /correct-horse|AKIA|ghp_/, "a value is shown");
  });

  it("finds nothing in good ones, where nothing is known yet or a secret either", async () => {
    // The cases are no fleet: they have no waves.
    const config = { ...only, "stack-wave-gates": "disabled" };
    const verdict = await step("preview of what is good", () => preview("good", () => register(GOOD, "all"), config));
    assert.deepEqual(
      verdict.events.map(({ policyName, resourceUrn, message }) => [policyName, resourceUrn, message]),
      [],
    );
    assert.ok(!verdict.failed, verdict.output.slice(-3000));
  });

  it("excuses by an exemption, and does not by one that has expired", async () => {
    const bad = { ...object("core/v1:ConfigMap", { data: { mode: "fast" } }, { namespace: "default" }), name: "mode" };
    const exemption = { rule: "namespaces-not-default", resource: "all.mode", reason: "an old tool reads it there" };
    const with_ = (expires: string) =>
      preview("exempt", () => register([bad], "all"), {
        "exemptions-current": { exemptions: [{ ...exemption, expires }] },
      });
    const held = await step("preview with an exemption", () => with_("2999-12-31"));
    assert.deepEqual([held.events, held.failed], [[], false], held.output.slice(-3000));
    const expired = await step("preview with one that has expired", () => with_("2020-01-01"));
    assert.deepEqual(expired.events.map(({ policyName }) => policyName).sort(), ["exemptions-current", exemption.rule]);
    assert.ok(expired.failed);
  });

  it("adds labels and tags that are lacking, which then are not found", async () => {
    const lacking = REMEDIES.flatMap((one) => one.bad.slice(0, 1).map((bad) => afterBad(one, bad)));
    const register_ = () => {
      for (const [index, made] of lacking.entries()) register(made, `lacking-${index}`);
    };
    const verdict = await step("preview with remedies", () => preview("remedies", register_, {}));
    assert.deepEqual([verdict.events.map(shown), verdict.failed], [[], false], verdict.output.slice(-3000));
    for (const { rule } of REMEDIES) assert.match(verdict.output, new RegExp(`\\[remediate\\]\\s+${rule}`));
  });
});

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PINS } from "../../components/addons";
import { readPackage } from "../../scripts/charts/package";
import { runFleet } from "../support/fleet";
import { type Edits, edit, type Json, ON_EKS, PULUMI_OPERATOR, switchOn } from "../support/settings";
import { object, ROOT } from "../support/stack";
import { BareCluster } from "./support/bare-cluster";
import { kubectl } from "./support/kubectl";
import { step } from "./support/steps";

const OPERATOR = "pulumi-kubernetes-operator";
const FILE = `charts-local/${OPERATOR}-${PINS[OPERATOR].version}.tgz`;
const PACKAGE = join(ROOT, FILE);
const MISSING = !existsSync(PACKAGE);

const SHARDS = 3;
const ON: Edits = { ...switchOn(OPERATOR), tenants: {}, shard: { count: SHARDS } };

/** Settings that make `Stack`s of every form that there is. */
const FORMS: Readonly<Record<string, Edits>> = {
  "with an account, of a branch": { "platform.pulumiOperator": PULUMI_OPERATOR },
  "of one commit of a private repository": {
    "platform.pulumiOperator": edit(PULUMI_OPERATOR, {
      "program.commit": "0123456789abcdef0123456789abcdef01234567",
      "program.path": "platform",
      "program.credentials": "git",
    }),
  },
  "with a role, on EKS": {
    ...ON_EKS,
    "platform.pulumiOperator": edit(PULUMI_OPERATOR, {
      credentials: undefined,
      role: "arn:aws:iam::111122223333:role/deployer",
    }),
  },
};

/** What the operator's kinds do not have, or not so. */
const WRONG: readonly (readonly [title: string, edits: Edits, says: RegExp])[] = [
  ["a field that nobody knows", { "spec.brunch": "main" }, /unknown field "spec\.brunch"/],
  ["text for a number", { "spec.resyncFrequencySeconds": "often" }, /spec\.resyncFrequencySeconds/],
  ["no stack", { "spec.stack": undefined }, /spec\.stack: Required value/],
  [
    "a workspace with a field that nobody knows",
    { "spec.workspaceTemplate.spec.picture": "x" },
    /unknown field "spec\.workspaceTemplate\.spec\.picture"/,
  ],
];

describe(`Stacks of tenants' shards${MISSING ? ` (skipped: there is no ${FILE})` : ""}`, () => {
  let cluster: BareCluster | undefined;
  before(async function () {
    if (MISSING) return this.skip();
    cluster = await BareCluster.start();
    const { files } = await readPackage(PACKAGE);
    const kinds = [...files].filter(([path]) => /^crds\/.*\.yaml$/.test(path));
    assert.equal(kinds.length, 4, "Stack, Program, Workspace and Update");
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: OPERATOR } };
    await step("the operator's kinds", async () => {
      for (const [path, text] of kinds) await applied(path.replaceAll("/", "-"), text);
      await applied("namespace.json", JSON.stringify(namespace));
      const established = ["--for", "condition=established", "--timeout=60s"];
      await done("wait", ...established, "crd/stacks.pulumi.com", "crd/workspaces.auto.pulumi.com");
    });
  });
  after(() => cluster?.stop());

  function running(): BareCluster {
    return cluster ?? assert.fail("no cluster");
  }

  async function done(...args: readonly string[]): Promise<void> {
    const { ok, output } = await kubectl(running().kubeconfig, ...args);
    assert.ok(ok, output);
  }

  function written(file: string, text: string): string {
    const path = join(running().folder, file);
    writeFileSync(path, text);
    return path;
  }

  // The kinds are too long for the annotation that kubectl would keep them in.
  const applied = (file: string, text: string) => done("apply", "--server-side", "-f", written(file, text));

  /** Asks the API server for an object, which it does not keep. */
  function asked(object: Json) {
    const file = written("stack.json", JSON.stringify(object));
    return kubectl(running().kubeconfig, "apply", "--dry-run=server", "--validate=strict", "-f", file);
  }

  /** The `Stack`s that the program makes, as they are sent. */
  async function stacksOf(edits: Edits): Promise<Json[]> {
    const { graph } = await runFleet({ ...ON, ...edits });
    return graph.ofType("kubernetes:pulumi.com/v1:Stack").map(({ inputs }) => inputs);
  }

  for (const [form, edits] of Object.entries(FORMS)) {
    it(`are taken by the operator's own kinds: ${form}`, async () => {
      const stacks = await stacksOf(edits);
      assert.equal(stacks.length, SHARDS);
      for (const stack of stacks) {
        const { ok, output } = await asked(stack);
        assert.ok(ok, output);
        assert.match(output, new RegExp(`stack.*${object(stack.metadata).name} created \\(server dry run\\)`));
      }
    });
  }

  for (const [title, edits, says] of WRONG) {
    it(`would be refused: ${title}`, async () => {
      const [stack = assert.fail("no Stack")] = await stacksOf(FORMS["with an account, of a branch"] ?? {});
      const { ok, output } = await asked(edit(stack, edits));
      assert.equal(ok, false, output);
      assert.match(output, says);
    });
  }
});

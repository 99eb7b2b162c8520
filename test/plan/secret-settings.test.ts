import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { stackSecrets } from "../../components/addons";
import { planFleet } from "../../components/fleet";
import { compare } from "../../plan/against/compare";
import { impactOf } from "../../plan/against/impact";
import { FORMATS } from "../../plan/args";
import { planOf } from "../../plan/make";
import type { Plan } from "../../plan/model";
import { report } from "../../plan/report";
import { type CheckedStack, readStack } from "../../rehearsal/stack-file";
import { runStack } from "../support/fleet";
import { find, type Needle, spellings } from "../support/needles";
import type { Run } from "../support/program";
import { keysAt, prodWithSecrets, secretPaths, WITH_SECRETS } from "../support/secret-settings";
import type { Json } from "../support/settings";
import { kubeconfigOf, ROOT, temporaryFolder } from "../support/stack";

/** What the mocks say that providers compute and keep as secrets. */
const COMPUTED = /\((privateKeyPem|privateKeyPemPkcs8|result|bcryptHash|base64|hex) of /;

/** Configuration with a text of its own in every secret that settings name. */
function markedSecrets({ settings }: CheckedStack, mark: string): Record<string, string> {
  const { clusters } = settings.platform;
  const own = Object.entries(stackSecrets(settings.platform)).map(([key, form]): [string, string] => {
    const text = (field: string) => `${mark} ${key} ${field}`;
    const fields = form === "text" ? [] : form.map((name) => [name, text(name)]);
    return [key, form === "text" ? text("text") : JSON.stringify(Object.fromEntries(fields))];
  });
  const kubeconfigs = Object.entries(clusters).flatMap(([name, { provider }]): [string, string][] => {
    const key = provider.kind === "existing" ? provider.kubeconfig.secret : undefined;
    return key === undefined ? [] : [[key, kubeconfigOf(name).replace("token-of-", `${mark}-${key}-`)]];
  });
  return Object.fromEntries([...own, ...kubeconfigs].map(([key, value]) => [`openchoreo:${key}`, value]));
}

/** Values as the state would hold them in plain text: whatever is no secret. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).join() === "secret") return "(secret)";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

for (const [title, edits] of Object.entries(WITH_SECRETS))
  describe(`prod ${title}, with a secret in every setting that takes one`, function () {
    // Whole programs of production, on a machine that may have other work.
    this.timeout(180_000);
    const folder = temporaryFolder();
    const config = prodWithSecrets(edits);
    let stack: CheckedStack;
    let secrets: Record<string, string>;
    let needles: Needle[];
    let run: Run;

    before(async () => {
      folder.write("Pulumi.prod.yaml", stringify({ config }));
      cpSync(join(ROOT, "tenants"), join(folder.path, "tenants"), { recursive: true });
      const checked = readStack(folder.path, "prod", []);
      assert.ok("settings" in checked, JSON.stringify(checked));
      stack = checked;
      secrets = markedSecrets(stack, "TOP-SECRET");
      needles = [
        ...spellings("a secret of the stack", "TOP-SECRET"),
        ...spellings("a secret of the stack", "p-SECRET "),
      ];
      run = await runWith(secrets);
    });

    const runWith = (marked: Record<string, string>) =>
      runStack("prod", { config: { ...config, ...marked }, secrets: Object.keys(marked) });

    const leaks = (value: unknown): string[] => {
      const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
      const computed = COMPUTED.exec(text);
      return [...find(text, needles), ...(computed === null ? [] : [`what a provider keeps secret: ${computed[0]}`])];
    };

    it("gives every one of them to the program", () => {
      const given = JSON.stringify([run.graph.resources, run.graph.resources.map(({ wire }) => wire)]);
      for (const key of Object.keys(secrets)) {
        const name = key.replace("openchoreo:", "");
        const marks = [`TOP-SECRET ${name} `, `TOP-SECRET-${name}-`].flatMap((mark) => spellings(name, mark));
        assert.deepEqual(find(given, marks), [name]);
      }
      assert.ok(COMPUTED.test(given));
    });

    it("has none in plain text in an input of any resource, nor in an output of a component or of the stack", () => {
      const inputs = run.graph.resources.flatMap((one) =>
        leaks(plain(one)).map((of) => `${one.name} (${one.type}): ${of}`),
      );
      assert.deepEqual(inputs, []);
      const said = [...run.componentOutputs].flatMap(([urn, outputs]) =>
        leaks(plain(outputs)).map((of) => `${urn}: ${of}`),
      );
      assert.deepEqual(said, []);
      assert.deepEqual(leaks(plain(run.outputs)), []);
      // What other stacks log in with is put out, as secrets.
      assert.ok(leaks(run.outputs).length > 0);
    });

    it("has none in what the program says", () => assert.deepEqual(leaks(run.said.join("\n")), []));

    it("has none in a plan, in any form", () => {
      const plan = planned(run);
      for (const format of FORMATS) assert.deepEqual(leaks(report(plan, format)), [], format);
    });

    if (title === "on EKS")
      it("has none in what other secrets would change", async () => {
        const before = planned(run);
        const after = planned(await runWith(markedSecrets(stack, "TOP-SECRET another")));
        const differences = compare(before, after, "before");
        assert.ok(differences.resources.length > 5, `${differences.resources.length} differences`);
        const changed = { ...after, differences, impact: impactOf(before, after, differences) };
        for (const format of FORMATS) assert.deepEqual(leaks(report(changed, format)), [], format);
      });

    function planned(of: Run): Plan {
      return { ...planOf({ settings: stack.settings, fleet: planFleet(stack.settings, "prod"), run: of }), seconds: 1 };
    }
  });

describe("settings that take secrets", () => {
  it("are all in one of the ways of production above", () => {
    const platforms = Object.values(WITH_SECRETS).map((edits) => prodWithSecrets(edits)["openchoreo:platform"]);
    const paths = secretPaths();
    assert.ok(paths.length >= 14, paths.join());
    for (const path of paths)
      assert.ok(
        platforms.some((platform) => keysAt(platform as Json, path).length > 0),
        path,
      );
  });
});

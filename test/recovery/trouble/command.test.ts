import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../../cli/args";
import { Pulumi } from "../../../recovery/pulumi";
import { trouble } from "../../../recovery/trouble/command";
import { temporaryFolder } from "../../support/stack";

describe("npm run trouble", () => {
  const folder = temporaryFolder();

  /** Runs the command beside a Pulumi CLI that does what a script says. */
  async function run(cli: string, ...words: readonly string[]) {
    const command = folder.write("pulumi", `#!/bin/sh\n${cli}\n`);
    chmodSync(command, 0o755);
    const said: string[] = [];
    const complaints: string[] = [];
    const code = await trouble(words, {
      say: (line) => said.push(line),
      complain: (line) => complaints.push(line),
      sourcesOf: (stack) => {
        if (stack === "elsewhere") throw new UsageError("there is no Pulumi.yaml");
        const pulumi = new Pulumi({ stack, command, cwd: folder.path, env: process.env });
        return { pulumi, kubeconfigs: async () => new Map() };
      },
    });
    return { code, said, complaints };
  }

  it("ends well, as it comes after a failure, and quotes nothing of a CLI that fails", async () => {
    assert.deepEqual(await run("echo s3cr3t; echo s3cr3t >&2; exit 255", "nowhere"), {
      code: 0,
      said: ["No cluster was asked: the state of nowhere cannot be read (pulumi stack export --stack nowhere)."],
      complaints: [],
    });
  });

  it("asks the CLI for the state once, and says what it has", async () => {
    const calls = join(folder.path, "calls");
    const state = '{"version":3,"deployment":{"resources":[]}}';
    const { code, said } = await run(`echo "$@" >> '${calls}'\necho '${state}'`, "nowhere");
    assert.deepEqual([code, said], [0, ["the stack's state has no cluster yet"]]);
    assert.equal(
      readFileSync(calls, "utf8"),
      "stack export --show-secrets --stack nowhere --non-interactive --color never\n",
    );
  });

  const wrong: readonly (readonly [words: readonly string[], message: string])[] = [
    [[], "name the stack"],
    [["a", "b"], "one stack at a time, not a and b"],
    [["elsewhere"], "there is no Pulumi.yaml"],
  ];
  for (const [words, message] of wrong) {
    it(`says how it is called, after "${words.join(" ")}"`, async () => {
      const { code, said, complaints } = await run("exit 1", ...words);
      assert.deepEqual([code, said], [2, []]);
      assert.ok(complaints.join().startsWith(`${message}\n\nUsage: npm run trouble -- <stack>\n`));
    });
  }
});

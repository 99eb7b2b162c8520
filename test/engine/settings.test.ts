import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../../cli/args";
import { SettingsError } from "../../components/settings";
import { parseRehearseArgs } from "../../rehearsal/args";
import { rehearse } from "../../rehearsal/rehearse";
import { edit, good } from "../support/settings";
import { BAD_FILES } from "./support/bad-files";
import { BAD_PLATFORMS } from "./support/bad-platforms";
import type { BadSettings } from "./support/bad-settings";
import { assertCode } from "./support/cli";
import { processesOf } from "./support/processes";
import { Project } from "./support/project";
import { step } from "./support/steps";

const BAD_SETTINGS = [...BAD_FILES, ...BAD_PLATFORMS];

/** A stack file without a mistake; every bad one changes something of it. */
function goodConfig(): Record<string, unknown> {
  const { platform, tenants } = good();
  return {
    "pulumi:disable-default-providers": ["kubernetes", "aws"],
    "openchoreo:platform": platform,
    "openchoreo:tenants": tenants,
  };
}

describe("settings that are refused", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project?.remove());

  function write({ edits = {}, text, files = {} }: Partial<BadSettings>): void {
    project.write("bad", text ?? { config: edit(goodConfig(), edits) });
    for (const [path, content] of Object.entries(files)) {
      const file = join(project.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  function assertNothingMade(): void {
    assert.equal(existsSync(join(project.root, ".rehearsal")), false);
    assert.deepEqual(processesOf(project.root), []);
  }

  /** One line for each problem below a heading that counts them, and nothing else. */
  function assertSays(said: string, problems: readonly string[]): void {
    const [heading, ...lines] = said.trimEnd().split("\n");
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    assert.equal(heading, `${count} in the settings; nothing was created:`, said);
    for (const problem of problems) {
      const found = lines.filter((line) => line.startsWith(`  ${problem}`));
      assert.equal(found.length, 1, `"${problem}" in\n${said}`);
    }
    assert.equal(lines.length, problems.length, said);
  }

  it("start from a file that is good", async () => {
    write({});
    const call = rehearsal(["bad", "--charts", "nowhere"]);
    // The settings hold, so that it gets as far as the charts.
    await assert.rejects(call, (error) => error instanceof SettingsError && error.source === "charts");
  });

  it("are at least thirty, each with one clear message and its path", () => {
    assert.ok(BAD_SETTINGS.length >= 30);
    assert.equal(new Set(BAD_SETTINGS.map(({ what }) => what)).size, BAD_SETTINGS.length);
  });

  for (const bad of BAD_SETTINGS) {
    it(bad.what, async () => {
      write(bad);
      // The same call as the command's own, which prints the message and ends with 2.
      const error: unknown = await rehearsal(bad.args ?? ["bad"]).catch((reason) => reason);
      assert.ok(error instanceof SettingsError, `${error}`);
      assertSays(error.message, bad.problems);
      assertNothingMade();
    });
  }

  function rehearsal(args: readonly string[]): Promise<unknown> {
    const parsed = parseRehearseArgs(args);
    assert.ok(parsed !== "help");
    const silent = { say: () => {}, during: <T>(_: string, work: () => Promise<T>) => work() };
    return rehearse({ args: parsed, root: project.root, progress: silent, interrupted: new Promise(() => {}) });
  }

  const calls: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [["dev", "--set", "platform.cilium"], /^--set platform\.cilium: write <key>=<value>/],
    [["dev", "--set", "=1"], /^--set =1: write <key>=<value>/],
    [["dev", "--set", "a..b=1"], /^--set a\.\.b=1: an empty part in the key/],
    [["dev", "--set", "a.b=[1"], /^--set a\.b=\[1: the value is no YAML/],
    [["dev", "--sets", "a=1"], /Unknown option '--sets'/],
    [["dev", "prod"], /^one stack at a time/],
    [["../dev"], /^"\.\.\/dev" is no stack name/],
    [["dev", "--once", "--destroy"], /^--destroy does not go with --once/],
  ];
  for (const [args, says] of calls) {
    it(`a call: ${args.join(" ")}`, () => {
      assert.throws(
        () => parseRehearseArgs(args),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    });
  }

  for (const what of ["malformed YAML", "a missing file", "mistakes in several places"]) {
    it(`by the command itself: ${what}`, async () => {
      const bad = BAD_SETTINGS.find((candidate) => candidate.what === what);
      assert.ok(bad);
      write(bad);
      const ended = await step("rehearse", () => project.rehearse(bad.args ?? ["bad"]));
      assertCode(ended, 2);
      assert.equal(ended.stdout, "");
      assertSays(ended.stderr, bad.problems);
      assertNothingMade();
    });
  }

  it("by the command itself: a bad --set, with the usage", async () => {
    const ended = await step("rehearse", () => project.rehearse(["dev", "--set", "platform.cilium"]));
    assertCode(ended, 2);
    assert.match(ended.stderr, /^--set platform\.cilium: write <key>=<value>\n\nUsage: npm run rehearse/);
    assert.doesNotMatch(ended.stderr, /^ +at /m);
    assertNothingMade();
  });
});

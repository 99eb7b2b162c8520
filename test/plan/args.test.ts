import assert from "node:assert/strict";
import { UsageError } from "../../cli/args";
import { parsePlanArgs } from "../../plan/args";

describe("the call of plan", () => {
  it("plans dev as text where nothing is said", () => {
    assert.deepEqual(parsePlanArgs([]), {
      stack: "dev",
      outputs: [{ format: "text" }],
      against: undefined,
      lose: undefined,
      charts: undefined,
      set: [],
    });
  });

  for (const [out, format] of [
    ["plan.md", "markdown"],
    ["plan.html", "html"],
    ["plan.json", "json"],
    ["plan.txt", "text"],
    ["plan", "text"],
  ] as const)
    it(`takes the form of ${out} from its ending`, () => {
      const args = parsePlanArgs(["prod", "--out", out]);
      assert.notEqual(args, "help");
      if (args !== "help") assert.deepEqual([args.stack, args.outputs], ["prod", [{ format, file: out }]]);
    });

  it("writes several reports of one plan", () => {
    const args = parsePlanArgs(["--out", "a.md", "--out", "a.json"]);
    assert.deepEqual(args === "help" ? [] : args.outputs, [
      { format: "markdown", file: "a.md" },
      { format: "json", file: "a.json" },
    ]);
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["two stacks", ["dev", "prod"], /one stack at a time/],
    ["no stack name", ["../dev"], /is no stack name/],
    ["an unknown form", ["--format", "pdf"], /one of text, markdown, html, json/],
    ["one form of several files", ["--format", "json", "--out", "a", "--out", "b"], /their endings say the forms/],
    ["an unknown option", ["--fast"], /Unknown option/],
    ["charts that are not there", ["--charts", "no/such/place"], /no such directory/],
    ["a setting without a value", ["--set", "platform.domain"], /write <key>=<value>/],
  ];
  for (const [title, argv, message] of refused)
    it(`refuses ${title}`, () => {
      assert.throws(
        () => parsePlanArgs(argv),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
});

import assert from "node:assert/strict";
import { UsageError } from "../../cli/args";
import { parseRecoverArgs } from "../../recovery/args";

describe("recovery: the call", () => {
  it("has a stack, and asks and forces nothing by itself", () => {
    assert.deepEqual(parseRecoverArgs(["prod"]), {
      stack: "prod",
      yes: false,
      forceUnlock: false,
      fate: new Map(),
      waitMs: 60_000,
    });
    assert.equal(parseRecoverArgs(["--help"]), "help");
  });

  it("says what became of what only the user can judge", () => {
    const call = parseRecoverArgs([
      "prod",
      "--yes",
      "--adopt",
      "east=vpc-1",
      "--adopt",
      "a=b=c",
      "--forget",
      "west",
      "--wait",
      "5",
    ]);
    assert.ok(call !== "help");
    assert.deepEqual(
      [...call.fate],
      [
        ["east", "vpc-1"],
        ["a", "b=c"],
        ["west", null],
      ],
    );
    assert.equal(call.waitMs, 5_000);
  });

  const refused: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [[], /^name the stack/],
    [["dev", "prod"], /^one stack at a time/],
    [["dev", "--adopt", "east"], /^--adopt east: write <name>=<id>/],
    [["dev", "--adopt", "east="], /^--adopt east=: write/],
    [["dev", "--adopt", "east=1", "--forget", "east"], /^a name is given twice/],
    [["dev", "--wait", "soon"], /^--wait soon: write a number/],
    [["dev", "--unlock"], /Unknown option '--unlock'/],
  ];
  for (const [args, says] of refused) {
    it(`is refused: ${args.join(" ") || "without anything"}`, () => {
      assert.throws(
        () => parseRecoverArgs(args),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    });
  }
});

import assert from "node:assert/strict";
import { parseTenancyArgs, UsageError } from "../../tenancy/args";

const parse = (line: string) => parseTenancyArgs(line.split(" "));

describe("the call of the driver of shards", () => {
  const cases: readonly (readonly [line: string, args: object])[] = [
    ["up --stack prod", { command: "up", stack: "prod", continueOnError: false, yes: false }],
    [
      "up --stack prod --shards 16 --parallel 4 --continue-on-error --yes",
      { command: "up", stack: "prod", shards: 16, parallel: 4, continueOnError: true, yes: true },
    ],
    ["preview -s dev", { command: "preview", stack: "dev", continueOnError: false, yes: false }],
    ["destroy --stack prod -y", { command: "destroy", stack: "prod", continueOnError: false, yes: true }],
    ["list --stack prod", { command: "list", stack: "prod" }],
    ["move shop --from 0 --to 3 --stack prod", { command: "move", stack: "prod", tenant: "shop", from: 0, to: 3 }],
    ["reshard --stack prod --shards 8", { command: "reshard", stack: "prod", shards: 8 }],
  ];
  for (const [line, args] of cases) it(`is read: ${line}`, () => assert.deepEqual(parse(line), args));

  it("asks for help", () => assert.equal(parse("--help"), "help"));

  const bad: readonly (readonly [line: string, message: RegExp])[] = [
    ["up", /^say whose tenants: --stack <stack>$/],
    ["--stack prod", /^say what to do$/],
    ["refresh --stack prod", /^"refresh" is no command$/],
    ["up down --stack prod", /^one command at a time, not also down$/],
    ["up --stack ../prod", /is no stack name$/],
    ["up --stack prod --parallel 0", /^--parallel 0: not a whole number from 1$/],
    ["up --stack prod --shards many", /^--shards many: not a whole number from 1$/],
    ["move --stack prod --from 0 --to 1", /^one tenant at a time: move <tenant>$/],
    ["move a b --stack prod --from 0 --to 1", /^one tenant at a time: move <tenant>$/],
    ["move shop --stack prod --from 0", /^say where it is and where it goes: --from <i> --to <j>$/],
    ["move shop --stack prod --from 1 --to 1", /^it is in shard 1 already$/],
    ["reshard --stack prod", /^say how many there are to be: --shards <n>$/],
    ["up --stack prod --colour red", /colour/],
  ];
  for (const [line, message] of bad) {
    it(`is refused: ${line}`, () => {
      assert.throws(
        () => parse(line),
        (error: unknown) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

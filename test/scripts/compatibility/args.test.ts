import assert from "node:assert/strict";
import { UsageError } from "../../../cli/args";
import { parseKeepArgs } from "../../../scripts/compatibility/args";
import { compareVersions } from "../../../scripts/compatibility/versions";

const OWN = "1.2.0";
const parse = (...argv: readonly string[]) => parseKeepArgs(argv, OWN);

describe("npm run keep-state", () => {
  it("keeps both stacks of the program's own version", () => {
    assert.deepEqual(parse("1.2.0"), {
      version: "1.2.0",
      stacks: ["dev", "prod"],
      from: undefined,
      settings: ".",
      again: false,
    });
    assert.equal(parse("--help"), "help");
  });

  it("keeps the state of a real stack, of whatever version it is", () => {
    const args = parse("1.1.3", "--stack", "acme", "--from", "acme.json", "--settings", "../acme", "--again");
    assert.deepEqual(args, { version: "1.1.3", stacks: ["acme"], from: "acme.json", settings: "../acme", again: true });
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no version", [], /name one version/],
    ["two versions", ["1.2.0", "1.2.1"], /name one version/],
    ["what is no version", ["v1.2"], /"v1\.2" is no version/],
    [
      "another version without its state",
      ["1.1.0"],
      /this program is 1\.2\.0; the state of 1\.1\.0 comes from an export/,
    ],
    ["a state of no stack", ["1.1.0", "--from", "x.json"], /--from is of one stack/],
  ];
  for (const [title, argv, message] of refused)
    it(`refuses ${title}`, () => {
      assert.throws(
        () => parse(...argv),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
});

describe("versions", () => {
  it("are ordered by their numbers", () => {
    const sorted = ["0.10.0", "1.0.0", "0.9.1", "0.9.10"].sort(compareVersions);
    assert.deepEqual(sorted, ["0.9.1", "0.9.10", "0.10.0", "1.0.0"]);
    assert.equal(compareVersions("1.2.3", "1.2.3"), 0);
  });
});

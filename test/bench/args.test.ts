import assert from "node:assert/strict";
import { parseBenchArgs, USAGE } from "../../bench/args";
import { CATALOG } from "../../bench/catalog";
import { temporaryFolder } from "../support/stack";

describe("the call of a benchmark", () => {
  const folder = temporaryFolder();

  it("runs all that need no engine, and names every one in the usage", () => {
    assert.deepEqual(parseBenchArgs([]), {
      command: "run",
      names: ["plan", "components", "clusters", "start"],
      rounds: 5,
      write: true,
    });
    for (const { name } of CATALOG) assert.match(USAGE, new RegExp(`^  ${name} `, "m"));
  });

  it("runs those that are named, in the order of the catalog", () => {
    const args = parseBenchArgs(["engine", "plan", "--rounds", "3"]);
    assert.deepEqual(args, { command: "run", names: ["plan", "engine"], rounds: 3, write: true });
  });

  it("writes no result of other sizes", () => {
    const args = parseBenchArgs(["clusters", "--sizes", "3,4"]);
    assert.deepEqual(args, { command: "run", names: ["clusters"], rounds: 5, write: false, sizes: [3, 4] });
  });

  it("takes charts and the helm CLI", () => {
    const helm = folder.write("helm", "");
    const args = parseBenchArgs(["helm", "--charts", folder.path, "--helm", helm]);
    assert.deepEqual(args, { command: "run", names: ["helm"], rounds: 5, write: true, charts: folder.path, helm });
  });

  it("makes or checks the report", () => {
    assert.deepEqual(parseBenchArgs(["report"]), { command: "report", check: false });
    assert.deepEqual(parseBenchArgs(["report", "--check"]), { command: "report", check: true });
    assert.equal(parseBenchArgs(["--help"]), "help");
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [["speed"], /no benchmark speed; there are plan, components/],
    [["plan", "--rounds", "0"], /--rounds 0: not a whole number from 1/],
    [["plan", "--rounds", "many"], /--rounds many/],
    [["components", "--sizes", "10,,20"], /--sizes : not a whole number/],
    [["helm"], /say where they are by --charts/],
    [["helm", "--charts", "no/such/folder"], /--charts no\/such\/folder: there is no such directory/],
    [["helm", "--charts", ".", "--helm", "."], /--helm \.: there is no such file/],
    [["report", "plan"], /report goes with no other name/],
    [["plan", "--check"], /--check goes with report/],
    [["--quick"], /Unknown option '--quick'/],
  ];
  for (const [argv, message] of wrong) {
    it(`is refused as ${argv.join(" ")}`, () => {
      assert.throws(() => parseBenchArgs(argv), { message });
    });
  }
});

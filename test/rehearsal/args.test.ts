import { deepEqual, equal, throws } from "node:assert/strict";
import { UsageError } from "../../cli/args";
import { parseOverride, parseRehearseArgs } from "../../rehearsal/args";

describe("arguments of the rehearsal", () => {
  it("has dev, stand-in charts and nothing else as defaults", () => {
    deepEqual(parseRehearseArgs([]), {
      stack: "dev",
      charts: "stand-in",
      once: false,
      keep: false,
      destroy: false,
      set: [],
    });
  });

  it("takes a stack and every option", () => {
    deepEqual(
      parseRehearseArgs(["prod", "--charts", "dir", "--once", "--keep", "--set", "a=1", "--set", "tenants.x=y"]),
      {
        stack: "prod",
        charts: "dir",
        once: true,
        keep: true,
        destroy: false,
        set: [
          { path: ["platform", "a"], value: 1 },
          { path: ["tenants", "x"], value: "y" },
        ],
      },
    );
  });

  it("gives help", () => equal(parseRehearseArgs(["--help"]), "help"));

  const refused: readonly (readonly [string[], RegExp])[] = [
    [["dev", "prod"], /one stack at a time/],
    [["../dev"], /is no stack name/],
    [["--unknown"], /unknown/i],
    [["--charts"], /charts/],
    [["--set", "novalue"], /write <key>=<value>/],
    [["--set", "a..b=1"], /empty part/],
    [["--set", "a={"], /no YAML/],
    [["--once", "--destroy"], /does not go with/],
  ];
  for (const [argv, message] of refused) {
    it(`refuses ${argv.join(" ")}`, () => {
      throws(
        () => parseRehearseArgs(argv),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  const overrides: readonly (readonly [string, string[], unknown])[] = [
    ["platform.cilium.hubble.ui=false", ["platform", "cilium", "hubble", "ui"], false],
    ["openchoreo:platform.domain=a.example", ["platform", "domain"], "a.example"],
    ["clusters.east=null", ["platform", "clusters", "east"], null],
    ["clusters.east.planes=[data]", ["platform", "clusters", "east", "planes"], ["data"]],
    ["domain=a=b", ["platform", "domain"], "a=b"],
  ];
  for (const [text, path, value] of overrides) {
    it(`reads --set ${text}`, () => deepEqual(parseOverride(text), { path, value }));
  }
});

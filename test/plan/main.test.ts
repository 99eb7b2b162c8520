import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TSX } from "../../cli/tsx";
import { PLAN_VERSION } from "../../plan/model";
import { ROOT, temporaryFolder } from "../support/stack";

/** Runs the command with a home and credentials that would be noticed. */
function plan(...args: readonly string[]) {
  return planIn(ROOT, ...args);
}

/** The same in a project of its own. */
function planIn(cwd: string, ...args: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), "plan-home-"));
  try {
    const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, "none"), AWS_PROFILE: "none" };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", TSX, join(ROOT, "plan/main.ts"), ...args],
      {
        cwd,
        env,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return { status, stdout, stderr };
  } finally {
    rmSync(home, { recursive: true });
  }
}

describe("npm run plan", () => {
  it("writes the whole JSON to a pipe, and ends with 0", () => {
    const { status, stdout, stderr } = plan("dev", "--format", "json");
    assert.equal(stderr, "");
    const written = JSON.parse(stdout);
    assert.equal(status, 0);
    assert.equal(written.stack, "dev");
    const keys = ["stack", "clusters", "resources", "policy", "endpoints", "certificates", "seconds"];
    assert.deepEqual(
      keys.filter((key) => !(key in written)),
      [],
    );
  });

  it("lists every problem of the settings with its path, and ends with 2", () => {
    const { status, stdout, stderr } = plan("dev", "--set", "domain=-", "--set", "clusters.east.network.meshId=300");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^2 problems in the settings; nothing was created:$/m);
    assert.match(stderr, /^ {2}platform\.domain: /m);
    assert.match(stderr, /^ {2}platform\.clusters\.east\.network\.meshId: /m);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["a stack without a file", ["staging"], /Pulumi\.staging\.yaml: there is no such file/],
    ["charts that are nowhere", ["dev", "--charts", "nowhere"], /--charts nowhere: there is no such directory/],
    [
      "a file in a folder that is not there",
      ["dev", "--out", "/no/such/plan.json"],
      /^--out \/no\/such\/plan\.json: there is no folder \/no\/such; make it first: .*\n$/,
    ],
    ["a folder for a file", ["dev", "--out", ROOT], /^--out \S+: is a folder; name a file in it, such as \S+\n$/],
    ["a cluster that cannot be lost", ["dev", "--lose", "nowhere"], /nowhere/],
  ];
  for (const [title, args, message] of refused)
    it(`refuses ${title}, and ends with 2`, () => {
      const { status, stdout, stderr } = plan(...args);
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });

  it("ends with 3 where settings break a mandatory rule, with the whole report", () => {
    const { status, stdout, stderr } = plan("dev", "--set", "mesh.encryption=none", "--format", "json");
    assert.deepEqual([status, stderr], [3, ""]);
    const { violations } = JSON.parse(stdout).policy;
    const names = violations.map(({ rule, enforcement, urn }: Record<string, string>) => [
      rule,
      enforcement,
      urn?.split("::").at(-1),
    ]);
    assert.deepEqual(
      names.sort(),
      ["control", "east", "west"].map((cluster) => ["helm-cilium-encryption", "mandatory", `${cluster}.cilium`]),
    );
  });

  describe("with a configuration of the policy pack", () => {
    const project = temporaryFolder();
    const write = (config: object) =>
      writeFileSync(join(project.path, "policy/config/dev.json"), JSON.stringify(config));
    const configured = (config: object) => {
      write(config);
      return planIn(project.path, "dev", "--set", "mesh.encryption=none", "--format", "json");
    };
    before(() => {
      for (const entry of ["Pulumi.dev.yaml", "tenants"])
        cpSync(join(ROOT, entry), join(project.path, entry), { recursive: true });
      mkdirSync(join(project.path, "policy/config"), { recursive: true });
    });

    it("ends with 0 where the rule that is broken is advisory there, and still says so", () => {
      const { status, stdout, stderr } = configured({ "helm-cilium-encryption": { enforcementLevel: "advisory" } });
      assert.deepEqual([status, stderr], [0, ""]);
      assert.equal(JSON.parse(stdout).policy.violations.length, 3);
    });

    const wrong: readonly (readonly [string, string, RegExp])[] = [
      ["that is no JSON", '{ "all": ', /^policy\/config\/dev\.json: is no JSON; mend it or remove the file \(.*\)\n$/],
      ["that is a list", "[]", /^policy\/config\/dev\.json: must be an object of rules, .*\n$/],
      [
        "of a rule that is not there",
        '{ "helm-pined": "advisory" }',
        /^policy\/config\/dev\.json: helm-pined: there is no such rule; did you mean helm-pinned\?\n$/,
      ],
      [
        "of a level that is not there",
        '{ "all": "off" }',
        /^policy\/config\/dev\.json: all: there is no such enforcement: one of advisory, .*; did you mean disabled\?\n$/,
      ],
    ];
    for (const [title, text, message] of wrong)
      it(`refuses one ${title}, and ends with 2`, () => {
        writeFileSync(join(project.path, "policy/config/dev.json"), text);
        const { status, stdout, stderr } = planIn(project.path, "dev");
        assert.deepEqual([status, stdout], [2, ""], stderr);
        assert.match(stderr, message);
      });

    it("refuses to compare with what is no plan, and ends with 2", () => {
      write({});
      const before = {
        version: PLAN_VERSION,
        stack: "dev",
        resources: [],
        tenants: [],
        endpoints: [],
        certificates: [],
      };
      writeFileSync(join(project.path, "before.json"), JSON.stringify({ ...before, clusters: [null] }));
      const { status, stdout, stderr } = planIn(project.path, "dev", "--against", "before.json");
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, /^--against before\.json is no plan of this version \(clusters\[0\]: .*\); make one: .*\n$/);
    });

    it("ends with 0 where an exemption excuses it, and every report says which, why and how long", () => {
      const reason = "the clusters are rebuilt with another kernel";
      const exemptions = [{ rule: "helm-cilium-encryption", resource: "*.cilium", reason, expires: "2999-12-31" }];
      const [text, markdown] = ["report.txt", "report.md"].map((file) => join(project.path, file));
      write({ "exemptions-current": { exemptions } });
      const outs = ["--out", text ?? "", "--out", markdown ?? ""];
      const { status, stderr } = planIn(project.path, "dev", "--set", "mesh.encryption=none", ...outs);
      assert.deepEqual([status, stderr], [0, ""]);
      const line = `excused until 2999-12-31: helm-cilium-encryption on east.cilium: ${reason}`;
      assert.ok(readFileSync(text ?? "", "utf8").includes(line));
      const said = readFileSync(markdown ?? "", "utf8");
      assert.match(said, /Policy: 3 exemptions/);
      assert.ok(said.includes(`| \`helm-cilium-encryption\` | \`east.cilium\` | ${reason} | 2999-12-31 |`));
    });
  });

  it("says how it is called, and ends with 2", () => {
    const { status, stderr } = plan("--format", "pdf");
    assert.equal(status, 2);
    assert.match(stderr, /Usage: npm run plan/);
  });

  it("writes the report to a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "plan-"));
    try {
      const file = join(folder, "dev.txt");
      const { status, stdout } = plan("dev", "--out", file);
      assert.deepEqual([status, stdout], [0, ""]);
      assert.match(readFileSync(file, "utf8"), /^Plan of dev \(development, choreo\.localhost\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

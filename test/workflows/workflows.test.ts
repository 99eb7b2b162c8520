import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, type Json, listAt, objectAt, textAt } from "../../plan/program/json";
import { ROOT } from "../support/stack";

const FOLDER = join(ROOT, ".github/workflows");
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith(".yml"));

interface Workflow {
  readonly text: string;
  readonly on: Json;
  readonly whole: Json;
  readonly jobs: readonly (readonly [string, Json])[];
}

function read(file: string): Workflow {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const whole: unknown = parse(text);
  if (!isObject(whole)) throw new Error(`${file} is no workflow`);
  const jobs = Object.entries(objectAt(whole, "jobs")).map(([name, job]) => [name, isObject(job) ? job : {}] as const);
  return { text, on: objectAt(whole, "on"), whole, jobs };
}

function stepsOf(job: Json): Json[] {
  return listAt(job, "steps").filter(isObject);
}

/** What a job may write, by file: nothing else may. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "comment.yml": ["pull-requests"],
  "drift.yml": ["id-token", "issues"],
  "preview.yml": ["id-token"],
  "up.yml": ["id-token"],
};

describe("workflows", () => {
  it("are those that the design asks for", () => {
    assert.deepEqual([...FILES].sort(), [
      "audit.yml",
      "ci.yml",
      "comment.yml",
      "drift.yml",
      "plan.yml",
      "preview.yml",
      "up.yml",
    ]);
  });

  for (const file of FILES)
    describe(file, () => {
      const { text, on, whole, jobs } = read(file);

      it("is not run by pull_request_target", () => {
        assert.ok(!("pull_request_target" in on));
        assert.doesNotMatch(text, /pull_request_target/);
      });

      it("says at the top what its token may do, which is to read at most, and what a job may write is known", () => {
        const top = objectAt(whole, "permissions");
        assert.ok("permissions" in whole);
        assert.deepEqual(
          Object.entries(top).filter(([, access]) => access !== "read" && access !== "none"),
          [],
        );
        const written = jobs.flatMap(([, job]) =>
          Object.entries(objectAt(job, "permissions")).flatMap(([name, access]) => (access === "write" ? [name] : [])),
        );
        assert.deepEqual([...new Set(written)].sort(), [...(WRITES[file] ?? [])].sort());
      });

      it("pins every action to a commit, and says which version that is", () => {
        const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, what]) => what ?? "");
        for (const one of uses) assert.match(one, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      });

      it("keeps its token out of what it checks out", () => {
        const checkouts = jobs
          .flatMap(([, job]) => stepsOf(job))
          .filter((step) => textAt(step, "uses")?.startsWith("actions/checkout@"));
        for (const step of checkouts) assert.equal(objectAt(step, "with")["persist-credentials"], false);
      });

      it("puts no expression into a shell, where a title or a branch would become commands", () => {
        const scripts = jobs.flatMap(([, job]) => stepsOf(job)).flatMap((step) => textAt(step, "run") ?? []);
        for (const script of scripts) assert.doesNotMatch(script, /\$\{\{/);
      });

      it("ends some time", () => {
        for (const [name, job] of jobs) assert.equal(typeof job["timeout-minutes"], "number", name);
      });
    });
});

describe("plan.yml", () => {
  const { text, on, jobs } = read("plan.yml");

  it("runs for pull requests alone, without secrets", () => {
    assert.deepEqual(Object.keys(on), ["pull_request"]);
    assert.doesNotMatch(text, /secrets|id-token|environment:/);
  });

  it("keeps the report also where the plan fails", () => {
    const uploads = jobs
      .flatMap(([, job]) => stepsOf(job))
      .filter((step) => textAt(step, "uses")?.startsWith("actions/upload-artifact@"));
    assert.equal(uploads.length, 2);
    for (const step of uploads) assert.equal(step.if, `\${{ !cancelled() }}`);
  });
});

describe("comment.yml", () => {
  const { text, on, jobs } = read("comment.yml");

  it("runs after the plan, on the default branch", () => {
    assert.deepEqual(on, { workflow_run: { workflows: ["Plan"], types: ["completed"] } });
    assert.equal(textAt(parse(readFileSync(join(FOLDER, "plan.yml"), "utf8")), "name"), "Plan");
  });

  it("uses no action and checks nothing out: its script is that of the default branch", () => {
    assert.doesNotMatch(text, /uses:/);
    assert.match(text, /contents\/\.github\/scripts\/comment\.mjs\?ref=\$GITHUB_SHA/);
    assert.doesNotMatch(text, /head_sha|head_branch|npm |secrets/);
    assert.equal(jobs.length, 1);
  });
});

describe("preview.yml", () => {
  const { text, on, jobs } = read("preview.yml");

  it("gives credentials only to branches of the repository, once they have the label, for the commit that was looked at", () => {
    assert.deepEqual(on, { pull_request: { types: ["labeled"] } });
    const condition = String(jobs[0]?.[1].if).replaceAll(/\s+/g, " ");
    assert.match(
      condition,
      /github\.event\.label\.name == 'preview' && github\.event\.pull_request\.head\.repo\.full_name == github\.repository/,
    );
    assert.match(text, /ref: \$\{\{ github\.event\.pull_request\.head\.sha \}\}/);
    assert.equal(jobs[0]?.[1].environment, "preview");
  });
});

describe("up.yml", () => {
  const { on, jobs } = read("up.yml");

  it("brings up what is merged, prod after dev and behind its environment, and cuts nothing off", () => {
    assert.deepEqual(objectAt(on, "push"), { branches: ["main"] });
    const byName = new Map(jobs);
    assert.equal(byName.get("prod")?.environment, "prod");
    assert.equal(byName.get("prod")?.needs, "dev");
    for (const [name, job] of jobs) {
      assert.deepEqual(job.concurrency, { group: `up-${name}`, "cancel-in-progress": false });
      const scripts = stepsOf(job).flatMap((step) => textAt(step, "run") ?? []);
      assert.ok(scripts.some((script) => script.includes(`pulumi up --yes --stack ${name} --policy-pack policy`)));
    }
  });
});

describe("up.yml, where an up fails", () => {
  const { jobs } = read("up.yml");
  for (const [name, job] of jobs)
    it(`prints the events of ${name}'s pods, right after it and as who brings it up`, () => {
      const steps = stepsOf(job);
      const at = steps.findIndex((step) => textAt(step, "run")?.includes("pulumi up "));
      const [up = {}, trouble = {}, ...others] = steps.slice(at);
      assert.equal(up.id, "up");
      assert.equal(trouble.run, `npm run --silent trouble -- ${name}`);
      assert.equal(trouble.if, `\${{ failure() && steps.up.outcome == 'failure' }}`);
      assert.deepEqual(trouble.env, up.env);
      assert.equal(typeof trouble["timeout-minutes"], "number");
      assert.deepEqual(others, []);
    });

  it("calls a command that is there", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    assert.equal(scripts.trouble, "node scripts/run.mjs recovery/trouble/main.ts");
    assert.ok(existsSync(join(ROOT, "recovery/trouble/main.ts")));
  });
});

describe("drift.yml", () => {
  it("looks every night, and opens an issue where something differs", () => {
    const { on, text } = read("drift.yml");
    assert.equal(listAt(on, "schedule").length, 1);
    assert.match(text, /--refresh --expect-no-changes/);
    assert.match(text, /failure\(\)[\s\S]*drift-issue\.sh/);
  });
});

describe("audit.yml", () => {
  it("asks every night, as advisories come without a change, and needs no right for it", () => {
    const { on, text } = read("audit.yml");
    assert.equal(listAt(on, "schedule").length, 1);
    assert.match(text, /npm run --silent audit/);
    assert.doesNotMatch(text, /secrets|write/);
  });
});

describe("actions", () => {
  it("are at the same commit in every workflow, and run in no image that may change", () => {
    const uses = FILES.flatMap((file) => [...read(file).text.matchAll(/uses: (\S+)@(\S+) # (\S+)/g)]);
    const commits = new Map<string, Set<string>>();
    for (const [, action = "", commit, version] of uses) {
      commits.set(action, (commits.get(action) ?? new Set()).add(`${commit} ${version}`));
    }
    assert.ok(commits.size >= 4);
    for (const [action, own] of commits) assert.equal(own.size, 1, `${action}: ${[...own].join(", ")}`);
    for (const file of FILES)
      assert.doesNotMatch(read(file).text, /docker:\/\/|^\s*(container|services|image):/m, file);
  });
});

describe("ci.yml", () => {
  it("runs commands that are there, as .ci/run does", () => {
    const { jobs } = read("ci.yml");
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const called = jobs
      .flatMap(([, job]) => stepsOf(job))
      .flatMap((step) => /^npm (?:run --silent )?([\w:-]+)/.exec(textAt(step, "run") ?? "")?.[1] ?? [])
      .filter((name) => name !== "ci");
    assert.deepEqual(
      called.filter((name) => !(name in scripts)),
      [],
    );
    const all = readFileSync(join(ROOT, ".ci/run"), "utf8");
    const steps = [...all.matchAll(/^step "[^"]+" npm (?:run --silent )?([\w:-]+)/gm)].map(([, name]) => name ?? "");
    assert.deepEqual(
      steps.filter((name) => name !== "ci" && !called.includes(name)),
      [],
    );
  });
});

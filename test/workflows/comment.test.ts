import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { markdownReport } from "../../plan/report/markdown";
import { planned } from "../support/plan";
import { ROOT } from "../support/stack";

/** What a run of the plan left, and the comments of its pull request. */
interface Scene {
  readonly artifacts?: readonly object[];
  readonly comments?: readonly object[];
  readonly pulls?: readonly object[];
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: { readonly body: string };
}

interface Script {
  readonly COMMENT_LIMIT: number;
  readonly sanitized: (text: string) => string;
  readonly bodyOf: (stack: string, report: string, commit: string) => string;
  readonly GitHub: new (args: object) => object;
  readonly commentOn: (event: object, github: object, unzip: (bytes: Buffer) => Promise<string>) => Promise<string>;
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const RUN = {
  id: 7,
  event: "pull_request",
  head_sha: COMMIT,
  head_branch: "a/branch",
  head_repository: { owner: { login: "someone" } },
};
const REPORT = { id: 1, name: "comment-prod", size_in_bytes: 900, expired: false };

describe("the comment on a pull request", () => {
  let script: Script;
  before(async () => {
    // As Node itself loads it: it is no part of the program.
    const load = new Function("url", "return import(url)") as (url: string) => Promise<Script>;
    script = await load(pathToFileURL(join(ROOT, ".github/scripts/comment.mjs")).href);
  });

  /** Runs the script on an API that answers as GitHub does. */
  async function run(scene: Scene, report = "## Plan", event: object = { workflow_run: RUN }) {
    const { artifacts = [REPORT], comments = [], pulls = [{ number: 12, head: { sha: COMMIT } }] } = scene;
    const asked: Asked[] = [];
    const answers: readonly (readonly [RegExp, unknown])[] = [
      [/\/pulls\?/, pulls],
      [/\/actions\/runs\/7\/artifacts/, { artifacts }],
      [/\/zip$/, "zip"],
      [/\/comments/, comments],
    ];
    const fetch = async (url: string, { method = "GET", body }: { method?: string; body?: string } = {}) => {
      const path = url.replace("https://api.test/repos/acme/platform", "");
      asked.push({ method, path, ...(body !== undefined && { body: JSON.parse(body) }) });
      const found = answers.find(([pattern]) => pattern.test(path))?.[1];
      return new Response(typeof found === "string" ? found : JSON.stringify(found));
    };
    const github = new script.GitHub({ api: "https://api.test", repository: "acme/platform", token: "t", fetch });
    const done = await script.commentOn(event, github, async () => report);
    return { done, asked, written: asked.filter(({ method }) => method !== "GET") };
  }

  const cases: readonly (readonly [string, string, string])[] = [
    ["a mention", "hello @all", "hello @\u200ball"],
    ["HTML", "<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>"],
    ["a fold with attributes", '<details open ontoggle="x">', '&lt;details open ontoggle="x">'],
    ["a comment of HTML, such as another marker", "<!-- plan of prod -->", "&lt;!-- plan of prod -->"],
    ["an entity", "&lt;b&gt; &#60;", "&amp;lt;b&amp;gt; &amp;#\u200b60;"],
    ["a link", "[safe](https://evil.test)", "[safe]\u200b(https:\u200b//evil.test)"],
    ["a link by reference", "[safe][x]\n[x]: //evil.test", "[safe]\u200b[x]\n[x]\u200b: //evil.test"],
    ["an image", "![](//evil.test/x.png)", "!\u200b[]\u200b(//evil.test/x.png)"],
    ["an address", "http://a.test www.b.test mailto:c", "http:\u200b//a.test www\u200b.b.test mailto\u200b:c"],
    ["a reference to an issue", "fixes #12, acme/x#3, GH-4", "fixes #\u200b12, acme/x#\u200b3, GH\u200b-4"],
    ["text that runs the other way", "a\u202eb\u0000c", "abc"],
  ];
  for (const [title, text, expected] of cases)
    it(`lets no ${title} through`, () => assert.equal(script.sanitized(text), expected));

  it("leaves folds, tables, code and line breaks as they are", () => {
    const text =
      "## Plan of `prod`\n\n<details><summary>3 clusters</summary>\n\n| a | b |\n| --- | --- |\n| `c` | d<br>e |\n\n</details>";
    assert.equal(script.sanitized(text), text);
  });

  it("leaves the picture of a report as it was made, without what a click would do", async () => {
    const report = markdownReport(await planned("dev"));
    const picture = /```mermaid\n[\s\S]*?\n```/.exec(report)?.[0] ?? "none";
    assert.ok(script.bodyOf("dev", report, COMMIT).includes(picture));
    const hostile = script.bodyOf("dev", '```mermaid\nflowchart LR\n  a\n  click a "https://evil.test"\n```', COMMIT);
    assert.doesNotMatch(hostile, /click|evil/);
  });

  it("fits whatever the report is, and closes what is cut", () => {
    for (const text of [
      "@".repeat(70_000),
      `${"<details><summary>x</summary>\n".repeat(4)}${"line\n".repeat(20_000)}`,
      `\`\`\`\n${"y\n".repeat(60_000)}`,
    ]) {
      const body = script.bodyOf("prod", text, COMMIT);
      assert.ok(body.length <= script.COMMENT_LIMIT, String(body.length));
      assert.match(body, /This report is cut/);
      assert.equal(body.match(/<details>/g)?.length, body.match(/<\/details>/g)?.length);
      assert.equal((body.match(/^```/gm) ?? []).length % 2, 0);
    }
  });

  it("is made on the pull request that the event names", async () => {
    const { done, asked, written } = await run({});
    assert.equal(done, "1 comments on #12");
    assert.ok(asked.some(({ path }) => path === "/pulls?state=open&per_page=100&head=someone%3Aa%2Fbranch"));
    assert.deepEqual(
      written.map(({ method, path }) => `${method} ${path}`),
      ["POST /issues/12/comments"],
    );
    assert.match(written[0]?.body?.body ?? "", /^<!-- plan of prod -->\n## Plan/);
  });

  it("is changed in place, and only where it is the bot's own", async () => {
    const body = "<!-- plan of prod -->\nolder";
    const comments = [
      { id: 1, user: { type: "User" }, body },
      { id: 2, user: { type: "Bot" }, body: "<!-- plan of dev -->" },
      { id: 3, user: { type: "Bot" }, body },
    ];
    const { written } = await run({ comments });
    assert.deepEqual(
      written.map(({ method, path }) => `${method} ${path}`),
      ["PATCH /issues/comments/3"],
    );
  });

  const ignored: readonly (readonly [string, Scene])[] = [
    ["that is too large", { artifacts: [{ ...REPORT, size_in_bytes: 2 ** 21 }] }],
    [
      "that is not named as reports are",
      {
        artifacts: [
          { ...REPORT, name: "comment-../x" },
          { ...REPORT, name: "plan-prod" },
        ],
      },
    ],
    ["that is gone", { artifacts: [{ ...REPORT, expired: true }] }],
    ["of a pull request that has moved on", { pulls: [{ number: 12, head: { sha: "other" } }] }],
  ];
  for (const [title, scene] of ignored)
    it(`is not made of a report ${title}`, async () => assert.deepEqual((await run(scene)).written, []));

  it("is not made for another event", async () => {
    const { asked } = await run({}, "x", { workflow_run: { ...RUN, event: "push" } });
    assert.deepEqual(asked, []);
  });

  it("is made for a few stacks at most", async () => {
    const artifacts = Array.from({ length: 50 }, (_, id) => ({ ...REPORT, id, name: `comment-s${id}` }));
    assert.equal((await run({ artifacts })).written.length, 5);
  });
});

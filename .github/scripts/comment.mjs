// Puts the reports of a plan into comments of the pull request that they are of, one a stack, updated in place.
//
// It runs with a token that may write, in a run of the default branch, and what it reads was made by the pull request: the
// report may hold anything. So it is taken as text of a limited size, its markup is narrowed to what reports need, and
// whom it is about is read from the event that GitHub sends, never from the report. It imports nothing but Node.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** Longest comment that GitHub takes. */
export const COMMENT_LIMIT = 65_536;

/** Largest artifact that is fetched, and largest report that is read of it, in bytes. */
const ARTIFACT_LIMIT = 1024 * 1024;
const REPORT_LIMIT = 256 * 1024;

/** Most stacks that are commented on. */
const MOST_STACKS = 5;

const STACK = /^comment-([A-Za-z0-9][A-Za-z0-9_-]{0,40})$/;
const REPORT = "report.md";
const CUT = "\n\n_This report is cut: it would not fit into a comment._\n";

/** Invisible, and enough to end a mention, a link or a reference. */
const BREAK = "\u200b";

/** Tags that reports fold and break lines with; without attributes. */
const TAGS = /&lt;(\/?(?:details|summary|br)>)/g;

/**
 * A report as it may be shown: no HTML but folds and line breaks, no mention, no link, no image, no reference to an issue
 * and no closing keyword. Fenced blocks stay fenced, so that the picture is drawn.
 */
export function sanitized(text) {
  return (
    text
      // Characters that turn the direction of text around, and those that no text needs.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
      .replace(/&(?=[#\w]+;)/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(TAGS, "<$1")
      .replace(/@/g, `@${BREAK}`)
      // Links and images of Markdown, also those that are defined below; and addresses that would become links.
      .replaceAll("](", `]${BREAK}(`)
      .replaceAll("][", `]${BREAK}[`)
      .replace(/^(\s*\[[^\]]*\])\s*:/gm, `$1${BREAK}:`)
      .replace(/!\[/g, `!${BREAK}[`)
      .replace(/(\w+):\/\//g, `$1:${BREAK}//`)
      .replace(/\bwww\./gi, `www${BREAK}.`)
      .replace(/\bmailto:/gi, `mailto${BREAK}:`)
      // References: #1, owner/name#1, GH-1.
      .replace(/#(?=\d)/g, `#${BREAK}`)
      .replace(/\bGH-(?=\d)/gi, `GH${BREAK}-`)
  );
}

/** Entities within the picture's labels are written as "#34;": they are no references to issues. */
function withPicture(text) {
  return text.replace(/```mermaid\n[\s\S]*?\n```/g, (block) => {
    const lines = block.split("\n").filter((line) => !/^\s*(click|href|callback|link|%%\{)/i.test(line));
    return lines.join("\n").replaceAll(`#${BREAK}`, "#");
  });
}

/** What tells the comment on a stack from others. */
export function markerOf(stack) {
  return `<!-- plan of ${stack} -->`;
}

/** The comment on a stack's report. */
export function bodyOf(stack, report, commit) {
  const head = `${markerOf(stack)}\n`;
  const foot = `\n\n<sub>For ${commit.slice(0, 12)}; the page to explore is among the artifacts of the run.</sub>\n`;
  const room = COMMENT_LIMIT - head.length - foot.length;
  const text = withPicture(sanitized(report));
  return `${head}${text.length <= room ? text : closed(text.slice(0, room - CUT.length - 100))}${foot}`;
}

/** What was cut in the middle of a fold or of a block ends there. */
function closed(text) {
  const lines = text.slice(0, text.lastIndexOf("\n"));
  const fences = (lines.match(/^```/gm) ?? []).length;
  const folds = (lines.match(/<details>/g) ?? []).length - (lines.match(/<\/details>/g) ?? []).length;
  return `${lines}${fences % 2 === 1 ? "\n```" : ""}${"\n</details>".repeat(Math.max(0, Math.min(folds, 8)))}${CUT}`;
}

/** Talks to GitHub as the run's own token. */
export class GitHub {
  constructor({ api, repository, token, fetch = globalThis.fetch }) {
    this.base = `${api}/repos/${repository}`;
    this.fetch = fetch;
    this.headers = {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
    };
  }

  async ask(path, options = {}) {
    const answer = await this.fetch(`${this.base}${path}`, {
      ...options,
      headers: { ...this.headers, ...options.headers },
    });
    if (!answer.ok) throw new Error(`${options.method ?? "GET"} ${path}: ${answer.status}`);
    return answer;
  }

  async json(path, options) {
    return (await this.ask(path, options)).json();
  }

  send(method, path, body) {
    return this.ask(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  }
}

/**
 * The number of the pull request that a run was of. The event names it only for branches of the repository itself; for
 * forks it is the open one from that branch at that commit.
 */
export async function pullRequestOf(run, github) {
  const owner = run.head_repository?.owner?.login;
  const head = encodeURIComponent(`${owner}:${run.head_branch}`);
  const open = await github.json(`/pulls?state=open&per_page=100&head=${head}`);
  return open.find((one) => one.head.sha === run.head_sha)?.number;
}

/** Reports of a run by stack; what is too large, or not named as reports are, is left out. */
export async function reportsOf(run, github, unzip = unzipped) {
  const { artifacts } = await github.json(`/actions/runs/${run.id}/artifacts?per_page=100`);
  const fitting = artifacts.filter(
    ({ name, size_in_bytes, expired }) => STACK.test(name) && !expired && size_in_bytes <= ARTIFACT_LIMIT,
  );
  const reports = [];
  for (const { id, name } of fitting.slice(0, MOST_STACKS)) {
    const answer = await github.ask(`/actions/artifacts/${id}/zip`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > ARTIFACT_LIMIT) continue;
    reports.push({ stack: STACK.exec(name)[1], text: (await unzip(bytes)).slice(0, REPORT_LIMIT) });
  }
  return reports;
}

/** The report in an archive. Only that one name is written out, to standard output, and no more than is read. */
async function unzipped(bytes) {
  const folder = mkdtempSync(join(tmpdir(), "report-"));
  try {
    const file = join(folder, "report.zip");
    writeFileSync(file, bytes);
    const { stdout } = await promisify(execFile)("unzip", ["-p", file, REPORT], { maxBuffer: REPORT_LIMIT * 4 });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the comment, or changes the one that is there. Only a comment of the bot's own is changed. */
async function comment(number, stack, body, github) {
  const marker = markerOf(stack);
  for (let page = 1; page <= 10; page++) {
    const comments = await github.json(`/issues/${number}/comments?per_page=100&page=${page}`);
    const own = comments.find((one) => one.user?.type === "Bot" && one.body?.startsWith(marker));
    if (own !== undefined) return github.send("PATCH", `/issues/comments/${own.id}`, { body });
    if (comments.length < 100) break;
  }
  return github.send("POST", `/issues/${number}/comments`, { body });
}

/** Comments on the pull request of a finished run. Returns what was done, for the log. */
export async function commentOn(event, github, unzip) {
  const run = event.workflow_run;
  if (run.event !== "pull_request") return "not a run of a pull request";
  const number = await pullRequestOf(run, github);
  if (number === undefined) return "no open pull request is at that commit";
  const reports = await reportsOf(run, github, unzip);
  for (const { stack, text } of reports) await comment(number, stack, bodyOf(stack, text, run.head_sha), github);
  return `${reports.length} comments on #${number}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const {
    GITHUB_EVENT_PATH: path,
    GITHUB_API_URL: api,
    GITHUB_REPOSITORY: repository,
    GITHUB_TOKEN: token,
  } = process.env;
  const event = JSON.parse(readFileSync(path, "utf8"));
  process.stdout.write(`${await commentOn(event, new GitHub({ api, repository, token }))}\n`);
}

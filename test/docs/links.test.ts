import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../support/stack";

/** Pages of the repository: what people read, not what is fetched or generated elsewhere. */
const PAGES = ["README.md", "CONTRIBUTING.md", ...pagesBelow("docs"), ...pagesBelow("examples")];

function pagesBelow(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".md")).map((file) => join(folder, file));
}

/** Text without its code, where brackets mean something else. */
function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(file: string): Set<string> {
  const headings = readFileSync(file, "utf8")
    .replaceAll(/^```[\s\S]*?^```/gm, "")
    .matchAll(/^#{1,6} +(.+)$/gm);
  return new Set([...headings].map(([, text = ""]) => anchor(text)));
}

function anchor(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, "");
  return words.trim().replaceAll(" ", "-");
}

/** What is wrong with a link from a page; nothing for one that leads out of the repository. */
function problemOf(page: string, target: string): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  const [path = "", fragment] = target.split("#");
  const file = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path);
  if (!existsSync(file)) return `${page}: ${target} leads nowhere`;
  if (fragment === undefined || statSync(file).isDirectory()) return undefined;
  return anchorsOf(file).has(fragment) ? undefined : `${page}: ${relative(ROOT, file)} has no heading #${fragment}`;
}

describe("links of the documentation", () => {
  it("lead to files and headings that are there", () => {
    const links = PAGES.flatMap((page) => {
      const text = prose(readFileSync(join(ROOT, page), "utf8"));
      return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => [page, target] as const);
    });
    assert.ok(links.length > 100, String(links.length));
    assert.deepEqual(
      links.flatMap(([page, target]) => problemOf(page, target) ?? []),
      [],
    );
  });

  it("are found where they lead nowhere", () => {
    assert.match(problemOf("README.md", "docs/none.md") ?? "", /leads nowhere/);
    assert.match(problemOf("README.md", "docs/day-2.md#none") ?? "", /no heading #none/);
    assert.equal(problemOf("docs/runbooks.md", "day-2.md#rotate-the-meshs-root"), undefined);
  });
});

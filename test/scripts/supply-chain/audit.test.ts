import assert from "node:assert/strict";
import { KNOWN, type Verdict, verdictOf } from "../../../scripts/supply-chain/audit";

/** What `npm audit --json` prints, with advisories of these severities. */
function report(...severities: readonly string[]): string {
  const via = severities.map((severity, index) => ({
    source: index,
    name: "left",
    title: "Reads too much",
    url: `https://github.com/advisories/GHSA-${index}`,
    severity,
    range: "<1.2.0",
  }));
  // A package that is affected through another one names it.
  const vulnerabilities = { left: { name: "left", via }, above: { name: "above", via: ["left"] } };
  return JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: {} });
}

const DAY = "2026-01-15";
const known = (until: string) => ({ "GHSA-0": { reason: "is never called with a text of others", until } });

describe("the audit of packages", () => {
  const cases: readonly (readonly [string, Verdict, Verdict["outcome"], RegExp])[] = [
    ["nothing", verdictOf(JSON.stringify({ vulnerabilities: {} }), DAY), "clean", /^$/],
    [
      "what stops nothing",
      verdictOf(report("moderate", "low"), DAY),
      "clean",
      /^moderate: left <1\.2\.0: Reads too much, GHSA-0$/m,
    ],
    ["something high", verdictOf(report("low", "high"), DAY), "found", /^high: left .* GHSA-1$/m],
    ["something critical", verdictOf(report("critical"), DAY), "found", /^critical: /],
    ["what is known", verdictOf(report("high"), DAY, known(DAY)), "clean", /known until 2026-01-15: is never called/],
    ["what was known until yesterday", verdictOf(report("high"), DAY, known("2026-01-14")), "found", /^high/],
    ["what is known, and more", verdictOf(report("high", "critical"), DAY, known(DAY)), "found", /GHSA-1$/m],
    [
      "a registry that has no audits",
      verdictOf(
        JSON.stringify({ message: "405 Method Not Allowed - POST https://registry.test/x", statusCode: 405 }),
        DAY,
      ),
      "skipped",
      /^skipped: the registry does not answer audits \(405 Method Not Allowed\)$/,
    ],
    [
      "no network",
      verdictOf(JSON.stringify({ error: { code: "ENOTFOUND", summary: "getaddrinfo ENOTFOUND" } }), DAY),
      "skipped",
      /getaddrinfo ENOTFOUND/,
    ],
    ["no npm", verdictOf("", DAY), "skipped", /npm printed no report/],
    ["an error page", verdictOf("<html>", DAY), "skipped", /npm printed no report/],
  ];
  for (const [title, { outcome, lines }, expected, said] of cases)
    it(`is ${expected} with ${title}`, () => {
      assert.equal(outcome, expected);
      assert.match(lines.join("\n"), said);
    });

  it("knows advisories for a time alone", () => {
    for (const [id, { reason, until }] of Object.entries(KNOWN)) {
      assert.match(id, /^GHSA-/);
      assert.match(until, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(reason.length > 20);
    }
  });
});

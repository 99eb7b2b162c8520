import type { Plan } from "../model";
import { differencesOf, drillOf, impactOf, policyOf } from "./markdown-changes";
import { certificatesOf, clustersOf, endpointsOf, resourcesOf } from "./markdown-facts";
import { code, type Section } from "./markdown-text";
import { mermaidFleet } from "./mermaid";
import { plural } from "./words";

/** Longest comment that GitHub takes. */
export const COMMENT_LIMIT = 65_536;

const CUT =
  "_This report is cut: it would not fit into a comment. The whole one is `npm run plan` with `--format html`._";

/** The plan for a comment on a pull request: what is wrong first, then what changes, everything else folded away. */
export function markdownReport(plan: Plan, limit = COMMENT_LIMIT): string {
  const sections: Section[] = [
    ...policyOf(plan),
    ...impactOf(plan),
    ...drillOf(plan),
    { title: "Fleet", lines: ["```mermaid", mermaidFleet(plan), "```"], whole: true },
    ...differencesOf(plan),
    clustersOf(plan),
    endpointsOf(plan),
    certificatesOf(plan),
    resourcesOf(plan),
    { title: "What a plan cannot say", folded: true, lines: plan.notes.map((note) => `- ${note}`) },
  ];
  return fitted([headOf(plan)], sections, limit);
}

function headOf({ stack, profile, domain, resources, policy, differences, seconds }: Plan): string {
  const managed = resources.filter((one) => one.managed).length;
  const mandatory = policy.violations.filter(({ enforcement }) => enforcement === "mandatory").length;
  const verdict =
    mandatory > 0
      ? `❌ ${plural(mandatory, "mandatory violation")}`
      : `✅ ${plural(policy.rules, "policy rule")}, none broken`;
  const against =
    differences === undefined
      ? ""
      : ` against ${code(differences.against)}: ${plural(differences.resources.length, "difference")}`;
  return `## Plan of ${code(stack)}${against}\n\n${verdict} · ${plural(managed, "resource")} · ${profile} · ${code(domain)} · ${seconds.toFixed(1)} s`;
}

/** Sections as long as there is room; one that is cut ends as it should, so that what follows is not inside it. */
function fitted(head: readonly string[], sections: readonly Section[], limit: number): string {
  const done = [...head];
  let room = limit - head.join("").length - CUT.length - 4;
  let cut = false;
  for (const { title, folded = false, lines, whole = false } of sections) {
    const open = folded ? `\n<details><summary>${title}</summary>\n` : `\n### ${title}\n`;
    const close = folded ? "\n</details>" : "";
    const taken: string[] = [];
    let left = room - open.length - close.length - 3;
    for (const line of lines) {
      if (line.length + 1 > left) break;
      taken.push(line);
      left -= line.length + 1;
    }
    const isCut = taken.length < lines.length;
    cut ||= isCut;
    if (isCut && (whole || taken.length < 3)) continue;
    done.push(open, ...taken, close);
    room = left;
  }
  if (cut) done.push("", CUT);
  return `${done.join("\n")}\n`;
}

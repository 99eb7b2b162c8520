import type { Format } from "../args";
import type { Plan } from "../model";
import { htmlReport } from "./html/page";
import { markdownReport } from "./markdown";
import { textReport } from "./text";

/** The plan in a form. */
export function report(plan: Plan, format: Format): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(plan, undefined, 1)}\n`;
    case "markdown":
      return markdownReport(plan);
    case "html":
      return htmlReport(plan);
    default:
      return `${textReport(plan)}\n`;
  }
}

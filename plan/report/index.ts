import type { Format } from "../args";
import type { Plan } from "../model";
import { textReport } from "./text";

/** The plan in a form. */
export function report(plan: Plan, format: Format): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(plan, undefined, 1)}\n`;
    default:
      return `${textReport(plan)}\n`;
  }
}

import type * as automation from "@pulumi/pulumi/automation";
import type { Span } from "./chain";
import { RehearsalError } from "./process";
import type { Progress } from "./progress";

const REPORT_MS = 10_000;
const SHOWN_ERRORS = 12;

/** The engine marks colours as `<{%reset%}>`. */
function withoutColors(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}

/** Follows the engine's events: how far it is, and what went wrong. */
export class Watch {
  readonly spans = new Map<string, Span>();
  readonly violations = new Set<string>();
  private readonly begun = new Map<string, number>();
  private readonly errors: string[] = [];
  private done = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(name: string, progress: Progress) {
    this.timer = setInterval(() => {
      if (this.done > 0) progress.say(`  ${name}: ${this.done} resources done`);
    }, REPORT_MS);
  }

  see(event: automation.EngineEvent): void {
    const begins = event.resourcePreEvent?.metadata;
    if (begins !== undefined) this.begun.set(begins.urn, Date.now());
    const ends = event.resOutputsEvent?.metadata;
    if (ends !== undefined) {
      this.done += 1;
      const end = Date.now();
      if (ends.op === "create") this.spans.set(ends.urn, { start: this.begun.get(ends.urn) ?? end, end });
    }
    const policy = event.policyEvent;
    const about = policy?.resourceUrn?.split("::").at(-1) ?? "";
    if (policy !== undefined && policy.enforcementLevel !== "mandatory")
      this.violations.add(`${policy.policyName} ${about}`.trim());
    if (policy?.enforcementLevel === "mandatory") {
      const name = policy.resourceUrn?.split("::").at(-1);
      this.errors.push(
        `${name === undefined ? "" : `${name}: `}policy ${policy.policyName}: ${withoutColors(policy.message)}`,
      );
    }
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity === "error") {
      const name = diagnostic.urn?.split("::").at(-1);
      // The engine repeats the whole URN in the message; the name says which resource it is.
      const message = diagnostic.message.trim().replace(/ ?"?urn:pulumi:\S+"?/g, "");
      this.errors.push(`${name === undefined || name === "" ? "" : `${name}: `}${message}`);
    }
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** What went wrong, in the engine's words where it said any. */
  failure(error: unknown, log: string): RehearsalError {
    const own = error instanceof Error ? error.message : String(error);
    const said = [...new Set(this.errors)].filter((text) => !/^update failed$/.test(text)).slice(0, SHOWN_ERRORS);
    return new RehearsalError(
      [...(said.length > 0 ? said : [own]), `The engine's whole output is in ${log}.`].join("\n"),
    );
  }
}

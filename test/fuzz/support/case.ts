import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { addonContract, selectAddons } from "../../../components/addons";
import { planFleet } from "../../../components/fleet";
import { checkBootstrap, checkSettings, type Problem, resolveFiles, type Settings } from "../../../components/settings";
import { readStack } from "../../../rehearsal/stack-file";

/** What is given to the program: values as Pulumi's configuration has them, or files as a user wrote them. */
export type Case =
  | { readonly kind: "settings"; readonly platform: unknown; readonly tenants: unknown }
  | { readonly kind: "bootstrap"; readonly bootstrap: unknown }
  | { readonly kind: "files"; readonly files: Readonly<Record<string, string>> };

/** The stack whose file a case of files holds. */
export const STACK = "fuzz";

/** What became of a case: a plan, or problems; or, which must not be, an error. */
export interface Outcome {
  readonly planned: boolean;
  readonly problems: readonly Problem[];
  readonly error?: string;
}

/** Takes a case as far as a plan. */
export function outcomeOf(one: Case): Outcome {
  try {
    const { settings, problems, done = false } = judge(one);
    if (settings === undefined) return { planned: done, problems };
    const plan = {
      fleet: planFleet(settings, STACK),
      addons: selectAddons(settings.platform).map(({ addon }) => addon.name),
    };
    return { planned: JSON.stringify(plan).length > 0, problems };
  } catch (error) {
    return {
      planned: false,
      problems: [],
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

interface Judged {
  readonly settings?: Settings;
  readonly problems: readonly Problem[];
  /** Whether there is nothing more to plan. */
  readonly done?: boolean;
}

function judge(one: Case): Judged {
  switch (one.kind) {
    case "settings":
      return checkSettings(
        resolveFiles({ platform: one.platform, tenants: one.tenants }, process.cwd()),
        addonContract,
      );
    case "bootstrap": {
      const { settings, problems } = checkBootstrap(one.bootstrap, []);
      return { problems, done: settings !== undefined };
    }
    case "files":
      return inFolder(one.files, (root) => {
        const read = readStack(root, STACK, []);
        return "problems" in read ? read : { settings: read.settings, problems: [] };
      });
  }
}

function inFolder<T>(files: Readonly<Record<string, string>>, work: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), "openchoreo-fuzz-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

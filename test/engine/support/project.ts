import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseDocument, stringify } from "yaml";
import { type Folders, foldersOf } from "../../../rehearsal/folders";
import type { Report } from "../../../rehearsal/report";
import { withoutOthers } from "../../support/settings";
import { type Ended, Run, type RunOptions } from "./cli";
import { killProcessesOf } from "./processes";

/** The repository that is tested. */
export const CHECKOUT = resolve(__dirname, "../../..");

/** What a project of a test shares with the repository; it has settings and `.rehearsal` of its own. */
const SHARED = [
  ".engine",
  "components",
  "examples",
  "index.ts",
  "node_modules",
  "package-lock.json",
  "package.json",
].concat(["cli", "recovery", "policy", "rehearsal", "scripts", "tenancy", "tsconfig.json"]);

/** A stack's file: its text, or what stands in it. */
export type StackFile = string | Readonly<Record<string, unknown>>;

/** A copy of the repository as a user has it, in a temporary folder, so that it disturbs no other rehearsal. */
export class Project {
  readonly root: string;

  /**
   * @param stacks Stack files beside the repository's own, by stack.
   * @param whole Whether the repository's own stacks have every add-on. Default: network and certificates alone, as most
   * tests are not about add-ons, and each of them takes time.
   */
  constructor(stacks: Readonly<Record<string, StackFile>> = {}, { whole = false }: { readonly whole?: boolean } = {}) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "openchoreo-test-")));
    projects.add(this);
    for (const entry of SHARED) symlinkSync(join(CHECKOUT, entry), join(this.root, entry));
    for (const entry of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "tenants"]) {
      cpSync(join(CHECKOUT, entry), join(this.root, entry), { recursive: true });
    }
    if (!whole)
      for (const stack of ["dev", "prod"]) this.write(stack, withoutAddons(join(this.root, `Pulumi.${stack}.yaml`)));
    for (const [stack, file] of Object.entries(stacks)) this.write(stack, file);
  }

  write(stack: string, file: StackFile): void {
    writeFileSync(join(this.root, `Pulumi.${stack}.yaml`), typeof file === "string" ? file : stringify(file));
  }

  /** Starts what `npm run rehearse` is, in a terminal of its own. */
  startByScript(args: readonly string[]): Run {
    return new Run(["scripts/run.mjs", "rehearsal/main.ts", ...args], this.root);
  }

  /** Runs `npm run recover` to its end. */
  recover(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return new Run(["--import", "tsx", "recovery/main.ts", ...args], this.root, options).ended;
  }

  /** Starts the command that the script runs in the end, without looking whether packages are installed. */
  start(args: readonly string[], options: RunOptions = {}): Run {
    return new Run(["--import", "tsx", "rehearsal/main.ts", ...args], this.root, options);
  }

  /** Runs `rehearse` to its end. */
  rehearse(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.start(args, options).ended;
  }

  folders(stack: string): Folders {
    return foldersOf(this.root, stack);
  }

  report(stack: string): Report {
    return JSON.parse(readFileSync(this.folders(stack).report, "utf8"));
  }

  /** Whether anything of a stack's rehearsal is there that should not outlive it. */
  remains(stack: string): string[] {
    const { clusters, kubeconfigs, state, project, lock, guard } = this.folders(stack);
    return [clusters, kubeconfigs, state, project]
      .filter((path) => existsSync(path) && readdirSync(path).length > 0)
      .concat([lock, guard].filter((path) => existsSync(path)));
  }

  remove(): void {
    projects.delete(this);
    killProcessesOf(this.root);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A stack's file without tenants and with all but the network and certificates off; its comments and order stay. */
function withoutAddons(file: string): string {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const [key, value] of Object.entries(withoutOthers())) {
    document.setIn(["config", "openchoreo:platform", key], document.createNode(value));
  }
  // The example tenants need operators of databases.
  document.setIn(["config", "openchoreo:tenants"], document.createNode({}));
  return document.toString();
}

const projects = new Set<Project>();

/** Removes every project that a test left, with what runs in it. */
export function removeProjects(): void {
  for (const project of projects) project.remove();
}

/** Settings of a stack of one cluster, for what needs no fleet. */
export const SOLO = {
  config: {
    "pulumi:disable-default-providers": ["kubernetes", "aws"],
    "openchoreo:platform": {
      profile: "development",
      domain: "solo.localhost",
      clusters: {
        only: {
          planes: ["control", "workflow", "observability", "data"],
          provider: {
            kind: "existing",
            kubeconfig: { context: "kind-only" },
            apiServer: "only-control-plane:6443",
          },
          network: { meshId: 1 },
        },
      },
      ...withoutOthers(),
    },
  },
};

import { spawn } from "node:child_process";
import { RecoveryError } from "./errors";
import { type ExportedState, parseState, previewedCreates, type StateResource } from "./state";

/** The Pulumi CLI on one stack. */
export interface PulumiArgs {
  readonly stack: string;
  /** The executable. Default: `pulumi` on PATH. */
  readonly command?: string;
  /** Folder of the project. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the CLI that failed, with what it said. */
export class PulumiError extends RecoveryError {
  constructor(
    args: readonly string[],
    readonly said: string,
  ) {
    const shown = args
      .slice(0, 2)
      .filter((word) => !word.startsWith("-"))
      .join(" ");
    super(`pulumi ${shown} failed:\n  ${said.trim().split("\n").slice(-12).join("\n  ")}`);
  }
}

export class Pulumi {
  private url: Promise<string> | undefined;

  constructor(private readonly args: PulumiArgs) {}

  /** Where states are kept, such as `file:///states` or `https://app.pulumi.com/someone`; asked for once. */
  backend(): Promise<string> {
    this.url ??= this.whoAmI();
    return this.url;
  }

  private async whoAmI(): Promise<string> {
    const { stdout } = await this.ok(["whoami", "--json"]);
    const { url }: { url?: unknown } = JSON.parse(stdout);
    return typeof url === "string" ? url : "";
  }

  /** The stack's state; with `plain`, secrets in plain text, which are never written anywhere. */
  async export({
    plain,
  }: {
    readonly plain: boolean;
  }): Promise<{ readonly text: string; readonly state: ExportedState }> {
    const { stdout } = await this.ok(["stack", "export", ...(plain ? ["--show-secrets"] : []), ...this.stack()]);
    return { text: stdout, state: parseState(stdout) };
  }

  /** Writes the state; secrets in plain text are encrypted. */
  async import(state: ExportedState): Promise<void> {
    await this.ok(["stack", "import", ...this.stack()], JSON.stringify(state));
  }

  /** A value of the stack's configuration, decrypted. */
  async config(key: string): Promise<string> {
    return (await this.ok(["config", "get", key, ...this.stack()])).stdout.replace(/\n$/, "");
  }

  /** What the program would create now. It runs the program; nothing is changed. */
  async creates(): Promise<StateResource[]> {
    return previewedCreates((await this.ok(["preview", "--json", ...this.stack()])).stdout);
  }

  async cancel(): Promise<void> {
    await this.ok(["cancel", "--yes", ...this.stack()]);
  }

  /** Reads resources anew; those that are gone leave the state. */
  async refresh(urns: readonly string[]): Promise<void> {
    await this.ok(["refresh", "--yes", "--skip-preview", ...targets(urns), ...this.stack()]);
  }

  /** Destroys resources, and nothing that depends on them. */
  async destroy(urns: readonly string[]): Promise<void> {
    await this.ok(["destroy", "--yes", "--skip-preview", ...targets(urns), ...this.stack()]);
  }

  private stack(): string[] {
    return ["--stack", this.args.stack];
  }

  private async ok(args: readonly string[], input = ""): Promise<Finished> {
    const finished = await this.run([...args, "--non-interactive", "--color", "never"], input);
    if (finished.code !== 0) throw new PulumiError(args, finished.stderr + finished.stdout);
    return finished;
  }

  private run(args: readonly string[], input: string): Promise<Finished> {
    const { command = "pulumi", cwd, env } = this.args;
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
      const said = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => {
        said.stdout += chunk;
      });
      child.stderr.on("data", (chunk: Buffer) => {
        said.stderr += chunk;
      });
      child.once("error", (error) =>
        reject(new RecoveryError(`${command} cannot be run (${error.message}); install the Pulumi CLI`)),
      );
      child.once("close", (code) => resolve({ code, ...said }));
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
  }
}

function targets(urns: readonly string[]): string[] {
  return urns.flatMap((urn) => ["--target", urn]);
}

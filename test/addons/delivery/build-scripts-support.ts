import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildTemplate } from "../../../components/addons/delivery/build-template";
import type { Json } from "../../support/settings";
import { object } from "../../support/stack";

/** What a step did. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
  /** What the fake programs were called with, in order. */
  readonly calls: readonly string[];
}

/** One step of the template, as far as a pod runs it. */
export interface StepScript {
  readonly command: readonly string[];
  readonly source: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

export const ARGS = {
  insecure: false,
  builder: "registry.test/choreo-builder",
  gitHosts: ["git.choreo.test", "code.choreo.test:8443"],
};

/** The script of a step, by the template's name. */
export function stepOf(name: string, args: Parameters<typeof buildTemplate>[0] = ARGS): StepScript {
  const templates = object(buildTemplate(args)).templates as readonly Json[];
  const found = templates.find((one) => one.name === name);
  return object(found).script as unknown as StepScript;
}

/**
 * A folder in which steps run as their pods run them: a file by the command that the template gives, with the workspace
 * and the logins in the folder, and fakes of what is not Git first on the path.
 */
export class BuildFolder {
  readonly path = mkdtempSync(join(tmpdir(), "build-"));

  constructor() {
    for (const folder of ["bin", "workspace", "git", "remotes"]) mkdirSync(join(this.path, folder));
    this.fake("sleep", "exit 0");
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  read(...names: readonly string[]): string {
    return readFileSync(this.at(...names), "utf8");
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), text);
  }

  /** A program that writes down what it is called with, and does what the lines say. */
  fake(name: string, ...lines: readonly string[]): void {
    const file = this.at("bin", name);
    const text = ["#!/bin/sh", `echo "${name} $*" >>"${this.at("calls")}"`, ...lines, ""].join("\n");
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }

  /** Runs Git as a developer, in a folder of this one. */
  git(folder: string, ...args: readonly string[]): string {
    const identity = ["-c", "user.name=Developer", "-c", "user.email=developer@choreo.test"];
    const env = { PATH: process.env.PATH, HOME: this.at("remotes"), GIT_CONFIG_NOSYSTEM: "1" };
    return execFileSync("git", [...identity, ...args], {
      cwd: this.at(folder),
      env,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  }

  /** A repository that steps reach, with these files. Links are given as `-> target`. */
  remote(name: string, files: Readonly<Record<string, string>>): string {
    const work = `remotes/${name}-work`;
    mkdirSync(this.at(work));
    this.git(work, "init", "--quiet", "--initial-branch=main");
    this.commit(name, files);
    this.git("remotes", "clone", "--quiet", "--bare", this.at(work), `${name}.git`);
    this.git(work, "remote", "add", "origin", this.at("remotes", `${name}.git`));
    this.git(work, "fetch", "--quiet");
    this.git(work, "branch", "--quiet", "--set-upstream-to=origin/main");
    return `file://${this.at("remotes", `${name}.git`)}`;
  }

  private commit(name: string, files: Readonly<Record<string, string>>): void {
    const work = `remotes/${name}-work`;
    for (const [file, text] of Object.entries(files)) {
      if (text.startsWith("-> ")) execFileSync("ln", ["-s", text.slice(3), this.at(work, file)]);
      else this.write(`${work}/${file}`, text);
    }
    this.git(work, "add", "--all");
    this.git(work, "commit", "--quiet", "--message", "files");
  }

  /** A developer's push into a repository of {@link remote}. */
  push(name: string, files: Readonly<Record<string, string>>): void {
    this.git(`remotes/${name}-work`, "pull", "--quiet", "--rebase");
    this.commit(name, files);
    this.git(`remotes/${name}-work`, "push", "--quiet");
  }

  /** Runs a step; `values` stand for what Argo fills in. */
  async run(step: StepScript, values: Readonly<Record<string, string>>, workspace = "workspace"): Promise<Ran> {
    const script = this.at(`${workspace}-script`);
    writeFileSync(script, step.source);
    writeFileSync(this.at("calls"), "");
    const given = Object.fromEntries(step.env.map(({ name, value }) => [name, this.local(value, workspace)]));
    const env = {
      ...given,
      GIT_CONFIG_NOSYSTEM: "1",
      ...values,
      // Repositories of a test are files.
      GIT_ALLOW_PROTOCOL: "file",
      PATH: `${this.at("bin")}:${process.env.PATH}`,
    };
    const [shell = "", ...options] = step.command;
    const child = spawn(shell, [...options, script], { cwd: this.path, env });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => chunks.push(String(chunk)));
    const code = await new Promise<number | null>((done) => child.on("close", done));
    return { code, output: chunks.join(""), calls: this.read("calls").trim().split("\n").filter(Boolean) };
  }

  private local(value: string, workspace: string): string {
    return value.replace(/^\/workspace/, this.at(workspace)).replace(/^\/git/, this.at("git"));
  }
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { BUILD_IMAGES, BUILDPACKS } from "../components/addons/delivery/images";
import type { ComponentSettings } from "../components/settings";
import { readStack } from "../rehearsal/stack-file";

/** Builds a component on this machine, with Docker or Podman, as `choreo-build-deploy` builds it on a cluster. */

const USAGE = `npm run build-component -- <tenant>/<project>/<component> [options]

  --stack <stack>        whose tenants are read (default: dev)
  --with docker|podman   what builds (default: whichever is there, Docker first)
  --source <folder>      a working copy, instead of the component's Git repository
  --dry-run              print the commands, and run none
`;

export const RUNTIMES = ["docker", "podman"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** A command with its arguments, and what its environment has beside this one's. */
export interface Command {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** What {@link buildCommands} makes commands of. */
export interface LocalBuild {
  /** `tenant/project/component`. */
  readonly component: string;
  readonly source: NonNullable<ComponentSettings["source"]>;
  readonly runtime: Runtime;
  /** Folder that holds the source, or that it is cloned into. */
  readonly folder: string;
  /** Whether the source is to be cloned. */
  readonly clone: boolean;
}

/** The commands that build a component, in order. */
export function buildCommands({ component, source, runtime, folder, clone }: LocalBuild): Command[] {
  const tag = `${component.replaceAll("/", "-")}:local`;
  const path = join(folder, source.path);
  const clones: Command[] = clone
    ? [
        { command: ["git", "clone", "--filter=blob:none", source.git, folder] },
        { command: ["git", "-C", folder, "checkout", "--detach", source.revision] },
      ]
    : [];
  if (source.build === "dockerfile") return [...clones, { command: [runtime, "build", "--tag", tag, path] }];
  const buildpacks = BUILDPACKS.flatMap(({ image }) => ["--buildpack", image]);
  const images = ["--builder", BUILD_IMAGES.localBuilder, "--run-image", BUILD_IMAGES.stackRun];
  // pack speaks to a daemon's socket; Podman's is asked for by "inherit".
  const socket = runtime === "podman" ? ["--docker-host", "inherit"] : [];
  const env = runtime === "podman" ? { DOCKER_HOST: podmanSocket() } : undefined;
  return [
    ...clones,
    { command: ["pack", "build", tag, "--path", path, ...images, ...buildpacks, ...socket, "--trust-builder"], env },
  ];
}

/** Where rootless Podman listens. Source: podman-system-service(1). */
function podmanSocket(): string {
  const folder = process.env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  return `unix://${folder}/podman/podman.sock`;
}

/** The first of the runtimes that is on PATH. */
export function findRuntime(path: string): Runtime | undefined {
  return RUNTIMES.find((runtime) => path.split(delimiter).some((folder) => existsSync(join(folder, runtime))));
}

function main(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "dev" },
      with: { type: "string" },
      source: { type: "string" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const [component] = positionals;
  if (component === undefined || positionals.length > 1) return refuse(USAGE);
  const root = resolve(__dirname, "..");
  const source = sourceOf(component, values.stack, root);
  if (typeof source === "string") return refuse(source);
  const runtime = RUNTIMES.find((one) => one === values.with) ?? findRuntime(process.env.PATH ?? "");
  if (values.with !== undefined && !RUNTIMES.some((one) => one === values.with))
    return refuse(`--with ${values.with}: give docker or podman`);
  if (runtime === undefined) return refuse("neither docker nor podman is on PATH; install one of them");
  const clone = values.source === undefined;
  const folder = values.source === undefined ? mkdtempSync(join(tmpdir(), "build-")) : resolve(values.source);
  const commands = buildCommands({ component, source, runtime, folder, clone });
  return values["dry-run"] ? print(commands) : run(commands);
}

/** The component's source, or what is wrong. */
function sourceOf(component: string, stack: string, root: string): NonNullable<ComponentSettings["source"]> | string {
  const read = readStack(root, stack, []);
  if ("problems" in read) return read.problems.map(({ path, message }) => `${path}: ${message}`).join("\n");
  const [tenant = "", project = "", name = ""] = component.split("/");
  const found = read.settings.tenants[tenant]?.projects[project]?.components[name];
  if (found === undefined) return `stack ${stack} has no component "${component}"; give tenant/project/component`;
  return found.source ?? `component "${component}" has a ready image and is not built`;
}

function print(commands: readonly Command[]): number {
  for (const { command, env = {} } of commands) {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    process.stdout.write(`${[...variables, ...command].join(" ")}\n`);
  }
  return 0;
}

function run(commands: readonly Command[]): number {
  for (const { command, env } of commands) {
    const [program, ...args] = command;
    const { status, error } = spawnSync(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
    if (error !== undefined) return refuse(`${program} cannot be started: ${error.message}`);
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`);
  return 2;
}

if (require.main === module) process.exit(main(process.argv.slice(2)));

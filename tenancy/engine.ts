import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Refusal } from "../components/settings";

/** What of a process' environment says where programs are. */
type Environment = NodeJS.ProcessEnv;

/**
 * Lets this process and those that it starts find Pulumi: on PATH, else where `npm run engine` keeps it.
 * @throws Refusal where it is nowhere.
 */
export function findPulumi(root: string, env: Environment = process.env): void {
  const path = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  if (path.some(hasPulumi)) return;
  const engines = join(root, ".engine");
  const kept = existsSync(engines) ? readdirSync(engines).map((folder) => join(engines, folder, "bin")) : [];
  const found = kept.find(hasPulumi);
  if (found === undefined) {
    throw new Refusal(
      "pulumi is neither on PATH nor in .engine: install Pulumi (https://www.pulumi.com/docs/install/), or run: npm run engine",
    );
  }
  env.PATH = [...path, found].join(delimiter);
}

function hasPulumi(folder: string): boolean {
  return ["pulumi", "pulumi.exe"].some((name) => existsSync(join(folder, name)));
}

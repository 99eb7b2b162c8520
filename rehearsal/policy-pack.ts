import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configFile, packFolder } from "../policy/config";
import { shellQuoted } from "./providers";

/** What the engine is told of the policy pack. */
export interface PolicyOptions {
  readonly policyPacks?: string[];
  readonly policyPackConfigs?: string[];
}

/** The project's policy pack, with the stack's configuration of it; nothing where the project has no pack. */
export function policyOptions(root: string, stack: string): PolicyOptions {
  const pack = packFolder(root);
  if (!existsSync(join(pack, "PulumiPolicy.yaml"))) return {};
  const config = configFile(root, stack);
  return { policyPacks: [pack], ...(config !== undefined && { policyPackConfigs: [config] }) };
}

/**
 * The same for a rehearsal, where the pack looks at what charts, also stand-ins, really make: what it finds there is told, and
 * stops nothing. What the program itself makes is held to the rules by the plan, and by the engine where `up` is real.
 * @param folder Where the configuration is written.
 */
export function advisory({ policyPacks, policyPackConfigs = [] }: PolicyOptions, folder: string): PolicyOptions {
  if (policyPacks === undefined) return {};
  const [given] = policyPackConfigs;
  const own: object = given === undefined ? {} : JSON.parse(readFileSync(given, "utf8"));
  const file = join(folder, "policies.json");
  mkdirSync(folder, { recursive: true });
  // By this one the pack learns of exemptions and of what is a secret; see docs/policies.md.
  const exemptions = {
    ...("exemptions-current" in own ? Object(own["exemptions-current"]) : {}),
    enforcementLevel: "remediate",
  };
  writeFileSync(file, JSON.stringify({ ...own, "exemptions-current": exemptions, all: "advisory" }));
  return { policyPacks, policyPackConfigs: [file] };
}

/**
 * Writes what starts a policy pack where the engine has no language host for Node.js: the same program that the host
 * runs. An engine with the host does not look for it. The pack's folder is where it is started.
 */
export function writePolicyWrapper(folder: string): string {
  const path = join(folder, "pulumi-analyzer-policy-nodejs");
  const command = [process.execPath, require.resolve("@pulumi/pulumi/cmd/run-policy-pack")];
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec ${command.map(shellQuoted).join(" ")} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

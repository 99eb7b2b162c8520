import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The project's root. */
export const ROOT = resolve(__dirname, "../..");

/** A package as the lock file has it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where it is installed, such as `node_modules/zod`. */
  readonly place: string;
  /** An SPDX expression, as the package says it; nothing where it says none. */
  readonly licence?: string;
  readonly integrity?: string;
  /** Where npm would fetch it whatever registry is configured. */
  readonly resolved?: string;
  /** Whether it wants to run something when it is installed. */
  readonly script: boolean;
  /** Needed to work on the program, and not to run it. */
  readonly dev: boolean;
  /** For some machines alone. */
  readonly optional: boolean;
}

interface Entry {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

/** Every package that package-lock.json installs. */
export function lockedPackages(text = readFileSync(join(ROOT, "package-lock.json"), "utf8")): LockedPackage[] {
  const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, Entry>> };
  const own = Object.entries(packages).filter(([place]) => place !== "");
  return own.map(([place, entry]) => ({
    name: place.split("node_modules/").at(-1) ?? place,
    version: entry.version,
    place,
    licence: entry.license,
    integrity: entry.integrity,
    resolved: entry.resolved,
    script: entry.hasInstallScript === true,
    dev: entry.dev === true || entry.devOptional === true,
    optional: entry.optional === true,
  }));
}

/**
 * Packages that would run something when they are installed, and why nothing is missing when they do not: everything is
 * installed with `--ignore-scripts`.
 */
export const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  "@pulumi/kubernetes": "fetches the provider's binary, which the engine fetches by itself when it is first needed",
  "@pulumi/kubernetes-cert-manager": "fetches the provider's binary, as that of @pulumi/kubernetes",
  esbuild:
    "mends its start where npm left the binary for this machine out; with the lock file it is a package of its own",
  protobufjs: "warns where package.json asks for it in a way that its author advises against",
};

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A provider of our own that serves where a plugin cannot be downloaded, or where the real one is never to be asked. */
export interface StandInProvider {
  /** Name of the binary that the engine looks for on PATH. */
  readonly plugin: string;
  /** The package whose plugin this is. */
  readonly package: string;
  /** Path of the TypeScript file that serves. */
  readonly entry: string;
  /** Serves even where the real plugin could be had. */
  readonly always?: boolean;
  /** For the summary of a rehearsal: what it does instead of the real one. */
  readonly replaces: string;
}

export const standInProviders: readonly StandInProvider[] = [
  {
    plugin: "pulumi-resource-aws",
    package: "@pulumi/aws",
    entry: join(__dirname, "aws.ts"),
    always: true,
    replaces:
      "keeps an account in a file, refuses what AWS refuses where a mistake is likely, and updates or replaces as the plugin of @pulumi/aws would; permissions and quotas are not checked.",
  },
  {
    plugin: "pulumi-resource-tls",
    package: "@pulumi/tls",
    entry: join(__dirname, "tls.ts"),
    replaces:
      "makes real keys, requests and certificates, and replaces them when the plugin of @pulumi/tls would (ECDSA P256 to P521, RSA, ED25519; no OpenSSH outputs).",
  },
  {
    plugin: "pulumi-resource-random",
    package: "@pulumi/random",
    entry: join(__dirname, "random.ts"),
    replaces: "makes real random passwords, strings, ids, bytes and UUIDs, anew when an input changes.",
  },
  {
    plugin: "pulumi-resource-kubernetes-cert-manager",
    package: "@pulumi/kubernetes-cert-manager",
    entry: join(__dirname, "kubernetes-cert-manager.ts"),
    replaces:
      "installs cert-manager's chart as the same Helm release, with the same values, as the plugin of @pulumi/kubernetes-cert-manager.",
  },
];

/** Writes the executable that the engine finds in `folder` on PATH, and returns its path. */
export function writeProviderWrapper(provider: StandInProvider, folder: string): string {
  const path = join(folder, provider.plugin);
  // The engine starts a plugin in the program's folder with an environment of its own: every path is
  // absolute, and Node is the one that runs now.
  const command = [process.execPath, "--require", require.resolve("tsx/cjs"), provider.entry];
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec ${command.map(shellQuoted).join(" ")} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A word as a shell reads it. */
export function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

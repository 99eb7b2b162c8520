import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { list } from "tar";
import { parse } from "yaml";

/** A Helm chart as it is packaged, its files by their path below the chart's own folder. */
export interface ChartPackage {
  readonly name: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A chart that cannot be read; `message` says what to give. */
export class PackageError extends Error {}

/** Reads a packaged chart (`<chart>-<version>.tgz`) or a chart's folder. */
export async function readPackage(path: string): Promise<ChartPackage> {
  if (!existsSync(path)) throw new PackageError(`${path}: there is no such file or folder`);
  const files = statSync(path).isDirectory() ? readFolder(path) : await readArchive(path);
  const manifest: unknown = parse(files.get("Chart.yaml") ?? "");
  if (typeof manifest !== "object" || manifest === null || !("name" in manifest && "version" in manifest)) {
    throw new PackageError(`${path}: holds no Chart.yaml with a name and a version`);
  }
  return { name: String(manifest.name), version: String(manifest.version), files };
}

function readFolder(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [relative(folder, file), readFileSync(file, "utf8")];
    }),
  );
}

async function readArchive(path: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const reads: Promise<void>[] = [];
  try {
    await list({
      file: path,
      onReadEntry: (entry) => {
        reads.push(
          entry.concat().then((content) => {
            // The first folder is the chart's own.
            files.set(entry.path.replace(/^(\.\/)?[^/]+\//, ""), content.toString("utf8"));
          }),
        );
      },
    });
    await Promise.all(reads);
  } catch (error) {
    throw new PackageError(`${path}: is no packaged chart (${error instanceof Error ? error.message : String(error)})`);
  }
  return files;
}

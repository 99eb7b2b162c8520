import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { runChild } from "../run/child";

/** A release, and how the helm CLI would install it. */
export interface Installed {
  readonly name: string;
  readonly namespace: string;
  readonly kubeconfig: string;
  /** Packaged chart. */
  readonly chart: string;
  /** File with the values that were given. */
  readonly values: string;
  /** When its installation began. */
  readonly begun: number;
}

const listed = z.array(z.object({ name: z.string(), namespace: z.string(), chart: z.string(), updated: z.string() }));

/** The helm CLI on local clusters. */
export class Helm {
  /** @param folder For files of values. @param charts Folder of packaged charts. */
  constructor(
    private readonly command: string,
    private readonly folder: string,
    private readonly charts: string,
  ) {}

  /** The releases of a cluster, in the order in which they were begun: what one needs is before it. */
  async releases(kubeconfig: string): Promise<Installed[]> {
    const { output } = await this.run(kubeconfig, ["list", "--all-namespaces", "--max", "0", "--output", "json"]);
    const found = listed.parse(JSON.parse(output));
    const releases: Installed[] = [];
    for (const { name, namespace, chart, updated } of found) {
      const given = await this.run(kubeconfig, ["get", "values", name, "--namespace", namespace, "--output", "yaml"]);
      const values = join(this.folder, `${releases.length}-${namespace}-${name}.yaml`);
      writeFileSync(values, given.output);
      const file = packagedIn(this.charts, chart);
      releases.push({ name, namespace, kubeconfig, chart: file, values, begun: timeOf(updated) });
    }
    return releases.sort((a, b) => a.begun - b.begun);
  }

  async uninstall({ name, namespace, kubeconfig }: Installed): Promise<void> {
    await this.run(kubeconfig, ["uninstall", name, "--namespace", namespace, "--wait", "--timeout", TIMEOUT]);
  }

  /** Installs a release as a person does. @returns Seconds, and MiB at the peak. */
  install({ name, namespace, kubeconfig, chart, values }: Installed) {
    const args = ["install", name, chart, "--namespace", namespace, "--values", values, "--wait", "--timeout", TIMEOUT];
    return this.run(kubeconfig, args);
  }

  private run(kubeconfig: string, args: readonly string[]) {
    return runChild(this.command, [...args, "--kubeconfig", kubeconfig], { cwd: this.folder });
  }
}

const TIMEOUT = "5m";

/** Helm writes `2026-01-31 10:20:30.123456789 +0000 UTC`. */
export function timeOf(updated: string): number {
  const [, day, time, fraction = "", hours, minutes] =
    /^(\S+) (\d\d:\d\d:\d\d)(\.\d+)? ([+-]\d\d)(\d\d)/.exec(updated) ?? [];
  const parsed = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${hours}:${minutes}`);
  if (Number.isNaN(parsed)) throw new Error(`helm says a time that nobody understands: ${updated}`);
  return parsed;
}

/** The file of what helm lists as `<chart>-<version>`. */
export function packagedIn(folder: string, chart: string): string {
  const file = join(folder, `${chart}.tgz`);
  if (existsSync(file)) return file;
  // Some versions begin with a v in the name of the file alone.
  const plain = (name: string) => name.replace(/-v(?=\d+\.\d+\.\d+)/, "-");
  const other = readdirSync(folder).find((name) => plain(name) === plain(`${chart}.tgz`));
  if (other === undefined) throw new Error(`${folder} has no ${chart}.tgz, which the program has installed`);
  return join(folder, other);
}

import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { RehearsalError, run } from "../process";
import type { Progress } from "../progress";
import type { Download } from "./builds";

const PROBE_MS = 4_000;
const DOWNLOAD_MS = 600_000;

/** Fetches a URL; a seam for tests. */
export type Fetch = (url: string, timeoutMs: number) => Promise<Buffer>;

/** @throws Error when the server cannot be reached or answers with anything but 200. */
export const fetchUrl: Fetch = async (url, timeoutMs) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "follow" });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return Buffer.from(await response.arrayBuffer());
};

/** Fills in the operating system and processor of this machine. */
export function expand(template: string, system = platform(), processor = arch()): string {
  const goArch = processor === "x64" ? "amd64" : processor;
  return template.replaceAll("{os}", system).replaceAll("{arch}", goArch).replaceAll("{pulumiArch}", processor);
}

/** What checksums are published for the download, or `undefined` when it cannot be had on this machine or network. */
export async function available(download: Download, fetcher: Fetch = fetchUrl): Promise<string | undefined> {
  if (!download.systems.includes(platform())) return undefined;
  try {
    return (await fetcher(expand(download.checksums), PROBE_MS)).toString("utf8");
  } catch {
    return undefined;
  }
}

/** Downloads one binary into `folder`, checked against `checksums`. @throws RehearsalError when the sums differ. */
export async function download(
  target: Download,
  checksums: string,
  folder: string,
  progress: Progress,
  fetcher: Fetch = fetchUrl,
): Promise<void> {
  const url = expand(target.url);
  await progress.during(`downloading ${target.binary}`, async () => {
    const body = await fetcher(url, DOWNLOAD_MS);
    const sum = createHash("sha256").update(body).digest("hex");
    if (sum !== expectedSum(checksums, basename(new URL(url).pathname))) {
      throw new RehearsalError(`${url} does not have the published SHA-256 sum; it was not used. Try again later.`);
    }
    mkdirSync(folder, { recursive: true });
    const content = target.member === undefined ? body : await unpack(body, expand(target.member));
    const partial = join(folder, `.${target.binary}.${process.pid}`);
    writeFileSync(partial, content);
    chmodSync(partial, 0o755);
    renameSync(partial, join(folder, target.binary));
  });
}

/** Finds a file's sum in `sum  name` lines, or takes the only sum that there is. */
export function expectedSum(checksums: string, file: string): string | undefined {
  const lines = checksums.split("\n").map((line) => line.trim().split(/\s+/));
  const named = lines.find(([, name]) => name?.replace(/^\*/, "") === file);
  if (named !== undefined) return named[0];
  const sums = lines.filter(([sum]) => sum !== undefined && sum !== "");
  return sums.length === 1 && sums[0]?.length === 1 ? sums[0][0] : undefined;
}

async function unpack(archive: Buffer, member: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "openchoreo-"));
  try {
    writeFileSync(join(folder, "archive.tar.gz"), archive);
    const { code, output } = await run("tar", ["-xzf", "archive.tar.gz", member], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    });
    if (code !== 0) throw new RehearsalError(`${member} could not be unpacked: ${output.trim()}`);
    return readFileSync(join(folder, member));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

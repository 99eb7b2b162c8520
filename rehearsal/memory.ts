import { readdirSync, readFileSync } from "node:fs";
import { MARK } from "./environment";
import type { Folders } from "./folders";

/** What a rehearsal took of the machine's memory at the moment when it took most, in MiB. */
export interface Memory {
  readonly peak: number;
  /** The same by what took it. */
  readonly parts: Readonly<Record<MemoryPart, number>>;
}

/** The program with the engine, the plugins of providers, and the local clusters. */
export type MemoryPart = "engine" | "providers" | "clusters";

/** One process at one moment, in KiB. */
export interface ProcessMemory {
  /** Its executable and what it runs. */
  readonly command: readonly string[];
  /** Pages that are this process's own. */
  readonly own: number;
  /** Pages of files, which processes of one executable share. */
  readonly file: number;
}

const EVERY_MS = 1_000;

/** Looks at the memory of everything that a rehearsal runs, every second. Only Linux shows it; elsewhere nothing is said. */
export class MemoryWatch {
  private most: Memory | undefined;
  private readonly timer: NodeJS.Timeout;
  /** Whether a process is the rehearsal's, by its id and the time when it began. */
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly folders: Pick<Folders, "base">,
    private readonly proc = "/proc",
  ) {
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.timer.unref();
  }

  /** The largest that was seen; `undefined` where nothing can be seen. */
  peak(): Memory | undefined {
    this.look();
    return this.most;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = memoryOf(this.processes());
    if (now.peak > (this.most?.peak ?? 0)) this.most = now;
  }

  private processes(): ProcessMemory[] {
    return ids(this.proc).flatMap((pid) => {
      const file = (name: string) => read(`${this.proc}/${pid}/${name}`);
      return this.isOwn(pid, file) ? processMemory(file("cmdline"), file("status")) : [];
    });
  }

  private isOwn(pid: string, file: (name: string) => string): boolean {
    if (pid === String(process.pid)) return true;
    const begun = `${pid} ${file("stat").split(") ").at(-1)?.split(" ")[19]}`;
    const known = this.known.get(begun);
    if (known !== undefined) return known;
    const environment = file("environ");
    const own = environment.split("\0").includes(`${MARK}=${this.folders.base}`);
    // A process that is just being started has no environment yet.
    if (environment !== "") this.known.set(begun, own);
    return own;
  }
}

function ids(proc: string): string[] {
  try {
    return readdirSync(proc).filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
}

/** A process may end at any moment. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** A process by two files of Linux; nothing of one that has ended. */
export function processMemory(cmdline: string, status: string): ProcessMemory[] {
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
  const own = kib("RssAnon") + kib("RssShmem");
  return own === 0 ? [] : [{ command: cmdline.split("\0").filter((part) => part !== ""), own, file: kib("RssFile") }];
}

/** What processes take together: pages of files count once for an executable, however many processes run it. */
export function memoryOf(processes: readonly ProcessMemory[]): Memory {
  const parts: Record<MemoryPart, number> = { engine: 0, providers: 0, clusters: 0 };
  const files = new Map<string, number>();
  for (const { command, own, file } of processes) {
    const [executable = ""] = command;
    const part = partOf(command);
    const seen = files.get(executable) ?? 0;
    files.set(executable, Math.max(seen, file));
    parts[part] += own + Math.max(0, file - seen);
  }
  const rounded = (value: number) => Math.round(value / 1024);
  const { engine, providers, clusters } = parts;
  return {
    peak: rounded(engine + providers + clusters),
    parts: { engine: rounded(engine), providers: rounded(providers), clusters: rounded(clusters) },
  };
}

const CLUSTER = /^(etcd|kube-\w[\w-]*|kwok|kwokctl|kwok-controller)$/;

/** Stand-ins of providers are Node with a file of theirs. */
function partOf(command: readonly string[]): MemoryPart {
  const name = command[0]?.split("/").at(-1) ?? "";
  if (CLUSTER.test(name)) return "clusters";
  return name.startsWith("pulumi-resource-") || command.some((part) => /\bproviders\/[\w-]+\.ts$/.test(part))
    ? "providers"
    : "engine";
}

/** The summary's line. */
export function memoryLine({ peak, parts }: Memory): string {
  const of = Object.entries(parts).map(([part, size]) => `${part} ${size}`);
  return `Memory at its peak: ${peak} MiB (${of.join(", ")})`;
}

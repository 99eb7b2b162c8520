import { appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { releaseLock, takeLock } from "../../process";

const item = z.object({
  /** Type token. */
  type: z.string(),
  /** Empty for what is of no region. */
  region: z.string(),
  id: z.string(),
  /** The resource of the program; absent for what AWS made by itself. */
  urn: z.string().optional(),
  /** Inputs and outputs, secret ones hidden. */
  state: z.record(z.string(), z.unknown()),
  /** Key of what this one comes and goes with. */
  owner: z.string().optional(),
  /** It is gone, but its name is not free yet. */
  scheduled: z.boolean().optional(),
});
const entry = z.union([
  z.object({ put: item }),
  z.object({ drop: z.string() }),
  /** How many calls were made; only counted where calls are to fail at random. */
  z.object({ calls: z.number() }),
]);

/** Something in the account. */
export type Item = z.output<typeof item>;
type Entry = z.output<typeof entry>;

export function keyOf({ type, region, id }: Pick<Item, "type" | "region" | "id">): string {
  return `${region}|${type}|${id}`;
}

/** What is in the account; a change is seen by whoever made it at once, and by others when it is done. */
export interface View {
  get(type: string, id: string, region: string): Item | undefined;
  /** In every region where none is named. */
  all(type: string, region?: string): Item[];
  everything(): Item[];
  put(item: Item): void;
  drop(key: string): void;
  /** Counts a call and says how many there were before. */
  call(): number;
}

const LOCK_MS = 30_000;
const RETRY_MS = 4;

/**
 * The stand-in's account: a file to which each change is one appended line, so that the processes of several providers
 * share it, none rewrites it, and a killed one leaves at most an unfinished line, which is cut off.
 */
export class Account {
  private readonly items = new Map<string, Item>();
  private calls = 0;
  /** Bytes of the file that were read. */
  private read = 0;

  constructor(private readonly file: string) {}

  /** Makes the account where there is none yet. */
  open(): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    appendFileSync(this.file, "", { mode: 0o600 });
  }

  /** What is in the account now. */
  snapshot(): Item[] {
    this.refresh();
    return [...this.items.values()];
  }

  /** Reads and changes the account while nobody else does; a throw changes nothing. */
  async transact<T>(work: (view: View) => T): Promise<T> {
    this.open();
    const lock = `${this.file}.lock`;
    const deadline = Date.now() + LOCK_MS;
    while (takeLock(lock) !== undefined) {
      if (Date.now() > deadline) throw new Error(`${lock} is held for too long`);
      await setTimeout(RETRY_MS);
    }
    // Nothing below waits: this process holds the lock for one piece of work at a time.
    try {
      this.refresh();
      this.cutUnfinishedLine();
      const changes: Entry[] = [];
      const result = work(new Pending(this.items, this.calls, changes));
      if (changes.length > 0) {
        appendFileSync(this.file, changes.map((change) => `${JSON.stringify(change)}\n`).join(""), { mode: 0o600 });
        this.refresh();
      }
      return result;
    } finally {
      releaseLock(lock);
    }
  }

  private refresh(): void {
    if (!existsSync(this.file)) {
      this.items.clear();
      this.read = 0;
      return;
    }
    const lines = this.unread().split("\n");
    for (const line of lines.slice(0, -1)) {
      this.read += Buffer.byteLength(line) + 1;
      this.apply(entry.parse(JSON.parse(line)));
    }
  }

  private unread(): string {
    const file = openSync(this.file, "r");
    try {
      const bytes = Buffer.alloc(fstatSync(file).size - this.read);
      readSync(file, bytes, 0, bytes.length, this.read);
      return bytes.toString("utf8");
    } finally {
      closeSync(file);
    }
  }

  private cutUnfinishedLine(): void {
    if (existsSync(this.file)) truncateSync(this.file, this.read);
  }

  private apply(change: Entry): void {
    if ("put" in change) this.items.set(keyOf(change.put), change.put);
    else if ("drop" in change) this.items.delete(change.drop);
    else this.calls = change.calls;
  }
}

/** The account with the changes of one piece of work. */
class Pending implements View {
  private readonly items: Map<string, Item>;

  constructor(
    items: ReadonlyMap<string, Item>,
    private calls: number,
    private readonly changes: Entry[],
  ) {
    this.items = new Map(items);
  }

  get(type: string, id: string, region: string): Item | undefined {
    return this.items.get(keyOf({ type, region, id }));
  }

  all(type: string, region?: string): Item[] {
    return this.everything().filter((found) => found.type === type && (region ?? found.region) === found.region);
  }

  everything(): Item[] {
    return [...this.items.values()];
  }

  put(changed: Item): void {
    this.items.set(keyOf(changed), changed);
    this.changes.push({ put: changed });
  }

  /** What it owns goes with it. */
  drop(key: string): void {
    for (const owned of this.everything().filter(({ owner }) => owner === key)) this.drop(keyOf(owned));
    this.items.delete(key);
    this.changes.push({ drop: key });
  }

  call(): number {
    this.calls += 1;
    this.changes.push({ calls: this.calls });
    return this.calls - 1;
  }
}

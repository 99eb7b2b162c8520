/** A state of which the end is missing, made whole as far as it goes. */
export interface Salvage {
  readonly text: string;
  readonly resources: number;
}

/** Where in a checkpoint resources are listed, in the order in which they were made. */
const RESOURCES = "checkpoint/latest/resources";

/**
 * What is whole of a checkpoint's text that is cut off: every resource before the cut. What a resource depends on stands
 * before it, so that nothing of it is missing.
 * @returns Nothing where the cut is before the first resource.
 */
export function salvage(text: string): Salvage | undefined {
  const reader = new Reader();
  let best: { readonly at: number; readonly closers: string } | undefined;
  let resources = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!reader.read(text[at] ?? "") || !reader.isInList(RESOURCES)) continue;
    resources += 1;
    best = { at, closers: reader.closers() };
  }
  return best && { text: text.slice(0, best.at + 1) + best.closers, resources };
}

interface Container {
  readonly closer: "}" | "]";
  /** Of the member that is being read; an element of a list has none. */
  key?: string;
}

/** Follows JSON sign by sign, as far as objects and lists go. */
class Reader {
  private readonly open: Container[] = [];
  private string: { text: string; escaped: boolean } | undefined;
  /** The last string that ended; before a colon it is a key. */
  private last = "";

  /** @returns Whether an object or a list ended here. */
  read(sign: string): boolean {
    if (this.string !== undefined) {
      this.readString(this.string, sign);
      return false;
    }
    const inner = this.open.at(-1);
    switch (sign) {
      case '"':
        this.string = { text: "", escaped: false };
        return false;
      case ":":
        if (inner?.closer === "}") inner.key = this.last;
        return false;
      case "{":
      case "[":
        this.open.push({ closer: sign === "{" ? "}" : "]" });
        return false;
      case "}":
      case "]":
        this.open.pop();
        return true;
      default:
        return false;
    }
  }

  private readString(string: { text: string; escaped: boolean }, sign: string): void {
    if (string.escaped) string.escaped = false;
    else if (sign === "\\") string.escaped = true;
    else if (sign === '"') {
      this.last = string.text;
      this.string = undefined;
      return;
    }
    string.text += sign;
  }

  /** Whether what is read next is an element of the list at a path of keys. */
  isInList(path: string): boolean {
    return this.open.at(-1)?.closer === "]" && this.open.flatMap(({ key }) => key ?? []).join("/") === path;
  }

  /** What ends everything that is open. */
  closers(): string {
    return this.open
      .map(({ closer }) => closer)
      .reverse()
      .join("");
  }
}

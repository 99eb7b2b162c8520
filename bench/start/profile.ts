import Module from "node:module";
import { partOf } from "./parts";

/** What one part of what is loaded costs by itself, without what it loads in turn. */
export interface Part {
  readonly name: string;
  readonly seconds: number;
  readonly files: number;
}

/** What loading came to. */
export interface Loaded {
  readonly seconds: number;
  readonly files: number;
  readonly parts: readonly Part[];
}

/** What loads a module in Node; it is no part of the documented interface, but tools have replaced it for years. */
interface Loader {
  _load: (request: string, parent: unknown, isMain: boolean) => unknown;
  _resolveFilename: (request: string, parent: unknown) => string;
}

/**
 * Loads and says what each part of it costs: the time of a module without that of the modules that it loads. Looking costs
 * time as well, so that the sum is more than an unobserved load takes.
 */
export function profileLoading(load: () => void): Loaded {
  const loader = Module as unknown as Loader;
  const original = loader._load;
  const parts = new Map<string, { seconds: number; files: number }>();
  const inner: number[] = [0];
  loader._load = function observed(this: unknown, request, parent, isMain) {
    const file = fileOf(loader, request, parent);
    const isNew = require.cache[file] === undefined;
    const begun = performance.now();
    inner.push(0);
    try {
      return original.call(this, request, parent, isMain);
    } finally {
      const took = performance.now() - begun;
      const own = took - (inner.pop() ?? 0);
      inner.push((inner.pop() ?? 0) + took);
      if (isNew) add(parts, partOf(file), own);
    }
  };
  const begun = performance.now();
  try {
    load();
  } finally {
    loader._load = original;
  }
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, files: Object.keys(require.cache).length, parts: sorted(parts) };
}

function fileOf(loader: Loader, request: string, parent: unknown): string {
  try {
    return loader._resolveFilename(request, parent);
  } catch {
    return request;
  }
}

function add(parts: Map<string, { seconds: number; files: number }>, name: string, ms: number): void {
  const part = parts.get(name) ?? { seconds: 0, files: 0 };
  parts.set(name, { seconds: part.seconds + ms / 1000, files: part.files + 1 });
}

/** The dearest first. */
function sorted(parts: ReadonlyMap<string, { seconds: number; files: number }>): Part[] {
  return [...parts].map(([name, part]) => ({ name, ...part })).sort((a, b) => b.seconds - a.seconds);
}

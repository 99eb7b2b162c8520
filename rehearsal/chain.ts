/** When the engine began with a resource and was done with it, in milliseconds since some moment. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An add-on on a cluster, and the add-ons that it comes after. */
export interface ChainLink {
  readonly name: string;
  readonly needs: readonly string[];
}

/** The longest chain of needs on one cluster: what every other add-on was done before. */
export interface Chain {
  readonly cluster: string;
  /** In order; `seconds` is from the end of the one before, or from the first resource of all, to its own end. */
  readonly steps: readonly { readonly addon: string; readonly seconds: number }[];
  readonly seconds: number;
}

/** Add-ons of each cluster, by the cluster's name. */
export type Installed = ReadonlyMap<string, readonly ChainLink[]>;

/**
 * The chain that an `up` waited for: from the add-on that was done last back to its latest need, and so on.
 * @param spans Times by URN, of resources that were made.
 * @returns Nothing where no add-on was made.
 */
export function longestChain(spans: ReadonlyMap<string, Span>, installed: Installed): Chain | undefined {
  const chains = [...installed].flatMap(([cluster, links]) => {
    const done = spansOf(cluster, links, spans);
    return done.size === 0 ? [] : [chainOf(cluster, links, done)];
  });
  return chains.reduce<Chain | undefined>((best, one) => (best && best.seconds >= one.seconds ? best : one), undefined);
}

/** From the first resource of each add-on to its last. */
function spansOf(cluster: string, links: readonly ChainLink[], spans: ReadonlyMap<string, Span>): Map<string, Span> {
  // The longest name first: the resources of "otel-agent" are not those of "otel".
  const names = links.map(({ name }) => name).sort((a, b) => b.length - a.length);
  const result = new Map<string, Span>();
  for (const [urn, { start, end }] of spans) {
    const [owner, rest = ""] = split(urn.split("::").at(-1) ?? "");
    const addon = names.find((name) => rest === name || rest.startsWith(`${name}-`));
    if (owner !== cluster || addon === undefined) continue;
    const known = result.get(addon);
    result.set(addon, { start: Math.min(start, known?.start ?? start), end: Math.max(end, known?.end ?? end) });
  }
  return result;
}

/** A resource's name is its cluster's, a dot, and its own. */
function split(name: string): [string, string | undefined] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}

function chainOf(cluster: string, links: readonly ChainLink[], done: ReadonlyMap<string, Span>): Chain {
  const needs = new Map(links.map((link) => [link.name, link.needs]));
  const latest = (names: readonly string[]) =>
    names
      .filter((name) => done.has(name))
      .reduce<string | undefined>(
        (best, name) => (best === undefined || endOf(name) > endOf(best) ? name : best),
        undefined,
      );
  const endOf = (name: string) => done.get(name)?.end ?? 0;
  const steps: { addon: string; seconds: number }[] = [];
  let addon = latest([...done.keys()]);
  while (addon !== undefined) {
    const before = latest(needs.get(addon) ?? []);
    const from = before === undefined ? (done.get(addon)?.start ?? 0) : endOf(before);
    steps.unshift({ addon, seconds: Math.max(0, endOf(addon) - from) / 1000 });
    addon = before;
  }
  return { cluster, steps, seconds: steps.reduce((sum, step) => sum + step.seconds, 0) };
}

/** One line for people. */
export function chainLine({ cluster, steps, seconds }: Chain): string {
  const shown = steps.map((step) => `${step.addon} ${step.seconds.toFixed(1)} s`).join(" → ");
  return `Longest chain of needs (${cluster}, ${seconds.toFixed(1)} s): ${shown}`;
}

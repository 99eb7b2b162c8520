import type { Plan } from "../../model";

/** Size of a cluster in the picture, and the space around it. */
export const CARD = { width: 208, height: 104, gapX: 116, gapY: 34, margin: 12 } as const;

/** Where a cluster stands. */
export interface Placed {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** The picture without its paint. */
export interface FleetLayout {
  readonly width: number;
  readonly height: number;
  readonly clusters: readonly Placed[];
  /** Titles of waves, above or beside their clusters. */
  readonly waves: readonly { readonly wave: number; readonly x: number; readonly y: number }[];
  readonly links: readonly { readonly from: string; readonly to: string; readonly path: string }[];
}

const TITLE = 26;

/** Above so many links only those of the selected cluster are drawn. */
export const MOST_LINKS = 60;

/** Waves from left to right, their clusters below each other. */
export function wideLayout({ waves, links }: Pick<Plan, "waves" | "links">): FleetLayout {
  const { width, height, gapX, gapY, margin } = CARD;
  const rows = Math.max(1, ...waves.map((names) => names.length));
  const full = rows * height + (rows - 1) * gapY;
  const clusters = waves.flatMap((names, wave) => {
    const own = names.length * height + (names.length - 1) * gapY;
    const top = margin + TITLE + (full - own) / 2;
    return names.map((name, index) => ({
      name,
      x: margin + wave * (width + gapX),
      y: top + index * (height + gapY),
    }));
  });
  const skips = waves.length > 2;
  const bottom = 2 * margin + TITLE + full + (skips ? gapY : 0);
  return {
    // Room on the right for links within the last wave.
    width: 2 * margin + waves.length * width + (waves.length - 1) * gapX + gapX / 2,
    height: bottom,
    clusters,
    waves: waves.map((_, wave) => ({ wave, x: margin + wave * (width + gapX), y: margin + 12 })),
    links: paths(links, clusters, (a, b) => sideways(a, b, bottom)),
  };
}

/** Waves from top to bottom, their clusters below each other: for narrow windows. */
export function narrowLayout({ waves, links }: Pick<Plan, "waves" | "links">): FleetLayout {
  const { width, height, gapY, margin } = CARD;
  const left = margin + 52;
  let y = margin;
  const titles: { wave: number; x: number; y: number }[] = [];
  const clusters = waves.flatMap((names, wave) => {
    titles.push({ wave, x: left, y: y + 12 });
    y += TITLE;
    return names.map((name) => {
      const at = { name, x: left, y };
      y += height + gapY;
      return at;
    });
  });
  return {
    width: left + width + 52 + margin,
    height: y - gapY + margin,
    clusters,
    waves: titles,
    links: paths(links, clusters, beside),
  };
}

type Draw = (a: Placed, b: Placed, index: number) => string;

function paths(links: Plan["links"], clusters: readonly Placed[], draw: Draw): FleetLayout["links"] {
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  return links.flatMap(({ from, to }, index) => {
    const [a, b] = [byName.get(from), byName.get(to)];
    return a === undefined || b === undefined ? [] : [{ from, to, path: draw(a, b, index) }];
  });
}

/** Between waves from side to side; within one, and over a wave between, in a bow. */
function sideways(a: Placed, b: Placed, floor: number): string {
  const [left, right] = a.x <= b.x ? [a, b] : [b, a];
  const middle = (one: Placed) => one.y + CARD.height / 2;
  if (left.x === right.x) {
    const x = left.x + CARD.width;
    const bow = x + CARD.gapX / 2;
    return `M${x} ${middle(left)}C${bow} ${middle(left)} ${bow} ${middle(right)} ${x} ${middle(right)}`;
  }
  const [from, to] = [left.x + CARD.width, right.x];
  const skips = to - from > CARD.gapX + 1;
  if (!skips) {
    const half = (from + to) / 2;
    return `M${from} ${middle(left)}C${half} ${middle(left)} ${half} ${middle(right)} ${to} ${middle(right)}`;
  }
  // Below what stands between.
  const y = floor - CARD.gapY / 2;
  const [start, end] = [left.x + CARD.width - 24, right.x + 24];
  const [down, up] = [left.y + CARD.height, right.y + CARD.height];
  return `M${start} ${down}C${start} ${y} ${start + 20} ${y} ${start + 60} ${y}L${end - 60} ${y}C${end - 20} ${y} ${end} ${y} ${end} ${up}`;
}

/** Neighbours are joined straight; others by a bow on alternating sides. */
function beside(a: Placed, b: Placed, index: number): string {
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
  const gap = lower.y - (upper.y + CARD.height);
  const center = upper.x + CARD.width / 2;
  if (gap <= CARD.gapY + TITLE) return `M${center} ${upper.y + CARD.height}L${center} ${lower.y}`;
  const isLeft = index % 2 === 0;
  const x = isLeft ? upper.x : upper.x + CARD.width;
  const bow = isLeft ? x - 46 : x + 46;
  const [y1, y2] = [upper.y + CARD.height / 2, lower.y + CARD.height / 2];
  return `M${x} ${y1}C${bow} ${y1} ${bow} ${y2} ${x} ${y2}`;
}

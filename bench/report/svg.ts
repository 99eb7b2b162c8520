/** A value with its name. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** A named line of points. */
export interface Line {
  readonly name: string;
  readonly points: readonly { readonly size: number; readonly value: number }[];
}

const WIDTH = 720;
const FONT = "font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, sans-serif\"";
const INK = "#1f2328";
const FAINT = "#59636e";
const GRID = "#d1d9e0";
const COLOURS = ["#0969da", "#bc4c00", "#1a7f37", "#8250df"];

/** Horizontal bars, their names above them, so that long names have room. */
export function barsSvg(title: string, unit: string, bars: readonly Bar[]): string {
  const [top, step, left, right] = [58, 46, 16, 90];
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const body = bars.flatMap(({ name, value }, index) => {
    const y = top + index * step;
    const width = (value / most) * (WIDTH - left - right);
    return [
      text(left, y, name, { size: 13 }),
      `<rect x="${left}" y="${y + 6}" width="${round(width)}" height="18" rx="2" fill="${COLOURS[0]}"/>`,
      text(left + round(width) + 8, y + 20, shown(value), { size: 13 }),
    ];
  });
  return svg(top + bars.length * step, title, unit, body);
}

/** Lines over sizes that grow by factors: the axis of sizes is logarithmic, that of values begins at 0. */
export function linesSvg(
  title: string,
  units: { readonly sizes: string; readonly values: string },
  lines: readonly Line[],
): string {
  const [top, height, left, right] = [64, 220, 64, 36];
  const points = lines.flatMap((line) => line.points);
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  const ticks = ticksTo(Math.max(...points.map(({ value }) => value), Number.MIN_VALUE));
  const [first, last, most] = [sizes[0] ?? 1, sizes.at(-1) ?? 1, ticks.at(-1) ?? 1];
  const span = Math.log(last / first) || 1;
  const x = (size: number) => round(left + (Math.log(size / first) / span) * (WIDTH - left - right));
  const y = (value: number) => round(top + height - (value / most) * height);
  const grid = ticks.flatMap((value) => [
    `<line x1="${left}" y1="${y(value)}" x2="${WIDTH - right}" y2="${y(value)}" stroke="${GRID}"/>`,
    text(left - 8, y(value) + 4, shown(value), { size: 12, anchor: "end", fill: FAINT }),
  ]);
  const axis = sizes.map((size) =>
    text(x(size), top + height + 20, size.toLocaleString("en-US"), { size: 12, anchor: "middle", fill: FAINT }),
  );
  const drawn = lines.flatMap(({ name, points: own }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const path = own.map(({ size, value }) => `${x(size)},${y(value)}`).join(" ");
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...own.map(({ size, value }) => `<circle cx="${x(size)}" cy="${y(value)}" r="3.5" fill="${colour}"/>`),
      ...own.map(({ size, value }) => text(x(size), y(value) - 9, shown(value), { size: 12, anchor: "middle" })),
      ...(lines.length > 1 ? [legend(name, index, colour)] : []),
    ];
  });
  const label = text((left + WIDTH - right) / 2, top + height + 40, units.sizes, {
    size: 12,
    anchor: "middle",
    fill: FAINT,
  });
  return svg(top + height + 52, title, units.values, [...grid, ...axis, label, ...drawn]);
}

function legend(name: string, index: number, colour = INK): string {
  return text(WIDTH - 16, 24 + index * 16, name, { size: 12, anchor: "end", fill: colour });
}

/** From 0 in steps of 1, 2 or 5 times a power of ten, to the first that is not below the largest value. */
export function ticksTo(most: number): number[] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

interface TextOptions {
  readonly size: number;
  readonly anchor?: "middle" | "end";
  readonly fill?: string;
  readonly bold?: boolean;
}

function text(x: number, y: number, value: string, { size, anchor, fill = INK, bold = false }: TextOptions): string {
  const more = `${anchor === undefined ? "" : ` text-anchor="${anchor}"`}${bold ? ' font-weight="600"' : ""}`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${more}>${escaped(value)}</text>`;
}

function svg(height: number, title: string, unit: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" ${FONT}>`,
    `<title>${escaped(title)}</title>`,
    // Pages may be dark: a picture without a background of its own would have dark labels on it.
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(16, 24, title, { size: 15, bold: true }),
    text(16, 42, unit, { size: 12, fill: FAINT }),
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

function shown(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A text that must not be found, and what it is part of. */
export interface Needle {
  readonly of: string;
  readonly text: string;
}

/** Which of the needles a text has, each once. */
export function find(text: string, needles: readonly Needle[]): string[] {
  return [...new Set(needles.filter((needle) => text.includes(needle.text)).map(({ of }) => of))];
}

/** Ways in which a text may stand in another: as it is, as JSON has it, in a URL, in base64 at any position. */
export function spellings(of: string, value: string): Needle[] {
  const texts = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), ...base64Spellings(value)];
  return [...new Set(texts)].map((text) => ({ of, text }));
}

/** Base64 of a text looks different by its position modulo three; what depends on its neighbours is cut off. */
export function base64Spellings(text: string | Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift, "x"), Buffer.from(text)])
      .toString("base64")
      .replace(/=+$/, "");
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
}

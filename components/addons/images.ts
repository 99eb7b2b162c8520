import images from "./images.json";

/**
 * Every image that this program names itself, by what it is, each at one exact version: the only place of theirs. Those
 * that a chart brings have the versions of the chart.
 */
export const IMAGES: Readonly<Record<keyof typeof images, string>> = images;

/** The tag alone, for a chart that knows the rest of the reference. */
export function tagOf(image: string): string {
  return image.slice(image.lastIndexOf(":") + 1);
}

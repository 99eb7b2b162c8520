import type { Item } from "../account";
import type { Props } from "../values";

/** What a function may look at. */
export interface Context {
  readonly region: string;
  readonly accountId: string;
  readonly existing: ReadonlySet<string>;
  readonly items: readonly Item[];
}

export type Functions = Readonly<Record<string, (args: Props, context: Context) => Props>>;

/** What is of a type in the context's region, or of none. */
export function itemsOf({ items, region }: Context, type: string): Item[] {
  return items.filter((item) => item.type === type && ["", region].includes(item.region) && !item.scheduled);
}

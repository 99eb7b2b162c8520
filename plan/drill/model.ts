/** What a loss means. */
export interface Drill {
  readonly lost: readonly string[];
}

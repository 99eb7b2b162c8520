import type { Edits } from "../../support/settings";

/** One stack file that must be refused. */
export interface BadSettings {
  /** What is wrong. */
  readonly what: string;
  /** Changes to the good file, by dotted path below `config`; `undefined` removes the key. */
  readonly edits?: Edits;
  /** Or the text of the stack's file. */
  readonly text?: string;
  /** Further files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Arguments after the stack's name. */
  readonly args?: readonly string[];
  /** The problems, each as `path: beginning or part of its message`. */
  readonly problems: readonly string[];
}

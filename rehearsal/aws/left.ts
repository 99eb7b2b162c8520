import { existsSync } from "node:fs";
import type { Folders } from "../folders";
import { Account, type Item } from "../providers/aws/account";
import { shortName } from "../providers/aws/model";
import type { Retained } from "../report";
import type { StateResource } from "../state";

/** What a destroy left in the stand-in's account. */
export interface LeftInAccount {
  readonly retained: readonly Retained[];
  /** Sentences about what is there and should not be, or the other way round. */
  readonly problems: readonly string[];
}

const WHY = "retainOnDelete: it holds data, or what reads data";

/** Compares what is in the account with what the program says it keeps. */
export function leftInAccount(before: readonly StateResource[], { account }: Pick<Folders, "account">): LeftInAccount {
  const kept = new Set(
    before.filter(({ retainOnDelete, type }) => retainOnDelete && type.startsWith("aws:")).map(({ urn }) => urn),
  );
  // What waits for its deletion is gone, as far as a program can say.
  const items = existsSync(account) ? new Account(account).snapshot().filter(({ scheduled }) => !scheduled) : [];
  const isKept = ({ urn }: Item) => urn !== undefined && kept.has(urn);
  const there = new Set(items.map(({ urn }) => urn));
  return {
    retained: items.filter(isKept).map((item) => ({ cluster: placeOf(item), object: nameOf(item), why: WHY })),
    problems: [
      ...items
        .filter((item) => !isKept(item))
        .map(
          (item) =>
            `${placeOf(item)}: ${nameOf(item)} is left after destroy${item.urn === undefined ? "; AWS made it by itself" : ""}`,
        ),
      ...[...kept]
        .filter((urn) => !there.has(urn))
        .map((urn) => `${urn.split("::").at(-1)} is to be kept (retainOnDelete), and is gone`),
    ],
  };
}

function placeOf({ region }: Item): string {
  return region === "" ? "AWS" : `AWS ${region}`;
}

function nameOf({ type, id }: Item): string {
  return `${shortName(type)} ${id}`;
}

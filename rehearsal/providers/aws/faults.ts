import { createHash } from "node:crypto";
import type { Account } from "./account";
import { refuse } from "./errors";

/** Variable that makes calls fail at random, such as `throttle=0.1,seed=7`. */
export const FAULTS = "OPENCHOREO_REHEARSAL_AWS_FAULTS";

/** Which part of the calls fails, and what the choice follows. */
export interface Faults {
  readonly throttle: number;
  readonly seed: string;
}

/** @throws Error when the text is none of that form. */
export function parseFaults(text: string | undefined): Faults | undefined {
  if (text === undefined || text === "") return undefined;
  const parts = new Map(
    text.split(",").map((part) => [part.split("=")[0]?.trim() ?? "", part.split("=")[1]?.trim() ?? ""]),
  );
  const throttle = Number(parts.get("throttle"));
  const strange = [...parts.keys()].filter((name) => name !== "throttle" && name !== "seed");
  if (strange.length > 0 || !(throttle >= 0 && throttle <= 1)) {
    throw new Error(`${FAULTS}=${text}: write throttle=<0 to 1>,seed=<number>`);
  }
  return { throttle, seed: parts.get("seed") ?? "0" };
}

/**
 * Lets a call through or fails it. The account counts the calls, so the same seed fails the same ones in the order in
 * which they come, also across processes and repeated runs.
 */
export async function passFaults(account: Account, faults: Faults | undefined): Promise<void> {
  if (faults === undefined) return;
  const call = await account.transact((view) => view.call());
  const digest = createHash("sha256").update(`${faults.seed}/${call}`).digest();
  if (digest.readUInt32BE(0) / 2 ** 32 < faults.throttle) refuse("ThrottlingException", "Rate exceeded");
}

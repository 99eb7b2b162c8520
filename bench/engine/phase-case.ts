import type { Case } from "../model";
import { median, significant } from "../statistics";
import type { Measured } from "./fleet";

/** Medians of one operation's runs. @param resources Which of the counts says how many resources there are. */
export function phaseCase(name: string, runs: readonly Measured[], resources: "created" | "same"): Case {
  return {
    name,
    figures: {
      resources: median(runs.map((one) => one[resources])),
      seconds: significant(median(runs.map(({ seconds }) => seconds))),
      memory: Math.round(median(runs.map(({ memory }) => memory))),
    },
  };
}

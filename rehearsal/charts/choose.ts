import { isAbsolute, resolve } from "node:path";
import { chartProblems, type SelectedAddon } from "../../components/addons";
import { SettingsError } from "../../components/settings";
import type { Folders } from "../folders";
import type { Progress } from "../progress";
import { writeStandInCharts } from "./stand-in";
import { unreachableCharts } from "./upstream";

/** Where a rehearsal's charts come from. */
export interface ChosenCharts {
  /** Directory of charts; absent for upstream's repositories. */
  readonly directory?: string;
  /** Names of the charts that are stand-ins. */
  readonly standIns: readonly string[];
}

/**
 * Chooses by `--charts`: a directory, upstream where every repository answers, else stand-ins.
 * @throws SettingsError when a directory does not hold what is needed.
 */
export async function chooseCharts(
  wanted: string,
  selected: readonly SelectedAddon[],
  folders: Folders,
  progress: Progress,
): Promise<ChosenCharts> {
  const addons = selected.map(({ addon }) => addon);
  const pins = addons.map(({ chart }) => chart);
  if (wanted === "upstream") {
    const unreachable = await unreachableCharts(pins);
    if (unreachable.length === 0) return { standIns: [] };
    const names = unreachable.map(({ chart, repository }) => `${chart} (${repository})`).join(", ");
    progress.say(`upstream cannot be reached for ${names}; stand-in charts are used for all`);
  } else if (wanted !== "stand-in") {
    const directory = isAbsolute(wanted) ? wanted : resolve(folders.root, wanted);
    const problems = chartProblems(pins, { kind: "directory", path: directory });
    if (problems.length > 0) {
      throw new SettingsError(
        problems.map(({ message }) => ({ path: `--charts ${wanted}`, message })),
        "charts",
      );
    }
    return { directory, standIns: [] };
  }
  return { directory: folders.charts, standIns: writeStandInCharts(addons, folders.charts) };
}

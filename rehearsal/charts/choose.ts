import { isAbsolute, resolve } from "node:path";
import { chartProblems, chartSource, type SelectedAddon } from "../../components/addons";
import type { FleetPlan } from "../../components/fleet";
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

/** What {@link chooseCharts} needs. */
export interface ChooseArgs {
  readonly selected: readonly SelectedAddon[];
  readonly fleet: FleetPlan;
  readonly folders: Folders;
  readonly progress: Progress;
}

/**
 * Chooses by `--charts`: a directory, upstream where every repository answers, else stand-ins.
 * @throws SettingsError when a directory does not hold what is needed.
 */
export async function chooseCharts(
  wanted: string,
  { selected, fleet, folders, progress }: ChooseArgs,
): Promise<ChosenCharts> {
  const pins = selected.flatMap(({ addon }) => addon.chart ?? []).filter(({ path }) => path === undefined);
  if (wanted === "upstream") {
    const unreachable = await unreachableCharts(pins);
    if (unreachable.length === 0) return { standIns: [] };
    const names = unreachable.map(({ chart, repository }) => `${chart} (${repository})`).join(", ");
    progress.say(`upstream cannot be reached for ${names}; stand-in charts are used for all`);
  } else if (wanted !== "stand-in") {
    const directory = isAbsolute(wanted) ? wanted : resolve(folders.root, wanted);
    const problems = chartProblems(pins, chartSource(directory));
    if (problems.length > 0) {
      throw new SettingsError(
        problems.map(({ message }) => ({ path: `--charts ${wanted}`, message })),
        "charts",
      );
    }
    return { directory, standIns: [] };
  }
  return { directory: folders.charts, standIns: writeStandInCharts(selected, fleet, folders.charts) };
}

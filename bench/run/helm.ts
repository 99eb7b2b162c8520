import { UsageError } from "../../cli/args";
import { which } from "../../rehearsal/process";
import { withFleet } from "../engine/fleet";
import { Helm, type Installed } from "../engine/helm";
import type { BenchCall, Measured } from "../model";
import { median, ratioOfMedians, significant } from "../statistics";
import { inFolder } from "./folder";

const STACK = "dev";

/** Largest ratio of a rehearsal's up to the helm CLI (design). */
const LIMIT = 0.5;

/** One round: the same releases, by the program and by hand. */
interface Round {
  readonly releases: number;
  readonly up: { readonly seconds: number; readonly memory: number };
  readonly helm: { readonly seconds: number; readonly memory: number };
}

/** Brings dev up with real charts, and then installs the same charts by the helm CLI, one after the other. */
export async function benchHelm({ root, rounds, charts, helm, say }: BenchCall): Promise<Measured> {
  const command = helm ?? which("helm", process.env.PATH ?? "");
  if (command === undefined) throw new UsageError("there is no helm on PATH; say where it is by --helm <file>");
  if (charts === undefined) throw new UsageError("say where the real charts are by --charts <directory>");
  const results: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    results.push(await roundOf({ root, charts, command, say }));
  }
  const of = (way: "up" | "helm") => ({
    seconds: significant(median(results.map((one) => one[way].seconds))),
    memory: Math.round(median(results.map((one) => one[way].memory))),
  });
  const releases = median(results.map((one) => one.releases));
  const value = ratioOfMedians(
    results.map(({ up }) => up.seconds),
    results.map((one) => one.helm.seconds),
  );
  return {
    cases: [
      { name: "up of a rehearsal", figures: { releases, ...of("up") } },
      { name: "helm install, one after the other", figures: { releases, ...of("helm") } },
    ],
    ratios: [{ name: "up of a rehearsal to helm install of the same charts", value: significant(value), limit: LIMIT }],
  };
}

interface RoundArgs {
  readonly root: string;
  readonly charts: string;
  readonly command: string;
  readonly say: (line: string) => void;
}

/** On clusters of its own, so that every round begins with nothing. */
function roundOf({ root, charts, command, say }: RoundArgs): Promise<Round> {
  return inFolder((folder) =>
    withFleet({ root, stack: STACK, charts, say }, async (fleet) => {
      const { seconds, memory } = await fleet.measure(async () => (await fleet.open()).up());
      const cli = new Helm(command, folder, charts);
      const releases: Installed[] = [];
      for (const kubeconfig of fleet.local.kubeconfigs().values()) releases.push(...(await cli.releases(kubeconfig)));
      releases.sort((a, b) => a.begun - b.begun);
      for (const release of [...releases].reverse()) {
        say(`removing ${release.name} …`);
        await cli.uninstall(release);
      }
      let total = { seconds: 0, memory: 0 };
      for (const release of releases) {
        say(`helm install ${release.name} …`);
        const ended = await cli.install(release);
        total = { seconds: total.seconds + ended.seconds, memory: Math.max(total.memory, ended.memory) };
      }
      return { releases: releases.length, up: { seconds, memory }, helm: total };
    }),
  );
}

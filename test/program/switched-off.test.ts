import assert from "node:assert/strict";
import { type Addon, CATALOG, comesAfter } from "../../components/addons";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { partsOf } from "../support/left-overs";
import { type Edits, eksCluster, everything, lines, ON_EKS, problemsAfter } from "../support/settings";

/** Everything on, on a control cluster that is there and a data cluster in AWS, so that no add-on is on neither. */
const FLEET: Edits = {
  ...everything(),
  "platform.clusters.west": undefined,
  "platform.clusters.east": eksCluster(["data"], 2),
  "platform.clusters.control.network.routing": "native",
  "platform.clusters.control.network.pods": "10.100.0.0/17",
  "platform.mesh.dns": "published",
  "platform.aws": ON_EKS["platform.aws"],
  tenants: {},
};

const RUN = { preview: true };

const KEYS = [...new Set(CATALOG.map(({ key }) => key))];

/** What an add-on is left out for where it is there: off as well, so that there is something to switch off. */
const INSTEAD: Readonly<Record<string, string>> = { argoWorkflows: "openchoreo" };

/** The network is missed by all; that someone else runs it is said of each cluster. */
const MISSED_BY_CLUSTERS = /^platform\.cilium\.enabled: false, but control, east say cilium: managed/;

const without = (keys: readonly string[]): Edits => ({
  ...FLEET,
  ...Object.fromEntries(keys.map((key) => [`platform.${key}`, { enabled: false }])),
});

function addonsOf(keys: readonly string[]): Addon[] {
  return CATALOG.filter(({ key }) => keys.includes(key));
}

function keyOf(name: string): string {
  return CATALOG.find((addon) => addon.name === name)?.key ?? assert.fail(`no add-on ${name}`);
}

/** Keys that the problems of a fleet without `keys` ask to switch off too. */
function missing(keys: readonly string[]): string[] {
  return lines(problemsAfter(without(keys))).flatMap((line) => {
    const name = /; switch (\S+) off too, or leave it on$/.exec(line)?.[1];
    return name === undefined ? [] : [keyOf(name)];
  });
}

/** A key with all that has to be switched off with it, as the problems say it. */
function together(key: string): string[] {
  const instead = INSTEAD[key];
  const keys = instead === undefined ? [key] : [key, instead];
  for (let more = missing(keys); more.length > 0; more = missing(keys)) keys.push(...new Set(more));
  return keys;
}

/** Whether add-ons of one side speak of those of the other. */
function areRelated(one: readonly string[], other: readonly string[]): boolean {
  const [here, there] = [addonsOf(one), addonsOf(other)];
  const speaks = (addons: readonly Addon[], of: readonly Addon[]) =>
    addons.some((addon) => of.some(({ name }) => [...comesAfter(addon), addon.supersededBy].includes(name)));
  // Without what watches all of them, nothing would be seen of what it makes of another one's alerts.
  const blind = [one, other].some((keys) => keys.includes("prometheus"));
  return blind || one.some((key) => other.includes(key)) || speaks(here, there) || speaks(there, here);
}

/** Runs of the program take a second or two, so that sets of keys that know nothing of each other share one. */
function inRuns(sets: readonly (readonly string[])[]): string[][][] {
  const runs: string[][][] = [];
  for (const set of sets) {
    const run = runs.find((one) => one.length < 4 && !one.some((other) => areRelated(set, other)));
    if (run === undefined) runs.push([[...set]]);
    else run.push([...set]);
  }
  return runs;
}

/** What a graph has of an add-on, where those of `keys` are off. */
function left(addon: Addon, graph: Graph, keys: readonly string[]): string[] {
  const others = CATALOG.filter(({ key }) => key !== addon.key && !keys.includes(key));
  return partsOf(addon, graph, others);
}

describe("each settings key of an add-on, switched off in a fleet that has everything", function () {
  this.timeout(300_000);

  it("is about something that is there before", async () => {
    const instead = Object.values(INSTEAD);
    const [all, some] = [await runFleet(FLEET, RUN), await runFleet(without(instead), RUN)];
    const found = (addon: Addon) =>
      addon.key in INSTEAD ? left(addon, some.graph, instead) : left(addon, all.graph, []);
    assert.deepEqual(
      CATALOG.filter((addon) => found(addon).length === 0).map(({ name }) => name),
      [],
    );
  });

  for (const key of KEYS) {
    it(`is a problem of whoever needs ${key}, or none`, () => {
      for (const line of lines(problemsAfter(without([key])))) {
        if (MISSED_BY_CLUSTERS.test(line)) continue;
        const [, off, name = ""] = /^platform\.(\w+)\.enabled: false, but (\S+) needs it/.exec(line) ?? [];
        assert.equal(off, key, line);
        assert.notEqual(keyOf(name), key, line);
      }
    });
  }

  const sets = KEYS.filter((key) => key !== "cilium").map(together);
  for (const run of inRuns(sets)) {
    it(`leaves nothing: ${run.map((set) => set.join(" and ")).join("; ")}`, async () => {
      const keys = run.flat();
      const { graph } = await runFleet(without(keys), RUN);
      assert.ok(graph.resources.length > 300, `${graph.resources.length} resources`);
      assert.deepEqual(
        addonsOf(keys).flatMap((addon) => left(addon, graph, keys)),
        [],
      );
    });
  }
});

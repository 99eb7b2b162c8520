import assert from "node:assert/strict";
import { upgradeProblems } from "../../components/clusters/upgrades";
import { planFleet } from "../../components/fleet";
import type { PlatformOutput } from "../../components/stacks";
import { type Edits, lines, ON_CLUSTER_API, ON_EKS, settingsAfter } from "../support/settings";

const PROVIDER = "platform.clusters.east.provider";
const POOL = `${PROVIDER}.nodePools.general.kubernetes`;

/** What a stack put out whose cluster "east" runs these versions. */
function ran(kubernetes: string | undefined, general?: string): PlatformOutput {
  const nodePools = general === undefined ? undefined : { general };
  return {
    contract: 1,
    stack: "test",
    profile: "development",
    domain: "choreo.test",
    clusters: { east: { planes: ["data"], wave: 1, apiServer: "east:443", kubernetes, nodePools } },
    trust: { bundle: "", authorities: {} },
  };
}

function problems(edits: Edits, last: PlatformOutput): string[] {
  return lines(upgradeProblems(planFleet(settingsAfter({ ...ON_EKS, ...edits }), "test"), last));
}

describe("versions that follow those that run", () => {
  const to = (controlPlane: string, nodes?: string): Edits => ({
    [`${PROVIDER}.kubernetes`]: controlPlane,
    ...(nodes === undefined ? {} : { [POOL]: nodes }),
  });
  const good: readonly (readonly [title: string, edits: Edits, last: PlatformOutput])[] = [
    ["the same", to("1.34", "1.34"), ran("1.34", "1.34")],
    ["one version more, nodes stay by their own key", to("1.35", "1.34"), ran("1.34", "1.34")],
    ["one version more, nodes stay without a key", to("1.35"), ran("1.34", "1.34")],
    ["nodes that follow", to("1.35", "1.35"), ran("1.35", "1.34")],
    ["nodes that follow over several versions", to("1.35", "1.35"), ran("1.35", "1.32")],
    ["a new pool of the new version", to("1.35", "1.35"), ran("1.34")],
    ["a cluster that was someone else's", to("1.36"), ran(undefined)],
    ["a new cluster", to("1.36"), { ...ran("1.31"), clusters: {} }],
  ];
  for (const [title, edits, last] of good) it(`may be ${title}`, () => assert.deepEqual(problems(edits, last), []));

  const bad: readonly (readonly [title: string, edits: Edits, last: PlatformOutput, ...problems: string[]])[] = [
    [
      "a version that is skipped",
      to("1.36"),
      ran("1.34"),
      `${PROVIDER}.kubernetes: 1.36 skips a version after 1.34, which runs; go to 1.35 first`,
    ],
    [
      "two versions that are skipped",
      to("1.36"),
      ran("1.33"),
      `${PROVIDER}.kubernetes: 1.36 skips 2 versions after 1.33, which runs; go to 1.34 first`,
    ],
    [
      "a version that is older",
      to("1.34"),
      ran("1.35"),
      `${PROVIDER}.kubernetes: 1.34 is older than 1.35, which runs; a control plane never goes back`,
    ],
    [
      "nodes in one change with the control plane",
      to("1.35", "1.35"),
      ran("1.34", "1.34"),
      `${POOL}: 1.35 would follow the control plane, which runs 1.34, in one change; upgrade the nodes when it is up`,
    ],
    [
      "nodes that go back",
      to("1.35", "1.33"),
      ran("1.35", "1.34"),
      `${POOL}: 1.33 is older than 1.34, which the nodes run; nodes never go back`,
    ],
    [
      "nodes that stay too long",
      to("1.36"),
      ran("1.35", "1.32"),
      `${POOL}: 1.32 is 4 minor versions behind the control plane (1.36), and nodes may be at most 3 behind; upgrade the nodes first`,
    ],
  ];
  for (const [title, edits, last, ...expected] of bad) {
    it(`may not be ${title}`, () => assert.deepEqual(problems(edits, last), expected));
  }
});

describe("versions of a cluster that Cluster API makes", () => {
  const problemsOf = (kubernetes: string, last: PlatformOutput) => {
    const edits = { ...ON_CLUSTER_API, [`${PROVIDER}.kubernetes`]: kubernetes };
    return lines(upgradeProblems(planFleet(settingsAfter(edits), "test"), last));
  };

  it("go up by one, and its nodes follow by themselves", () => {
    assert.deepEqual(problemsOf("1.35.1", ran("1.34.3", "1.34.3")), []);
    assert.deepEqual(problemsOf("1.34.4", ran("1.34.3", "1.34.3")), []);
  });

  it("skip none, and never go back", () => {
    assert.deepEqual(problemsOf("1.36.0", ran("1.34.3", "1.34.3")), [
      `${PROVIDER}.kubernetes: 1.36.0 skips a version after 1.34.3, which runs; go to 1.35 first`,
    ]);
    assert.deepEqual(problemsOf("1.33.9", ran("1.34.3")), [
      `${PROVIDER}.kubernetes: 1.33.9 is older than 1.34.3, which runs; a control plane never goes back`,
    ]);
  });
});

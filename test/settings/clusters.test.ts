import { accepts, cluster, refuses } from "../support/settings";

const EAST = "platform.clusters.east";
const KUBECONFIG = `${EAST}.provider.kubeconfig`;
const LABEL = 'a cluster name has lower-case letters, digits and "-" only, with a letter or digit at both ends';
const UNKNOWN = "unknown key; remove it, or check its spelling in docs/settings.schema.json";

describe("settings: a cluster's name", () => {
  accepts([["32 characters", { [`platform.clusters.${"a".repeat(32)}`]: cluster(["data"], 9) }]]);
  refuses([
    ["upper case", { "platform.clusters.East": cluster(["data"], 9) }, `platform.clusters.East: ${LABEL}`],
    ["an underscore", { "platform.clusters.us_east": cluster(["data"], 9) }, `platform.clusters.us_east: ${LABEL}`],
    [
      "33 characters",
      { [`platform.clusters.${"a".repeat(33)}`]: cluster(["data"], 9) },
      `platform.clusters.${"a".repeat(33)}: a cluster name has at most 32 characters`,
    ],
    [
      "the name that Cilium keeps",
      { "platform.clusters.default": cluster(["data"], 9) },
      'platform.clusters.default: "default" is the name Cilium keeps for a cluster outside any mesh; choose another',
    ],
  ]);
});

describe("settings: planes and waves", () => {
  accepts([
    ["three waves", { "platform.clusters.west.wave": 2 }],
    ["data clusters beside the control plane in wave 0", { [`${EAST}.wave`]: 0, "platform.clusters.west.wave": 1 }],
    [
      "another stack's control plane",
      { "platform.clusters.control": undefined, "platform.controlPlane": { stack: "acme/openchoreo/hub" } },
    ],
  ]);
  refuses([
    ["no planes", { [`${EAST}.planes`]: undefined }, `${EAST}.planes: required: a list`],
    ["an empty list of planes", { [`${EAST}.planes`]: [] }, `${EAST}.planes: name at least one plane`],
    ["a plane twice", { [`${EAST}.planes`]: ["data", "data"] }, `${EAST}.planes: a plane is named twice`],
    [
      "an unknown plane",
      { [`${EAST}.planes`]: ["date"] },
      `${EAST}.planes[0]: must be one of "control", "data", "workflow", "observability"`,
    ],
    ["planes that are no list", { [`${EAST}.planes`]: "data" }, `${EAST}.planes: must be a list, but is text`],
    [
      "two control planes",
      { [`${EAST}.planes`]: ["control", "data"] },
      `${EAST}.planes: a fleet has one control plane, and "control" holds it already; remove "control" here`,
    ],
    [
      "no control plane",
      { "platform.clusters.control.planes": ["workflow"] },
      'platform.clusters: no cluster has the plane "control"; give it to one, or name another stack in platform.controlPlane',
    ],
    [
      "a control plane here and another stack's",
      { "platform.controlPlane": { stack: "acme/openchoreo/hub" } },
      `platform.controlPlane: refers to another stack's control plane, but cluster "control" holds one here; remove one of the two`,
    ],
    [
      "a gap in the waves",
      { "platform.clusters.west.wave": 3 },
      "platform.clusters.west.wave: wave 3 comes after an empty wave 2; number the waves without gaps",
    ],
    [
      "waves that begin at 2",
      { [`${EAST}.wave`]: 2, "platform.clusters.west.wave": 3 },
      `${EAST}.wave: wave 2 comes after an empty wave 1; number the waves without gaps`,
    ],
    [
      "the control plane in wave 1",
      { "platform.clusters.control.wave": 1 },
      "platform.clusters.control.wave: the control cluster is wave 0: the other waves' gates live on it; remove this key",
    ],
    ["a wave below 0", { [`${EAST}.wave`]: -1 }, `${EAST}.wave: must be at least 0`],
    ["a wave above 99", { [`${EAST}.wave`]: 100 }, `${EAST}.wave: must be at most 99`],
    ["half a wave", { [`${EAST}.wave`]: 1.5 }, `${EAST}.wave: must be a whole number`],
  ]);
});

describe("settings: a cluster's provider", () => {
  accepts([
    ["a file and a context of it", { [KUBECONFIG]: { path: "a.yaml", context: "b" } }],
    ["a secret and a context of it", { [KUBECONFIG]: { secret: "a", context: "b" } }],
    ["another stack's cluster", { [KUBECONFIG]: { stack: "acme/openchoreo/hub", cluster: "east" } }],
    ["an API server with its port", { [`${EAST}.provider.apiServer`]: "east-control-plane:65535" }],
  ]);
  refuses([
    ["nothing below the cluster", { [EAST]: null }, `${EAST}: must be an object, but is empty`],
    ["an unknown key", { [`${EAST}.colour`]: "red" }, `${EAST}.colour: ${UNKNOWN}`],
    [
      "no provider",
      { [`${EAST}.provider`]: undefined },
      `${EAST}.provider: required: kind is one of "existing", "eks", "cluster-api"`,
    ],
    [
      "an unknown kind",
      { [`${EAST}.provider.kind`]: "gke" },
      `${EAST}.provider.kind: kind is one of "existing", "eks", "cluster-api"`,
    ],
    ["no kubeconfig", { [KUBECONFIG]: undefined }, `${KUBECONFIG}: required: an object`],
    [
      "no kubeconfig reference",
      { [KUBECONFIG]: {} },
      `${KUBECONFIG}: say where the kubeconfig is: one of path, context, secret or stack`,
    ],
    [
      "two kubeconfig references",
      { [KUBECONFIG]: { path: "a", secret: "b" } },
      `${KUBECONFIG}: give one of path, secret and stack, not path and secret`,
    ],
    [
      "three kubeconfig references",
      { [KUBECONFIG]: { path: "a", secret: "b", stack: "acme/openchoreo/hub" } },
      `${KUBECONFIG}: give one of path, secret and stack, not path and secret and stack`,
    ],
    [
      "another stack's cluster without the stack",
      { [KUBECONFIG]: { path: "a", cluster: "b" } },
      `${KUBECONFIG}: \`cluster\` goes with \`stack\``,
    ],
    [
      "a context of another stack",
      { [KUBECONFIG]: { stack: "acme/openchoreo/hub", context: "b" } },
      `${KUBECONFIG}: \`context\` does not go with \`stack\``,
    ],
    ["an empty path", { [KUBECONFIG]: { path: "" } }, `${KUBECONFIG}.path: must not be empty`],
    ...["https://east:6443", "east", "east:0", "east:65536"].map(
      (value) =>
        [
          `an API server such as ${value}`,
          { [`${EAST}.provider.apiServer`]: value },
          `${EAST}.provider.apiServer: not "host:port" such as "10.10.0.5:6443"`,
        ] as const,
    ),
    [
      "Cilium that is neither managed nor present",
      { [`${EAST}.cilium`]: "absent" },
      `${EAST}.cilium: must be one of "managed", "present"`,
    ],
  ]);
});

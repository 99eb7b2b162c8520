import type { BadSettings } from "./bad-settings";

const PLATFORM = "openchoreo:platform";
const EAST = `${PLATFORM}.clusters.east`;
const WEST = `${PLATFORM}.clusters.west`;

/** Settings of an extension, for cases that break one. */
const extension = (more: object = {}) => ({
  chart: { repository: "https://charts.example.com", name: "own", version: "1.2.3" },
  namespace: "own",
  planes: ["data"],
  ...more,
});

/** What is wrong with clusters, their network, add-ons and extensions. */
export const BAD_PLATFORMS: readonly BadSettings[] = [
  // Clusters.
  {
    what: "no cluster",
    edits: { [`${PLATFORM}.clusters`]: {} },
    problems: ["platform.clusters: name at least one cluster"],
  },
  {
    what: "a cluster's bad name",
    edits: { [`${PLATFORM}.clusters`]: { East_1: { planes: ["control"] } } },
    problems: ["platform.clusters.East_1: a cluster name has lower-case letters"],
  },
  {
    what: "an unknown plane",
    edits: { [`${EAST}.planes`]: ["date"] },
    problems: ["platform.clusters.east.planes[0]: must be one of"],
  },
  {
    what: "a plane named twice",
    edits: { [`${EAST}.planes`]: ["data", "data"] },
    problems: ["platform.clusters.east.planes: a plane is named twice"],
  },
  {
    what: "two control planes",
    edits: { [`${EAST}.planes`]: ["control", "data"] },
    problems: ["platform.clusters.east.planes: a fleet has one control plane"],
  },
  {
    what: "no control plane",
    edits: { [`${PLATFORM}.clusters.control.planes`]: ["workflow"] },
    problems: ['platform.clusters: no cluster has the plane "control"'],
  },
  {
    what: "another provider",
    edits: { [`${EAST}.provider.kind`]: "gke" },
    problems: ["platform.clusters.east.provider.kind: "],
  },
  {
    what: "no kubeconfig",
    edits: { [`${EAST}.provider.kubeconfig`]: {} },
    problems: ["platform.clusters.east.provider.kubeconfig: say where the kubeconfig is"],
  },
  {
    what: "two kubeconfigs",
    edits: { [`${EAST}.provider.kubeconfig`]: { path: "a.yaml", secret: "b" } },
    problems: ["platform.clusters.east.provider.kubeconfig: give one of path, secret and stack"],
  },
  {
    what: "a gap in the waves",
    edits: { [`${WEST}.wave`]: 3 },
    problems: ["platform.clusters.west.wave: wave 3 comes after an empty wave 2"],
  },
  {
    what: "someone else's Cilium in the mesh",
    edits: { [`${EAST}.cilium`]: "present" },
    problems: ["platform.clusters.east.network.mesh: Cilium that someone else runs"],
  },
  // The network.
  {
    what: "a doubled mesh id",
    edits: { [`${WEST}.network.meshId`]: 2 },
    problems: ['platform.clusters.west.network.meshId: mesh id 2 is cluster "east"\'s already'],
  },
  {
    what: "a mesh id too large",
    edits: { [`${WEST}.network.meshId`]: 128 },
    problems: ["platform.clusters.west.network.meshId: a mesh id is between 1 and 127"],
  },
  {
    what: "overlapping ranges",
    edits: { [`${EAST}.network.cidr`]: "10.200.0.0/16", [`${WEST}.network.cidr`]: "10.200.128.0/17" },
    problems: ["platform.clusters.west.network.cidr: 10.200.128.0/17 overlaps 10.200.0.0/16"],
  },
  {
    what: "a range with host bits",
    edits: { [`${EAST}.network.pods`]: "10.200.1.0/16" },
    problems: ["platform.clusters.east.network.pods: host bits are set"],
  },
  {
    what: "a doubled mesh address",
    edits: { [`${WEST}.network.meshAddress`]: "172.18.255.2" },
    problems: ["platform.clusters.west.network.meshAddress: mesh address 172.18.255.2 is cluster"],
  },
  {
    what: "no mesh address",
    edits: { [`${WEST}.network.meshAddress`]: undefined },
    problems: ["platform.clusters.west.network.meshAddress: required where no DNS zone"],
  },
  {
    what: "two routing modes",
    edits: { [`${WEST}.network.routing`]: "native" },
    problems: ["platform.clusters.west.network.routing: native, but"],
  },
  {
    what: "an issuer that is no root",
    edits: { [`${PLATFORM}.mesh.trust`]: { roots: ["root-1"], issuer: "root-2" } },
    problems: ['platform.mesh.trust.issuer: "root-2" is none of the roots'],
  },
  // Add-ons and extensions.
  {
    what: "an add-on that others need",
    edits: { [`${PLATFORM}.cilium.enabled`]: false },
    problems: [
      "platform.cilium.enabled: false, but cert-manager needs it",
      "platform.cilium.enabled: false, but control, east, west say cilium: managed",
    ],
  },
  {
    what: "Hubble's interface without its relay",
    edits: { [`${PLATFORM}.cilium.hubble`]: { relay: false, ui: true } },
    problems: ["platform.cilium.hubble.ui: needs hubble.relay"],
  },
  {
    what: "an issuer by ACME without its address",
    edits: { [`${PLATFORM}.certManager.issuer`]: { kind: "acme", dns01: { route53: { region: "x" } } } },
    problems: ["platform.certManager.issuer.email: required"],
  },
  {
    what: "extensions that need each other",
    edits: {
      [`${PLATFORM}.extensions`]: {
        one: extension({ needs: ["two"] }),
        two: extension({ needs: ["one"], namespace: "two" }),
      },
    },
    problems: ["platform.extensions.one.needs: go round in a circle: one → two → one"],
  },
  {
    what: "an extension that needs what is not there",
    edits: { [`${PLATFORM}.extensions.own`]: extension({ needs: ["nothing"] }) },
    problems: ['platform.extensions.own.needs: no add-on or extension "nothing"'],
  },
  {
    what: "an extension with an add-on's name",
    edits: { [`${PLATFORM}.extensions.cilium`]: extension() },
    problems: ["platform.extensions.cilium: is the name of an add-on"],
  },
  {
    what: "an extension's range of versions",
    edits: {
      [`${PLATFORM}.extensions.own`]: extension({
        chart: { repository: "https://x.example", name: "own", version: "^1.2" },
      }),
    },
    problems: ["platform.extensions.own.chart.version: an exact chart version"],
  },
  {
    what: "a mirror that is not there",
    edits: { [`${PLATFORM}.charts.mirror`]: "nowhere" },
    problems: ['platform.charts.mirror: no directory "nowhere"'],
  },
];

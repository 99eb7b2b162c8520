import { accepts, cluster, refuses } from "../support/settings";

const EAST = "platform.clusters.east.network";
const WEST = "platform.clusters.west.network";
const IN_MESH = "a mesh id is between 1 and 127";

describe("settings: mesh ids", () => {
  accepts([
    ["1 and 127", { [`${EAST}.meshId`]: 127 }],
    ["127 clusters", { "platform.clusters": crowd(127) }],
  ]);
  refuses([
    ["none", { [`${EAST}.meshId`]: undefined }, `${EAST}.meshId: required: a number`],
    ["0", { [`${EAST}.meshId`]: 0 }, `${EAST}.meshId: ${IN_MESH}`],
    ["128", { [`${EAST}.meshId`]: 128 }, `${EAST}.meshId: ${IN_MESH}: Cilium in ENI mode fails at 128 and above`],
    ["text", { [`${EAST}.meshId`]: "2" }, `${EAST}.meshId: must be a number, but is text`],
    ["a fraction", { [`${EAST}.meshId`]: 2.5 }, `${EAST}.meshId: must be a whole number`],
    // The blocks of the mesh's ranges are the same too; that follows, and is not said.
    [
      "one twice",
      { [`${WEST}.meshId`]: 2 },
      `${WEST}.meshId: mesh id 2 is cluster "east"'s already; each cluster needs its own`,
    ],
  ]);
});

function crowd(size: number): Record<string, unknown> {
  const data = Array.from({ length: size - 1 }, (_, index) => [`data-${index + 2}`, cluster(["data"], index + 2)]);
  return { control: cluster(["control"], 1), ...Object.fromEntries(data) };
}

describe("settings: address ranges", () => {
  accepts([
    ["ranges beside each other", { [`${EAST}.cidr`]: "172.20.0.0/16", [`${WEST}.cidr`]: "172.21.0.0/16" }],
    [
      "one range in two clusters that are not both in the mesh",
      { [`${EAST}.cidr`]: "172.20.0.0/16", [`${WEST}.cidr`]: "172.20.0.0/16", [`${WEST}.mesh`]: false },
    ],
  ]);
  refuses([
    ["no range", { [`${EAST}.cidr`]: "10.10.0.0" }, `${EAST}.cidr: not an IPv4 range such as "10.10.0.0/16"`],
    [
      "host bits",
      { [`${EAST}.pods`]: "10.10.1.0/16" },
      `${EAST}.pods: host bits are set; the network is "10.10.0.0/16"`,
    ],
    [
      "a range that is too small",
      { [`${EAST}.services`]: "10.10.0.0/29" },
      `${EAST}.services: a range is between /8 and /28, not /29`,
    ],
    [
      "an overlap between clusters",
      { [`${EAST}.cidr`]: "172.20.0.0/16", [`${WEST}.cidr`]: "172.20.128.0/17" },
      `${WEST}.cidr: 172.20.128.0/17 overlaps 172.20.0.0/16, the cidr of cluster "east"; choose another range`,
    ],
    [
      "an overlap within one cluster",
      { [`${EAST}.cidr`]: "172.20.0.0/16", [`${EAST}.pods`]: "172.20.0.0/20" },
      `${EAST}.pods: 172.20.0.0/20 overlaps 172.20.0.0/16, the cidr of cluster "east"; choose another range`,
    ],
    [
      "an overlap with another cluster's services",
      { [`${EAST}.services`]: "172.20.0.0/20", [`${WEST}.cidr`]: "172.20.0.0/16" },
      `${WEST}.cidr: 172.20.0.0/16 overlaps 172.20.0.0/20, the services of cluster "east"; choose another range`,
    ],
    [
      "an overlap with the block of another cluster",
      { [`${WEST}.cidr`]: "10.2.0.0/16" },
      `${WEST}.cidr: 10.2.0.0/16 overlaps 10.2.0.0/16, the cidr of cluster "east"; choose another range`,
    ],
    [
      "an overlap of two clusters with a third",
      {
        "platform.clusters.control.network.cidr": "172.20.0.0/16",
        [`${EAST}.cidr`]: "172.20.0.0/17",
        [`${WEST}.cidr`]: "172.20.128.0/17",
      },
      `${EAST}.cidr: 172.20.0.0/17 overlaps 172.20.0.0/16, the cidr of cluster "control"; choose another range`,
      `${WEST}.cidr: 172.20.128.0/17 overlaps 172.20.0.0/16, the cidr of cluster "control"; choose another range`,
    ],
    [
      "one range in three clusters",
      {
        "platform.clusters.control.network.cidr": "172.20.0.0/16",
        [`${EAST}.cidr`]: "172.20.0.0/16",
        [`${WEST}.cidr`]: "172.20.0.0/16",
      },
      `${EAST}.cidr: 172.20.0.0/16 overlaps 172.20.0.0/16, the cidr of cluster "control"; choose another range`,
      `${WEST}.cidr: 172.20.0.0/16 overlaps 172.20.0.0/16, the cidr of cluster "control"; choose another range`,
      `${WEST}.cidr: 172.20.0.0/16 overlaps 172.20.0.0/16, the cidr of cluster "east"; choose another range`,
    ],
    [
      "an overlap within a cluster outside the mesh",
      { [`${WEST}.mesh`]: false, [`${WEST}.cidr`]: "172.20.0.0/16", [`${WEST}.services`]: "172.20.0.0/16" },
      `${WEST}.services: 172.20.0.0/16 overlaps 172.20.0.0/16, the cidr of cluster "west"; choose another range`,
    ],
  ]);
});

describe("settings: membership of the mesh", () => {
  accepts([
    [
      "no address in a mesh of one",
      { "platform.clusters": { one: cluster(["control", "data"], 1, { network: { meshId: 1 } }) } },
    ],
    ["no address outside the mesh", { [`${EAST}.mesh`]: false, [`${EAST}.meshAddress`]: undefined }],
    ["another routing mode outside the mesh", { [`${EAST}.mesh`]: false, [`${EAST}.routing`]: "native" }],
    [
      "Cilium that is present, outside the mesh",
      { [`${EAST}.mesh`]: false, "platform.clusters.east.cilium": "present" },
    ],
  ]);
  refuses([
    [
      "no address",
      { [`${EAST}.meshAddress`]: undefined },
      `${EAST}.meshAddress: required where no DNS zone serves the mesh's names (mesh.dns: none): the address its peers dial`,
    ],
    [
      "an address twice",
      { [`${EAST}.meshAddress`]: "172.18.255.1" },
      `${EAST}.meshAddress: mesh address 172.18.255.1 is cluster "control"'s already; each load balancer needs its own`,
    ],
    [
      "native routing of pods outside the mesh's range",
      {
        ...Object.fromEntries(
          ["control", "east", "west"].map((name) => [`platform.clusters.${name}.network.routing`, "native"]),
        ),
        [`${EAST}.pods`]: "172.20.0.0/16",
      },
      `${EAST}.pods: 172.20.0.0/16 is not in mesh.ranges.pods (10.128.0.0/10), as it must be with routing: native`,
    ],
    [
      "no address but a range",
      { [`${EAST}.meshAddress`]: "172.18.255.0/24" },
      `${EAST}.meshAddress: not an IPv4 address such as "10.0.0.10"`,
    ],
    [
      "two routing modes",
      { [`${EAST}.routing`]: "native" },
      `${EAST}.routing: native, but "control" has tunnel: all clusters of a mesh have one routing mode`,
    ],
    [
      "Cilium that is present",
      { "platform.clusters.east.cilium": "present" },
      `${EAST}.mesh: Cilium that someone else runs (cilium: present) cannot join the mesh, whose ids and CA this program gives; set mesh: false`,
    ],
  ]);
});

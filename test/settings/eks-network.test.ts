import { accepts, type BadCase, cluster, type Edits, ON_EKS, PRODUCTION_ON_EKS, refuses } from "../support/settings";

const EAST = "platform.clusters.east";
const WEST = "platform.clusters.west";

const onEks = (cases: readonly BadCase[], base: Edits = ON_EKS): BadCase[] =>
  cases.map(([title, edits, ...problems]) => [title, { ...base, ...edits }, ...problems]);

const good = (cases: readonly (readonly [string, Edits])[]) =>
  cases.map(([title, edits]) => [title, { ...ON_EKS, ...edits }] as const);

describe("settings: EKS, networks", () => {
  accepts(
    good([
      ["the largest network", { [`${EAST}.network.cidr`]: "10.2.0.0/16" }],
      ["the smallest network", { [`${EAST}.network.cidr`]: "10.2.0.0/24" }],
      [
        "a supernet of its own",
        {
          "platform.aws.supernet": "172.16.0.0/12",
          ...Object.fromEntries(
            ["control", "east", "west"].map((name, index) => [
              `platform.clusters.${name}.network.cidr`,
              `172.2${index}.0.0/16`,
            ]),
          ),
          "platform.aws.runner.cidr": "192.168.0.0/24",
        },
      ],
      ["native routing, spelled out", { [`${EAST}.network.routing`]: "native" }],
      [
        "a network outside the supernet, outside the mesh",
        { [`${EAST}.network`]: { meshId: 2, mesh: false, cidr: "172.20.0.0/16" } },
      ],
    ]),
  );
  refuses(
    onEks([
      [
        "a network that is too large",
        { [`${EAST}.network.cidr`]: "10.32.0.0/15" },
        `${EAST}.network.cidr: 10.32.0.0/15 is no network for EKS, which is /16 to /24: three private subnets with a quarter of it each, for nodes and pods, and three public ones with a sixteenth each`,
      ],
      [
        "a network that is too small",
        { [`${EAST}.network.cidr`]: "10.2.0.0/25" },
        `${EAST}.network.cidr: 10.2.0.0/25 is no network for EKS, which is /16 to /24: three private subnets with a quarter of it each, for nodes and pods, and three public ones with a sixteenth each`,
      ],
      [
        "networks that collide with each other",
        { [`${WEST}.network.cidr`]: "10.2.0.0/16" },
        `${WEST}.network.cidr: 10.2.0.0/16 overlaps 10.2.0.0/16, the cidr of cluster "east"; choose another range`,
      ],
      [
        "a network that collides with services",
        { [`${EAST}.network.services`]: "10.3.0.0/20" },
        `${WEST}.network.cidr: 10.3.0.0/16 overlaps 10.3.0.0/20, the services of cluster "east"; choose another range`,
      ],
      [
        "services that AWS does not take",
        { [`${EAST}.network.services`]: "100.64.0.0/16" },
        `${EAST}.network.services: 100.64.0.0/16 cannot be the services of an EKS cluster, which are a /12 to /24 in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16`,
      ],
      [
        "a network outside the supernet",
        { [`${EAST}.network.cidr`]: "172.20.0.0/16" },
        `${EAST}.network.cidr: 172.20.0.0/16 is not in 10.0.0.0/9, the range of every network of the mesh (aws.supernet)`,
      ],
      [
        "a network that collides with the runner's",
        { "platform.aws.runner.cidr": "10.2.64.0/24" },
        `${EAST}.network.cidr: 10.2.0.0/16 overlaps 10.2.64.0/24, the runner's network (aws.runner.cidr); choose another range`,
      ],
      [
        "services that collide with the runner's network",
        { "platform.aws.runner.cidr": "10.193.0.0/24" },
        `${EAST}.network.services: 10.193.0.0/17 overlaps 10.193.0.0/24, the runner's network (aws.runner.cidr); choose another range`,
      ],
    ]),
  );
});

describe("settings: EKS, what it decides by itself", () => {
  refuses(
    onEks([
      [
        "pods with a range",
        { [`${EAST}.network.pods`]: "10.130.0.0/17" },
        `${EAST}.network.pods: pods of an EKS cluster have addresses of its network (network.cidr); remove this key`,
      ],
      [
        "a tunnel",
        { [`${EAST}.network.routing`]: "tunnel" },
        `${EAST}.network.routing: tunnel, but "control" has native: all clusters of a mesh have one routing mode`,
        `${EAST}.network.routing: pods of an EKS cluster are routed natively by AWS; remove this key`,
      ],
      [
        "a fixed address",
        { [`${EAST}.network.meshAddress`]: "10.2.0.9" },
        `${EAST}.network.meshAddress: the load balancer of an EKS cluster has no fixed address; remove this key and set mesh.dns: published`,
      ],
      [
        "someone else's Cilium",
        { [`${EAST}.cilium`]: "present", [`${EAST}.network.mesh`]: false },
        `${EAST}.cilium: a cluster that this program makes has the Cilium that it installs; remove this key`,
      ],
      [
        "a mesh without names",
        { "platform.mesh.dns": "none" },
        'platform.mesh.dns: none, but the load balancer of "control" is found by its name only; set it to published, and name the zone in aws.zone',
      ],
      [
        "another routing mode in the mesh",
        { [EAST]: cluster(["data"], 2) },
        `${EAST}.network.routing: tunnel, but "control" has native: all clusters of a mesh have one routing mode`,
        `${EAST}.network.pods: 10.129.0.0/17 is not in 10.0.0.0/9, the range of every network of the mesh (aws.supernet)`,
      ],
      [
        "mesh id 128",
        { [`${EAST}.network.meshId`]: 128 },
        `${EAST}.network.meshId: a mesh id is between 1 and 127: Cilium in ENI mode fails at 128 and above`,
      ],
    ]),
  );
});

describe("settings: the AWS account", () => {
  const AWS = "platform.aws";
  accepts(
    good([
      ["a zone that is there", { [`${AWS}.zone`]: { id: "Z0123456789ABCDEFGHIJ" } }],
      ["a parent zone", { [`${AWS}.zone`]: { name: "test" } }],
      ["no zone, and no replicas, in development", { [`${AWS}.zone`]: undefined, [`${AWS}.replicaRegion`]: undefined }],
    ]),
  );
  refuses([
    ...onEks([
      [
        "none",
        { [AWS]: undefined },
        `${AWS}: required where a cluster is on EKS: tags with owner and costCenter, and who has access`,
      ],
      ["no tags", { [`${AWS}.tags`]: undefined }, `${AWS}.tags: required: an object`],
      ["no cost centre", { [`${AWS}.tags.costCenter`]: undefined }, `${AWS}.tags.costCenter: required: text`],
      [
        "an account id that lost its zeros",
        { [`${AWS}.accountId`]: 1122223333 },
        `${AWS}.accountId: an account id in quotes such as "111122223333"`,
      ],
      [
        "a zone that cannot serve the domain",
        { [`${AWS}.zone`]: { name: "example.org" } },
        `${AWS}.zone.name: a zone "example.org" cannot serve names of the domain "choreo.test"; name the domain or a parent of it`,
      ],
      [
        "a zone that is made and there",
        { [`${AWS}.zone`]: { create: true, id: "Z0123456789ABCDEFGHIJ" } },
        `${AWS}.zone.id: of a zone that is there; it does not go with create: true`,
      ],
      [
        "replicas in the cluster's own region",
        { [`${AWS}.replicaRegion`]: "us-east-2" },
        `${WEST}.provider.replicaRegion: us-east-2 is the cluster's own region; choose another one for the replicas of its buckets`,
      ],
      [
        "two networks of one range beside a runner, though neither is in the mesh",
        {
          [`${EAST}.network`]: { meshId: 2, mesh: false, cidr: "172.20.0.0/16" },
          [`${WEST}.network`]: { meshId: 3, mesh: false, cidr: "172.20.0.0/16" },
        },
        `${WEST}.network.cidr: 172.20.0.0/16 overlaps 172.20.0.0/16, the cidr of cluster "east"; choose another range`,
      ],
      [
        "a runner without a network",
        { [`${AWS}.runner.vpcId`]: "vpc" },
        `${AWS}.runner.vpcId: not an id such as "vpc-0a1b2c3d4e5f60718"`,
      ],
      [
        "an unknown way to join networks",
        { [`${AWS}.peering`]: "cloud-wan" },
        `${AWS}.peering: must be one of "peering", "transit-gateway"`,
      ],
    ]),
    ...onEks(
      [
        [
          "no replicas in production",
          {
            [`${AWS}.replicaRegion`]: undefined,
            [`${EAST}.provider.replicaRegion`]: "eu-north-1",
            "platform.clusters.control.provider.replicaRegion": "eu-north-1",
          },
          `${WEST}.provider.replicaRegion: required in production, here or as aws.replicaRegion: the region that its buckets are replicated to`,
        ],
      ],
      PRODUCTION_ON_EKS,
    ),
  ]);
});

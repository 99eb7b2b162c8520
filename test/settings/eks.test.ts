import { accepts, type BadCase, type Edits, ON_EKS, PRODUCTION_ON_EKS, refuses, runner } from "../support/settings";

const EAST = "platform.clusters.east";
const PROVIDER = `${EAST}.provider`;
const POOL = `${PROVIDER}.nodePools.general`;
const ZONES = "euw1-az1, euw1-az2, euw1-az3";

/** Cases on a fleet that is all on EKS. */
const onEks = (cases: readonly BadCase[], base: Edits = ON_EKS): BadCase[] =>
  cases.map(([title, edits, ...problems]) => [title, { ...base, ...edits }, ...problems]);

const good = (cases: readonly (readonly [string, Edits])[], base: Edits = ON_EKS) =>
  cases.map(([title, edits]) => [title, { ...base, ...edits }] as const);

/** A whole stack in the partition for governments. */
const GOVERNMENT: Edits = {
  ...Object.fromEntries(
    ["control", "east", "west"].map((name) => [`platform.clusters.${name}.provider.region`, "us-gov-west-1"]),
  ),
  "platform.aws.replicaRegion": "us-gov-east-1",
  "platform.aws.runner.region": "us-gov-west-1",
  "platform.aws.access.deployer.principal": "arn:aws-us-gov:iam::111122223333:role/deployer",
};

describe("settings: EKS, where a cluster is", () => {
  accepts(
    good([
      ["three clusters in two regions", {}],
      [
        "zones of its own",
        { [`${PROVIDER}.region`]: "us-west-2", [`${PROVIDER}.zones`]: ["usw2-az1", "usw2-az3", "usw2-az4"] },
      ],
      ["a part of AWS for governments", GOVERNMENT],
      ["replicas in a region of two zones", { "platform.aws.replicaRegion": "us-west-1" }],
    ]),
  );
  refuses(
    onEks([
      ["no region", { [`${PROVIDER}.region`]: undefined }, `${PROVIDER}.region: required: text`],
      [
        "an unknown region",
        { [`${PROVIDER}.region`]: "eu-west-9" },
        `${PROVIDER}.region: no AWS region; it is such as "us-east-1" (a region newer than this program goes into components/settings/aws-regions.ts)`,
      ],
      [
        "partitions that are mixed",
        {
          ...GOVERNMENT,
          [`${PROVIDER}.region`]: "eu-west-1",
          "platform.aws.access.deployer.principal": "arn:aws:iam::111122223333:role/deployer",
        },
        `${PROVIDER}.region: eu-west-1 is in the partition aws, but us-gov-west-1 (platform.clusters.control.provider.region) in aws-us-gov; a stack is in one of them`,
        "platform.aws.access.deployer.principal: arn:aws:iam::111122223333:role/deployer is in the partition aws, but us-gov-west-1 (platform.clusters.control.provider.region) in aws-us-gov; a stack is in one of them",
      ],
      [
        "the name of a property of every object",
        { [`${PROVIDER}.region`]: "constructor" },
        `${PROVIDER}.region: no AWS region; it is such as "us-east-1" (a region newer than this program goes into components/settings/aws-regions.ts)`,
      ],
      [
        "a region without three zones",
        { [`${PROVIDER}.region`]: "us-west-1" },
        `${PROVIDER}.region: EKS has only 2 zones there (usw1-az1, usw1-az3) and a cluster is spread over 3; choose another region, such as us-west-2`,
      ],
      [
        "two zones",
        { [`${PROVIDER}.zones`]: ["euw1-az1", "euw1-az2"] },
        `${PROVIDER}.zones: a cluster is spread over 3 different zones; eu-west-1 has ${ZONES}`,
      ],
      [
        "a zone twice",
        { [`${PROVIDER}.zones`]: ["euw1-az1", "euw1-az2", "euw1-az2"] },
        `${PROVIDER}.zones: a cluster is spread over 3 different zones; eu-west-1 has ${ZONES}`,
      ],
      [
        "zones by letters, or of another region",
        { [`${PROVIDER}.zones`]: ["eu-west-1a", "euw1-az2", "use1-az1"] },
        `${PROVIDER}.zones: no zone for EKS in eu-west-1: eu-west-1a, use1-az1; it has ${ZONES}`,
      ],
    ]),
  );
});

describe("settings: EKS, versions of Kubernetes", () => {
  accepts(
    good([
      ["nodes three versions behind", { [`${POOL}.kubernetes`]: "1.32" }],
      ["nodes of the control plane's version", { [`${POOL}.kubernetes`]: "1.35" }],
    ]),
  );
  refuses(
    onEks([
      [
        "a version that does not exist",
        { [`${PROVIDER}.kubernetes`]: "1.99" },
        `${PROVIDER}.kubernetes: EKS has no Kubernetes "1.99"; it has 1.31, 1.32, 1.33, 1.34, 1.35, 1.36 (a newer one goes into components/settings/kubernetes-versions.ts)`,
      ],
      [
        "a patch version",
        { [`${PROVIDER}.kubernetes`]: "1.35.1" },
        `${PROVIDER}.kubernetes: EKS has no Kubernetes "1.35.1"; it has 1.31, 1.32, 1.33, 1.34, 1.35, 1.36 (a newer one goes into components/settings/kubernetes-versions.ts)`,
      ],
      [
        "a number, which would read 1.30 as 1.3",
        { [`${PROVIDER}.kubernetes`]: 1.35 },
        `${PROVIDER}.kubernetes: a Kubernetes version in quotes such as "1.35"`,
      ],
      [
        "nodes that are newer than the control plane",
        { [`${POOL}.kubernetes`]: "1.36" },
        `${POOL}.kubernetes: 1.36 is newer than the control plane (1.35); upgrade the control plane first`,
      ],
      [
        "a control plane of no version, which nodes are not held against",
        { [`${PROVIDER}.kubernetes`]: "constructor", [`${POOL}.kubernetes`]: "1.35" },
        `${PROVIDER}.kubernetes: EKS has no Kubernetes "constructor"; it has 1.31, 1.32, 1.33, 1.34, 1.35, 1.36 (a newer one goes into components/settings/kubernetes-versions.ts)`,
      ],
      [
        "nodes that are too far behind the control plane",
        { [`${POOL}.kubernetes`]: "1.31" },
        `${POOL}.kubernetes: 1.31 is 4 minor versions behind the control plane (1.35), and nodes may be at most 3 behind; upgrade the nodes first`,
      ],
    ]),
  );
});

describe("settings: EKS, node pools", () => {
  accepts(
    good([
      ["Graviton", { [POOL]: { instanceTypes: ["m7g.large", "c6gn.large", "a1.large"], architecture: "arm64" } }],
      ["types with g in other places", { [`${POOL}.instanceTypes`]: ["g5.xlarge", "gr6.4xlarge", "m7i-flex.large"] }],
      [
        "taints beside a pool without",
        {
          [`${PROVIDER}.nodePools.gpu`]: {
            instanceTypes: ["g5.xlarge"],
            taints: [{ key: "gpu", effect: "NoSchedule" }],
          },
        },
      ],
    ]),
  );
  refuses(
    onEks([
      [
        "none",
        { [`${PROVIDER}.nodePools`]: {} },
        `${PROVIDER}.nodePools: the platform's own pods need nodes before Karpenter can add any; name a pool without taints that repel them`,
      ],
      [
        "a pool of zero nodes",
        { [`${POOL}.max`]: 0, [`${POOL}.min`]: 1 },
        `${POOL}.max: a node pool of zero nodes; remove the pool`,
      ],
      [
        "a pool that may have no nodes",
        { [`${POOL}.min`]: 0 },
        `${POOL}.min: a node pool has at least one node; remove the pool, and Karpenter adds nodes as pods need them`,
      ],
      [
        "no nodes at all",
        { [`${POOL}.min`]: 0, [`${POOL}.max`]: 0 },
        `${POOL}.max: a node pool of zero nodes; remove the pool`,
      ],
      [
        "labels of Kubernetes' and of AWS' own",
        {
          [`${POOL}.labels`]: {
            "node-role.kubernetes.io/web": "",
            "eks.amazonaws.com/team": "a",
            "k8s.io/x": "",
            "example.com/kubernetes.io": "fine",
          },
        },
        ...["node-role.kubernetes.io/web", "eks.amazonaws.com/team", "k8s.io/x"].map(
          (key) =>
            `${POOL}.labels.${key}: a label of Kubernetes' or of AWS' own, which nobody else may set; choose another key`,
        ),
      ],
      ["more nodes than it may have", { [`${POOL}.min`]: 9 }, `${POOL}.min: 9 is more than max (6)`],
      [
        "no instance types",
        { [`${POOL}.instanceTypes`]: [] },
        `${POOL}.instanceTypes: name at least one instance type`,
      ],
      [
        "what is no instance type",
        { [`${POOL}.instanceTypes`]: ["large"] },
        `${POOL}.instanceTypes[0]: not an instance type such as "m7i.large"`,
      ],
      [
        "two architectures",
        { [`${POOL}.instanceTypes`]: ["m7i.large", "m7g.large"] },
        `${POOL}.instanceTypes[1]: m7g.large is arm64, but the pool's architecture is amd64; change one of the two`,
      ],
      [
        "a disk that is too small",
        { [`${POOL}.disk`]: "10Gi" },
        `${POOL}.disk: not a size of 20Gi or more, in Gi, such as "50Gi"`,
      ],
      [
        "a disk in another unit",
        { [`${POOL}.disk`]: "1Ti" },
        `${POOL}.disk: not a size of 20Gi or more, in Gi, such as "50Gi"`,
      ],
      [
        "taints on every pool",
        { [`${POOL}.taints`]: [{ key: "gpu", effect: "NoSchedule" }] },
        `${PROVIDER}.nodePools: the platform's own pods need nodes before Karpenter can add any; name a pool without taints that repel them`,
      ],
      [
        "a label that is none",
        { [`${POOL}.labels`]: { team: "a b" } },
        `${POOL}.labels.team: not a label's value: at most 63 of A-Z, a-z, 0-9, -, _ and .`,
      ],
      [
        "a name that is none",
        { [`${PROVIDER}.nodePools.Gpu`]: { instanceTypes: ["g5.xlarge"] } },
        `${PROVIDER}.nodePools.Gpu: a node pool name has lower-case letters, digits and "-" only, with a letter or digit at both ends`,
      ],
    ]),
  );
});

describe("settings: EKS, who may reach and use it", () => {
  const PUBLIC = `${PROVIDER}.publicAccess`;
  const OFFICE = { [PUBLIC]: { cidrs: ["203.0.113.7/32", "198.51.100.0/24"] } };
  /** A fleet of one, as a list keeps out peers, and the runner too. */
  const ALONE = {
    "platform.clusters.control": undefined,
    "platform.clusters.west": undefined,
    "platform.clusters.east.planes": ["control", "data", "workflow", "observability"],
    "platform.aws.runner": undefined,
    tenants: {},
    ...OFFICE,
  };
  accepts(
    good([
      ["a public endpoint for everyone, in development", { [PUBLIC]: {} }],
      ["no endpoint that is reached from here, in development", { "platform.aws.runner": undefined }],
    ]),
  );
  accepts(
    good(
      [
        ["a private endpoint and a runner's network", {}],
        ["a public endpoint with an allow-list, outside the mesh and without a runner", ALONE],
      ],
      PRODUCTION_ON_EKS,
    ),
  );
  refuses(
    onEks(
      [
        [
          "a public endpoint without an allow-list in production",
          { [PUBLIC]: {} },
          `${PUBLIC}: a public endpoint without an allow-list in production; set cidrs to the ranges that may connect`,
        ],
        [
          "an allow-list of everyone in production",
          { ...ALONE, [PUBLIC]: { cidrs: ["203.0.113.0/24", "0.0.0.0/0", "128.0.0.0/1"] } },
          `${PUBLIC}.cidrs[1]: 0.0.0.0/0 is as good as everyone, which production refuses; name the ranges that may connect`,
          `${PUBLIC}.cidrs[2]: 128.0.0.0/1 is as good as everyone, which production refuses; name the ranges that may connect`,
        ],
        [
          "an empty allow-list",
          { [PUBLIC]: { cidrs: [] } },
          `${PUBLIC}.cidrs: name at least one range, or remove publicAccess`,
        ],
        [
          "an allow-list of addresses without a length",
          { [PUBLIC]: { cidrs: ["203.0.113.7"] } },
          `${PUBLIC}.cidrs[0]: not an IPv4 range such as "203.0.113.0/24" or "203.0.113.7/32"`,
        ],
        [
          "private endpoints that nothing reaches",
          { ...ALONE, [PUBLIC]: undefined },
          "platform.clusters.east.provider.publicAccess: the API server would be private, with no network that `up` can reach it from; " +
            "name the runner's network in aws.runner, or set publicAccess.cidrs to the ranges that it connects from",
        ],
        [
          "private endpoints in a mesh that nothing reaches",
          { "platform.aws.runner": undefined },
          ...["control", "east", "west"].map(
            (cluster) =>
              `platform.clusters.${cluster}.provider.publicAccess: the API server would be private, with no network that \`up\` can reach it from; name the runner's network in aws.runner`,
          ),
        ],
        [
          "an allow-list in a mesh",
          OFFICE,
          `${PUBLIC}: outside the cluster's own network its API server's name leads to the public endpoint, where istiod of its peers and Argo CD come from addresses that the list lacks; remove publicAccess, and let \`up\` run in aws.runner`,
        ],
        [
          "an allow-list beside a runner",
          { ...ALONE, "platform.aws.runner": runner() },
          `${PUBLIC}: outside the cluster's own network its API server's name leads to the public endpoint, where \`up\` comes from the runner's network by another address than its own; remove publicAccess, or aws.runner`,
        ],
        [
          "an allow-list of private ranges",
          { ...ALONE, [PUBLIC]: { cidrs: ["203.0.113.0/24", "10.0.0.0/16"] } },
          `${PUBLIC}.cidrs[1]: a private range, which nothing connects from over the internet; name public addresses, such as those of a NAT`,
        ],
      ],
      PRODUCTION_ON_EKS,
    ),
  );
  const nobody = (cluster: string) =>
    `platform.clusters.${cluster}.provider.access: nobody would administer the cluster, and \`up\` itself needs to: name its role in aws.access with policy: admin and no namespaces`;
  const ADOPT = { dataKey: "1b9f0c3e-5d2a-4e10-9c7b-0a1b2c3d4e5f", replicaKey: "7d2a4e10-5d2a-4e10-9c7b-0a1b2c3d4e5f" };
  accepts(good([["buckets that are there already", { [`${PROVIDER}.adopt`]: ADOPT }]]));
  refuses(
    onEks([
      [
        "buckets that are there already, of nobody's account and without the replicas' key",
        { [`${PROVIDER}.adopt`]: { dataKey: ADOPT.dataKey }, "platform.aws.accountId": undefined },
        `${PROVIDER}.adopt: needs aws.accountId, which is a part of the buckets' names; name it`,
        `${PROVIDER}.adopt.replicaKey: required, as the buckets have replicas: the id of the key that those are encrypted with`,
      ],
      [
        "a key by its alias",
        { [`${PROVIDER}.adopt`]: { ...ADOPT, dataKey: "alias/test-east-data" } },
        `${PROVIDER}.adopt.dataKey: not the id of a key such as "1b9f0c3e-5d2a-4e10-9c7b-0a1b2c3d4e5f"`,
      ],
      ["no access", { "platform.aws.access": {} }, ...["control", "east", "west"].map(nobody)],
      [
        "an administrator of one namespace only",
        { "platform.aws.access.deployer.namespaces": ["shop"] },
        ...["control", "east", "west"].map(nobody),
      ],
      [
        "a principal that is no ARN",
        { "platform.aws.access.deployer.principal": "deployer" },
        'platform.aws.access.deployer.principal: not the ARN of a role or user such as "arn:aws:iam::111122223333:role/platform"',
      ],
      [
        "a principal twice",
        { [`${PROVIDER}.access`]: { again: { principal: "arn:aws:iam::111122223333:role/deployer", policy: "view" } } },
        `${PROVIDER}.access.again.principal: arn:aws:iam::111122223333:role/deployer has the entry "deployer" already; EKS takes one for each principal`,
      ],
    ]),
  );
});

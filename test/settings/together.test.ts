import assert from "node:assert/strict";
import fc from "fast-check";
import { cluster, type Edits, lines, PRODUCTION, problemsAfter, refuses } from "../support/settings";

const CLUSTERS = "platform.clusters";
const STORE = "tenants.shop.projects.store";
const API = `${STORE}.components.api`;
const UNKNOWN = "unknown key; remove it, or check its spelling in docs/settings.schema.json";
const OVERLAP: Edits = {
  [`${CLUSTERS}.east.network.cidr`]: "172.20.0.0/16",
  [`${CLUSTERS}.west.network.cidr`]: "172.20.0.0/16",
};
const OVERLAPS = `${CLUSTERS}.west.network.cidr: 172.20.0.0/16 overlaps 172.20.0.0/16, the cidr of cluster "east"; choose another range`;

describe("settings: several problems at once", () => {
  refuses([
    [
      "of shape, in every part",
      {
        "platform.colour": "red",
        "platform.domain": "Choreo",
        [`${CLUSTERS}.east.network.meshId`]: 0,
        [`${CLUSTERS}.west.planes`]: [],
        "platform.certManager.replicas": 0,
        [`${API}.port`]: 0,
        "tenants.news": { owners: [] },
      },
      'platform.domain: not a host name such as "shop.example.com"',
      `${CLUSTERS}.east.network.meshId: a mesh id is between 1 and 127`,
      `${CLUSTERS}.west.planes: name at least one plane`,
      "platform.certManager.replicas: must be at least 1",
      `platform.colour: ${UNKNOWN}`,
      `${API}.port: a port is between 1 and 65535`,
      "tenants.news.owners: name at least one owning group",
    ],
    [
      "across fields, beside mistakes of shape elsewhere",
      {
        [`${CLUSTERS}.east.planes`]: ["control", "data"],
        "platform.certManager.nokey": 1,
        "platform.extensions.mine": {
          chart: { repository: "https://charts.example.com", name: "mine", version: "1.0.0" },
          namespace: "kube-system",
          planes: ["data"],
        },
      },
      `platform.certManager.nokey: ${UNKNOWN}`,
      `${CLUSTERS}.east.planes: a fleet has one control plane, and "control" holds it already; remove "control" here`,
      'platform.extensions.mine.namespace: "kube-system" is the namespace of the cluster; give the extension one of its own',
    ],
    [
      "across fields, in every part",
      {
        ...OVERLAP,
        [`${CLUSTERS}.west.wave`]: 3,
        "platform.mesh.trust.issuer": "root-9",
        "platform.cilium.enabled": false,
        ...PRODUCTION,
        "platform.objectStore": undefined,
        [`${API}.uses`]: ["cart"],
        [`${STORE}.databases.orders`]: { engine: "postgresql", size: "5Gi" },
      },
      OVERLAPS,
      'platform.mesh.trust.issuer: "root-9" is none of the roots: root-1',
      `${CLUSTERS}.west.wave: wave 3 comes after an empty wave 2; number the waves without gaps`,
      "platform.cilium.enabled: false, but cert-manager needs it; switch cert-manager off too, or leave it on",
      'platform.cilium.enabled: false, but control, east, west say cilium: managed; say "present" where someone else runs Cilium',
      `${STORE}.databases.orders.backup: needs a bucket; set platform.objectStore`,
      `${STORE}.databases.orders.engine: postgresql needs cloudnative-pg and plugin-barman-cloud, missing on east; switch on platform.postgresql`,
      `${API}.uses[0]: no component or database "shop/store/cart"`,
    ],
  ]);
});

describe("settings: a mistake hides no other", () => {
  const mistakes: readonly (readonly [string, Edits, string])[] = [
    [
      "a bad cluster",
      { [`${CLUSTERS}.north`]: { planes: ["data"] } },
      `${CLUSTERS}.north.provider: required: kind is one of "existing"`,
    ],
    ["a cluster's bad name", { [`${CLUSTERS}.default`]: cluster(["data"], 9) }, `${CLUSTERS}.default: "default" is`],
    ["a bad domain", { "platform.domain": undefined }, "platform.domain: required: text"],
    ["a bad add-on", { "platform.cilium": true }, "platform.cilium: must be an object, but is true or false"],
    ["a bad object store", { "platform.objectStore": 1 }, "platform.objectStore: must be an object"],
    ["a bad tenant", { "tenants.shop.owners": [] }, "tenants.shop.owners: name at least one owning group"],
  ];
  for (const [title, edits, first] of mistakes) {
    it(`${title} hides no overlap between clusters`, () => {
      const found = lines(problemsAfter({ ...OVERLAP, ...edits }));
      assert.ok(
        found.some((line) => line.startsWith(first)),
        found.join("\n"),
      );
      assert.ok(found.includes(OVERLAPS), found.join("\n"));
    });
  }

  refuses([
    [
      "a bad platform hides nothing of a tenant",
      { platform: null, [`${API}.uses`]: ["cart"] },
      "platform: must be an object, but is empty",
      `${API}.uses[0]: no component or database "shop/store/cart"`,
    ],
    [
      "a bad tenant hides nothing of another",
      { "tenants.news": { owners: [] }, [`${API}.uses`]: ["cart"], "tenants.shop.quota.cpu": "100m" },
      "tenants.news.owners: name at least one owning group",
      'tenants.shop.quota.cpu: 100m is less than the components of project "store" ask for (0.3); raise it or ask for less',
      `${API}.uses[0]: no component or database "shop/store/cart"`,
    ],
  ]);
});

describe("settings: a mistake raises no false alarm", () => {
  const provider = `${CLUSTERS}.control.provider`;
  const noKubeconfig = `${provider}.kubeconfig: say where the kubeconfig is: one of path, context, secret or stack`;
  const withoutAddresses = {
    [`${CLUSTERS}.east.network.meshAddress`]: undefined,
    [`${CLUSTERS}.west.network.meshAddress`]: undefined,
  };
  refuses([
    ["of a control plane, where its cluster is bad", { [`${provider}.kubeconfig`]: {} }, noKubeconfig],
    [
      "of a gap, where the wave between is a bad cluster's",
      { [`${CLUSTERS}.west.wave`]: 2, [`${CLUSTERS}.east.planes`]: [] },
      `${CLUSTERS}.east.planes: name at least one plane`,
    ],
    [
      "of placement, where a cluster is bad",
      { [`${API}.clusters`]: ["east"], [`${CLUSTERS}.east.planes`]: [] },
      `${CLUSTERS}.east.planes: name at least one plane`,
    ],
    [
      "of membership, where the key that settles it is misspelled",
      { [`${CLUSTERS}.east.cillium`]: "present", [`${CLUSTERS}.east.network`]: { meshId: 2, routing: "native" } },
      `${CLUSTERS}.east.cillium: ${UNKNOWN}`,
    ],
    [
      "of addresses, where the mesh's names are misspelled",
      { "platform.mesh.dns": "publishd", ...withoutAddresses },
      'platform.mesh.dns: must be one of "published", "none"',
    ],
    [
      "of addresses, where the mesh's key is misspelled",
      { "platform.mash": { dns: "published" }, ...withoutAddresses },
      `platform.mash: ${UNKNOWN}`,
    ],
    [
      "of addresses, where the profile is unknown",
      { "platform.profile": "prod", ...withoutAddresses },
      'platform.profile: must be one of "development", "production"',
    ],
    [
      "of ranges, where one of the mesh's is bad",
      {
        "platform.mesh.ranges": { networks: "172.16.0.0/12", pods: "pods" },
        [`${CLUSTERS}.east.network.cidr`]: "10.3.0.0/16",
      },
      'platform.mesh.ranges.pods: not an IPv4 range such as "10.10.0.0/16"',
    ],
    [
      "of native routing, where a range of the mesh is bad",
      {
        "platform.mesh.ranges": { pods: "172.16.0.0/12", networks: "networks" },
        ...Object.fromEntries(
          ["control", "east", "west"].map((name) => [`${CLUSTERS}.${name}.network.routing`, "native"]),
        ),
        [`${CLUSTERS}.east.network.pods`]: "172.16.0.0/16",
      },
      'platform.mesh.ranges.networks: not an IPv4 range such as "10.10.0.0/16"',
    ],
    [
      "of references, where the tenant is bad",
      { "tenants.news": { owners: [] }, [`${API}.uses`]: ["news/press/feed"] },
      "tenants.news.owners: name at least one owning group",
    ],
  ]);

  it("of references, where the tenant's file could not be read", () => {
    const unread = { path: "tenants/dev/news.yaml:3", message: "is no YAML" };
    const found = problemsAfter({ [`${API}.uses`]: ["news/press/feed", "cart"] }, { problems: [unread] });
    assert.deepEqual(lines(found), [
      "tenants/dev/news.yaml:3: is no YAML",
      `${API}.uses[1]: no component or database "shop/store/cart"`,
    ]);
  });
});

describe("settings: whatever they are", () => {
  const paths = [
    "platform",
    "platform.profile",
    "platform.domain",
    "platform.clusters",
    `${CLUSTERS}.east`,
    `${CLUSTERS}.east.planes`,
    `${CLUSTERS}.east.wave`,
    `${CLUSTERS}.east.provider`,
    `${CLUSTERS}.east.provider.kubeconfig`,
    `${CLUSTERS}.east.network`,
    `${CLUSTERS}.east.network.meshId`,
    `${CLUSTERS}.east.network.cidr`,
    "platform.mesh",
    "platform.mesh.trust.roots",
    "platform.charts",
    "platform.extensions",
    "platform.certManager.issuer",
    "tenants",
    "tenants.shop",
    "tenants.shop.projects",
    `${API}.uses`,
    `${API}.resources.cpu`,
  ];

  it("problems are said in our words, on one line, below the root, each once, and never throw", () => {
    fc.assert(
      fc.property(
        fc.subarray(paths, { minLength: 1, maxLength: 3 }),
        fc.jsonValue({ maxDepth: 2 }),
        (chosen, value) => {
          // Longest first, as a value that replaces an object takes those below it away.
          const edits = chosen.sort((a, b) => b.length - a.length).map((path) => [path, value] as const);
          const found = problemsAfter(Object.fromEntries(edits));
          for (const { path, message } of found) {
            assert.match(path, /^(platform|tenants)(\.|$)/);
            assert.doesNotMatch(message, /\n|Invalid|received|expected|undefined|\[object|^$/, `${path}: ${message}`);
          }
          assert.equal(new Set(lines(found)).size, found.length, lines(found).join("\n"));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("a value that is refused is never repeated in a message of shape, as it may be a secret", () => {
    for (const path of paths.filter((each) => !each.endsWith("cidr") && each !== `${API}.uses`)) {
      const found = lines(problemsAfter({ [path]: "hunter2" }));
      assert.ok(found.length > 0 || path === "platform.domain", path);
      assert.ok(!found.some((line) => line.includes("hunter2")), found.join("\n"));
    }
  });
});

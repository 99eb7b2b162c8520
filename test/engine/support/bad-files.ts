import type { BadSettings } from "./bad-settings";

const PLATFORM = "openchoreo:platform";
const EAST = `${PLATFORM}.clusters.east`;
const WEST = `${PLATFORM}.clusters.west`;
const COMPONENT = "openchoreo:tenants.shop.projects.store.components.web";
const DATABASE = "openchoreo:tenants.shop.projects.store.databases.orders";

/** What is wrong with files, keys and tenants. */
export const BAD_FILES: readonly BadSettings[] = [
  // The file.
  { what: "malformed YAML", text: "config:\n  a: [1,\n", problems: ["Pulumi.bad.yaml:3: "] },
  {
    what: "a doubled YAML key",
    text: "config:\n  a: 1\n  a: 2\n",
    problems: ["Pulumi.bad.yaml:3: Map keys must be unique"],
  },
  {
    what: "several documents",
    text: "config: {}\n---\nconfig: {}\n",
    problems: ["Pulumi.bad.yaml:2: holds several documents"],
  },
  { what: "an empty file", text: "", problems: ["Pulumi.bad.yaml: has no `config` object"] },
  { what: "no config", text: "backend: x\n", problems: ["Pulumi.bad.yaml: has no `config` object"] },
  { what: "a missing file", args: ["missing"], problems: ["Pulumi.missing.yaml: there is no such file"] },
  { what: "no platform", edits: { [PLATFORM]: undefined }, problems: ["platform: required"] },
  {
    what: "default providers that may fall back to the user's",
    edits: { "pulumi:disable-default-providers": ["kubernetes"] },
    problems: ['pulumi:disable-default-providers: must name "aws"'],
  },
  // Keys and values.
  { what: "an unknown key", edits: { [`${PLATFORM}.mash`]: {} }, problems: ["platform.mash: unknown key"] },
  {
    what: "unknown keys deep down",
    edits: { [`${EAST}.network.meshid`]: 2, [`${PLATFORM}.cilium.hubbel`]: true },
    problems: ["platform.clusters.east.network.meshid: unknown key", "platform.cilium.hubbel: unknown key"],
  },
  { what: "no profile", edits: { [`${PLATFORM}.profile`]: undefined }, problems: ["platform.profile: required"] },
  {
    what: "an unknown profile",
    edits: { [`${PLATFORM}.profile`]: "test" },
    problems: ["platform.profile: must be one of"],
  },
  {
    what: "a domain that is none",
    edits: { [`${PLATFORM}.domain`]: "Choreo_1" },
    problems: ["platform.domain: not a host name"],
  },
  {
    what: "text for a number",
    edits: { [`${EAST}.network.meshId`]: "two" },
    problems: ["platform.clusters.east.network.meshId: must be a number, but is text"],
  },
  {
    what: "--set of an unknown key",
    args: ["bad", "--set", "platform.clusters.east.color=red"],
    problems: ["platform.clusters.east.color: unknown key"],
  },
  // Tenants.
  {
    what: "a missing folder of tenants",
    edits: { "openchoreo:tenants": { from: "tenants/none" } },
    problems: ['tenants.from: no folder "tenants/none"'],
  },
  {
    what: "tenants inline and in files",
    edits: { "openchoreo:tenants.from": "tenants/dev" },
    problems: ['tenants.shop: stands beside "from"'],
  },
  {
    what: "malformed YAML and a doubled tenant",
    edits: { "openchoreo:tenants": { from: "tenants/bad" } },
    files: {
      "tenants/bad/a.yaml": "owners: [x",
      "tenants/bad/b.yaml": "owners: [b]",
      "tenants/bad/b.yml": "owners: [b]",
    },
    problems: ["tenants/bad/a.yaml:1: ", "tenants/bad/b.yml: b.yaml is this tenant already"],
  },
  {
    what: "mistakes in a tenant's file",
    edits: { "openchoreo:tenants": { from: "tenants/bad" } },
    files: {
      "tenants/bad/a.yaml": "owners: [a]\nquota: { pods: 0 }\nprojects: { x: { components: { y: { port: 1 } } } }\n",
    },
    problems: ["tenants/bad/a.yaml: quota.pods: ", "tenants/bad/a.yaml: projects.x.components.y"],
  },
  {
    what: "nobody who owns a tenant",
    edits: { "openchoreo:tenants.shop.owners": [] },
    problems: ["tenants.shop.owners: name at least one owning group"],
  },
  {
    what: "a service without a port",
    edits: { [`${COMPONENT}.port`]: undefined },
    problems: ["tenants.shop.projects.store.components.web.port: "],
  },
  {
    what: "a component that uses what is not there",
    edits: { [`${COMPONENT}.uses`]: ["nobody"] },
    problems: ['tenants.shop.projects.store.components.web.uses[0]: no component or database "shop/store/nobody"'],
  },
  {
    what: "a component on a cluster without data plane",
    edits: { [`${COMPONENT}.clusters`]: ["control"] },
    problems: ['tenants.shop.projects.store.components.web.clusters[0]: "control" has no data plane'],
  },
  {
    what: "more than the quota",
    edits: { "openchoreo:tenants.shop.quota": { cpu: "100m" } },
    problems: ["tenants.shop.quota.cpu: 100m is less than the components"],
  },
  {
    what: "a backup without a bucket",
    edits: {
      [`${PLATFORM}.profile`]: "production",
      [`${PLATFORM}.certManager`]: { issuer: { kind: "self-signed" } },
      [`${PLATFORM}.postgresql`]: {},
      [DATABASE]: { engine: "postgresql", size: "5Gi" },
    },
    problems: ["tenants.shop.projects.store.databases.orders.backup: needs a bucket"],
  },
  {
    what: "a database that nothing runs",
    edits: { [DATABASE]: { engine: "postgresql", size: "5Gi" } },
    problems: ["tenants.shop.projects.store.databases.orders.engine: postgresql needs cloudnative-pg"],
  },
  {
    what: "promotion in a circle",
    edits: { "openchoreo:tenants.shop.environments.development.promotesFrom": "production" },
    problems: ["tenants.shop.environments.development.promotesFrom: promotion goes round in a circle"],
  },
  {
    what: "a schedule that is none",
    edits: { "openchoreo:tenants.shop.projects.store.components.nightly.schedule": "at night" },
    problems: ["tenants.shop.projects.store.components.nightly.schedule: not a cron expression"],
  },
  // All of them at once.
  {
    what: "mistakes in several places",
    edits: {
      [`${WEST}.network.meshId`]: 2,
      [`${PLATFORM}.domain`]: "_",
      [`${PLATFORM}.certManager.replicas`]: 0,
      [`${COMPONENT}.replicas`]: 0,
    },
    problems: [
      "platform.clusters.west.network.meshId: ",
      "platform.domain: ",
      "platform.certManager.replicas: ",
      "tenants.shop.projects.store.components.web.replicas: ",
    ],
  },
];

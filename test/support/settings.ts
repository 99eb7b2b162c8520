import assert from "node:assert/strict";
import { type Addon, addonContract, CATALOG } from "../../components/addons";
import { checkSettings, type Problem, parseSettings, type RawSettings, type Settings } from "../../components/settings";
import type { Json } from "../../plan/program/json";

export type { Json };

/** Changes by dotted path; `undefined` removes the key. */
export type Edits = Readonly<Record<string, unknown>>;

/** Settings by what is special about them. */
export type Variants = Readonly<Record<string, Edits>>;

/** Settings that matter to one add-on, by its name. */
export type AddonVariants = Readonly<Record<string, Variants>>;

/** A copy of `base` with `edits` made to it; objects on the way that are missing are created. */
export function edit<T extends object>(base: T, edits: Edits): T {
  const copy = structuredClone(base);
  for (const [path, value] of Object.entries(edits)) assign(copy, path.split("."), value);
  return copy;
}

function assign(root: object, path: readonly string[], value: unknown): void {
  const last = path.at(-1) ?? "";
  let holder: object = root;
  for (const key of path.slice(0, -1)) {
    const next: unknown = Reflect.get(holder, key) ?? {};
    if (typeof next !== "object" || next === null) throw new TypeError(`${path.join(".")}: ${key} is no object`);
    Reflect.set(holder, key, next);
    holder = next;
  }
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else Reflect.set(holder, last, structuredClone(value));
}

/** An existing cluster that holds `planes`. */
export function cluster(planes: readonly string[], meshId: number, more: Json = {}): Json {
  return {
    planes: [...planes],
    provider: { kind: "existing", kubeconfig: { context: "kind-test" } },
    network: { meshId, meshAddress: `172.18.255.${meshId}` },
    ...more,
  };
}

/** What most tests run with; every other add-on is switched off, so that a new one changes none of them. */
const BASE = ["gatewayApi", "cilium", "certManager"];

export function withoutOthers(): Json {
  const others = CATALOG.filter(({ key }) => !BASE.includes(key));
  return Object.fromEntries(others.map(({ key }) => [key, { enabled: false }]));
}

/** A store of secrets in Vault. @param token Key of the secret that signs in to it. */
export function vaultStore(token: string): Json {
  return {
    kind: "provider",
    provider: {
      vault: {
        server: "https://vault.test:8200",
        path: "kv",
        version: "v2",
        auth: { tokenSecretRef: { name: "choreo-store-credentials", namespace: "external-secrets", key: "token" } },
      },
    },
    credentials: { token },
  };
}

/** Switches add-ons on in the good settings, by their names, and all that they need. */
export function switchOn(...names: readonly string[]): Edits {
  const found = names.map((name) => CATALOG.find((addon) => addon.name === name) ?? assert.fail(`no add-on ${name}`));
  const own = found.filter(({ key }) => !BASE.includes(key)).map(({ key }) => [`platform.${key}`, {}] as const);
  const parts = CATALOG.filter(({ key }) => found.some((addon) => addon.key === key));
  const needed = [...found.flatMap(({ needs }) => needs), ...parts.flatMap(required)].filter(
    (name) => !names.includes(name),
  );
  return { ...(needed.length === 0 ? {} : switchOn(...needed)), ...Object.fromEntries(own) };
}

/** What an add-on requires by its defaults, on clusters of both kinds: where it is not meant to be, it is not. */
function required({ requires, schema }: Addon): string[] {
  const config = schema?.("production").safeParse({}).data;
  if (requires === undefined || (schema !== undefined && config === undefined)) return [];
  const sites = (["existing", "eks"] as const).map((kind) => ({
    planes: ["control", "data", "workflow", "observability"] as const,
    cilium: "managed" as const,
    objectStore: "settings" as const,
    zone: false,
    provider: { kind },
  }));
  return sites.flatMap((site) => requires(config, site).flatMap(({ oneOf }) => oneOf.slice(0, 1)));
}

/** Switches every add-on on, with what those ask for that are left out without it. */
export function everything(): Edits {
  return {
    ...switchOn(...CATALOG.map(({ name }) => name)),
    "platform.externalDns.provider": { name: "rfc2136" },
    "platform.clusterApi": { infrastructure: ["aws", "docker"], awsCredentials: "awsAccount" },
    "platform.pulumiOperator": PULUMI_OPERATOR,
  };
}

/** The operator of shards, as it has to be given where the control plane is not in AWS. */
export const PULUMI_OPERATOR: Json = {
  enabled: true,
  program: { git: "https://git.choreo.test/platform" },
  state: "s3://test-state?region=eu-west-1",
  secretsProvider: "awskms://alias/test-secrets?region=eu-west-1",
  credentials: "states",
};

/**
 * Good settings: a control cluster and two data clusters, one tenant, and the network, certificates and the Gateway API.
 * Every bad case breaks one thing of it.
 */
export function good(): { platform: Json; tenants: Json } {
  return {
    platform: {
      profile: "development",
      domain: "choreo.test",
      clusters: {
        control: cluster(["control", "workflow", "observability"], 1),
        east: cluster(["data"], 2),
        west: cluster(["data"], 3),
      },
      ...withoutOthers(),
    },
    tenants: { shop: tenant() },
  };
}

function tenant(): Json {
  return {
    owners: ["shop-developers"],
    environments: { development: {}, production: { promotesFrom: "development" } },
    projects: {
      store: {
        components: {
          web: {
            type: "web-application",
            image: "example/web",
            port: 3000,
            expose: { host: "shop.choreo.test" },
            uses: ["api"],
          },
          api: { image: "example/api", port: 8080 },
          nightly: { type: "scheduled-task", image: "example/nightly", schedule: "0 3 * * *" },
        },
      },
    },
  };
}

/** A database that a component uses, what runs databases of every engine, and what other tenants sign in to them by. */
export const DATABASE: Edits = {
  ...switchOn("cloudnative-pg", "plugin-barman-cloud", "psmdb-operator", "redis-operator", "external-secrets"),
  "tenants.shop.projects.store.databases": { orders: { engine: "postgresql", size: "5Gi", backup: {} } },
  "tenants.shop.projects.store.components.api.uses": ["orders"],
};

/** Problems of the good settings after `edits`; the paths begin with `platform` or `tenants`. */
export function problemsAfter(edits: Edits, raw: Partial<RawSettings> = {}): Problem[] {
  return checkSettings({ ...edit(good(), edits), ...raw }, addonContract).problems;
}

/** The good settings after `edits`, validated and with defaults. */
export function settingsAfter(edits: Edits = {}): Settings {
  return parseSettings(edit(good(), edits), addonContract);
}

/** Buckets of a server that someone else runs. */
export const STORE: Json = {
  region: "eu-west-1",
  buckets: { metrics: "test-metrics", backups: "test-backups", logs: "test-logs" },
  credentials: "objectStore",
};

/** Who signs people in. */
export const OIDC: Json = {
  issuer: "https://id.choreo.test",
  authorizationUrl: "https://id.choreo.test/authorize",
  tokenUrl: "https://id.choreo.test/token",
  jwksUrl: "https://id.choreo.test/jwks",
  secret: "oidc",
};

/** Production on existing clusters, which needs an object store that settings name, and somebody who signs people in. */
export const PRODUCTION: Edits = {
  "platform.profile": "production",
  "platform.objectStore": STORE,
  "platform.certManager.issuer": { kind: "self-signed" },
  "platform.openchoreo.oidc": OIDC,
  "platform.storage.tiers": { standard: { provisioner: "csi.test" }, shared: { provisioner: "nfs.test" } },
};

/** A cluster on EKS that holds `planes`. */
export function eksCluster(planes: readonly string[], meshId: number, provider: Json = {}): Json {
  return {
    planes: [...planes],
    provider: {
      kind: "eks",
      region: "eu-west-1",
      kubernetes: "1.35",
      nodePools: { general: { instanceTypes: ["m7i.large"] } },
      ...provider,
    },
    network: { meshId },
  };
}

/** The good settings with every cluster on EKS; every bad case breaks one thing of it. */
export const ON_EKS: Edits = {
  "platform.clusters.control": eksCluster(["control", "workflow", "observability"], 1),
  "platform.clusters.east": eksCluster(["data"], 2),
  "platform.clusters.west": eksCluster(["data"], 3, { region: "us-east-2" }),
  "platform.mesh.dns": "published",
  "platform.aws": {
    accountId: "111122223333",
    tags: { owner: "platform", costCenter: "cc-1" },
    access: { deployer: { principal: "arn:aws:iam::111122223333:role/deployer", policy: "admin" } },
    replicaRegion: "eu-central-1",
    zone: { create: true },
    runner: runner(),
  },
};

/** The network that `pulumi up` runs in. */
export function runner(): Json {
  return {
    region: "eu-west-1",
    vpcId: "vpc-0123456789abcdef0",
    cidr: "172.16.0.0/24",
    routeTableIds: ["rtb-0123456789abcdef0"],
  };
}

/** The same in production. */
export const PRODUCTION_ON_EKS: Edits = {
  ...ON_EKS,
  "platform.profile": "production",
  "platform.certManager.issuer": { kind: "self-signed" },
};

/** The good settings with a data cluster that Cluster API makes of containers. */
export const ON_CLUSTER_API: Edits = {
  "platform.clusters.east": cluster(["data"], 2, {
    provider: {
      kind: "cluster-api",
      infrastructure: "docker",
      kubernetes: "1.34.3",
      nodePools: { general: { min: 1 } },
    },
  }),
  "platform.clusterApi": { infrastructure: ["docker"] },
};

/** A bad case: what it is, the edits that make it, and every problem that they cause, as `path: message`. */
export type BadCase = readonly [title: string, edits: Edits, ...problems: string[]];

/**
 * One test for each case: the good settings with one thing broken give exactly these problems.
 * @param base Edits that come first in each of them. Default: none.
 */
export function refuses(cases: readonly BadCase[], base: Edits = {}): void {
  for (const [title, edits, ...problems] of cases) {
    it(title, () => assert.deepEqual(lines(problemsAfter({ ...base, ...edits })), problems));
  }
}

/** One test for each case: the good settings stay good after the edits. */
export function accepts(cases: readonly (readonly [title: string, edits: Edits])[], base: Edits = {}): void {
  for (const [title, edits] of cases) {
    it(title, () => assert.deepEqual(lines(problemsAfter({ ...base, ...edits })), []));
  }
}

/** Problems as the user reads them. */
export function lines(problems: readonly Problem[]): string[] {
  return problems.map(({ path, message }) => `${path}: ${message}`);
}

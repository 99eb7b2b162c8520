import { schemaFiles } from "../../scripts/schema";
import { type Edits, edit, type Json, OIDC, PULUMI_OPERATOR, STORE, vaultStore } from "./settings";
import { object, stackConfig } from "./stack";

/** How the schema says of a setting that it is the key of a secret, or holds such keys. */
const SAYS = /secrets? of this stack|the stack's secret/;

/** Every path below `platform` at which a setting names secrets of the stack; `*` stands for any name. */
export function secretPaths(): string[] {
  const { properties } = JSON.parse(schemaFiles()["settings.schema.json"] ?? "{}") as Json;
  const platform = object(object(object(object(properties).config).properties)["openchoreo:platform"]);
  return [...new Set(pathsBelow(platform, "platform"))].sort();
}

function pathsBelow(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties = {}, additionalProperties, items, description, ...rest } = schema as Json;
  const inner = Object.entries(object(properties)).flatMap(([key, each]) => pathsBelow(each, `${path}.${key}`));
  const alternatives = [rest.anyOf, rest.oneOf, rest.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const own = inner.length === 0 && typeof description === "string" && SAYS.test(description) ? [path] : [];
  return [
    ...own,
    ...inner,
    ...pathsBelow(additionalProperties, `${path}.*`),
    ...pathsBelow(items, path),
    ...alternatives.flatMap((each) => pathsBelow(each, path)),
  ];
}

/** Keys of secrets that settings name at a path. */
export function keysAt(value: unknown, path: string): string[] {
  const [, ...steps] = path.split(".");
  const reached = steps.reduce<readonly unknown[]>(
    (holders, step) =>
      holders.flatMap((holder) => {
        if (typeof holder !== "object" || holder === null) return [];
        return step === "*" ? Object.values(holder) : [Reflect.get(holder, step)];
      }),
    [value],
  );
  return reached.flatMap((found) => {
    if (typeof found === "string") return [found];
    return typeof found === "object" && found !== null ? Object.values(found).map(String) : [];
  });
}

/** What takes secrets on clusters of any kind. Each key is named after its setting. */
const ANYWHERE: Edits = {
  "platform.prometheus.alertmanager.receiver": { kind: "slack", secret: "markedSlack", channel: "#platform" },
  "platform.opensearch.sso": {
    issuer: "https://id.choreo.test",
    clientId: "dashboards",
    clientSecret: "markedDashboards",
  },
  "platform.argoCd.sso": {
    issuer: "https://login.choreo.test",
    clientId: "argocd",
    clientSecret: "markedArgoCd",
    admins: ["platform-engineers"],
  },
  "platform.registry": { host: "registry.choreo.test/team", credentials: "markedRegistry" },
  "platform.builds.gitCredentials": { "git.choreo.test": "markedGit", "code.choreo.test:8443": "markedCode" },
  "platform.externalDns.provider": {
    name: "cloudflare",
    domain: "test.example.com",
    env: { CF_API_TOKEN: "markedDns" },
  },
  "platform.externalSecrets.store": vaultStore("markedVault"),
  "platform.openchoreo.oidc": { ...OIDC, secret: "markedClients" },
};

/** Where shards come from; the operator is there where the platform's tenants are in shards. */
const PROGRAM: Json = { git: "https://git.choreo.test/platform", credentials: "markedProgram" };

/** Three clusters that are there, with kubeconfigs in secrets. */
function existingClusters(): Json {
  const cluster = (name: string, planes: readonly string[], meshId: number) => ({
    planes,
    provider: { kind: "existing", kubeconfig: { secret: `marked-kubeconfig-${name}` } },
    network: { meshId, meshAddress: `172.18.255.${meshId}` },
  });
  return {
    control: cluster("control", ["control", "workflow", "observability"], 1),
    "us-east": cluster("us-east", ["data"], 2),
    "eu-west": cluster("eu-west", ["data"], 3),
  };
}

/** Beside them, what takes secrets where clusters are those of others. */
const ON_EXISTING_CLUSTERS: Edits = {
  "platform.clusters": existingClusters(),
  "platform.aws": undefined,
  "platform.certManager.issuer": { kind: "self-signed" },
  "platform.storage.tiers": { standard: { provisioner: "csi.test" }, shared: { provisioner: "nfs.test" } },
  "platform.objectStore": { ...STORE, credentials: "markedStore" },
  "platform.velero.copy": { region: "us-east-1", bucket: "test-copies", credentials: "markedCopies" },
  "platform.clusterApi": { infrastructure: ["aws", "docker"], awsCredentials: "markedAccount" },
  "platform.pulumiOperator": { ...PULUMI_OPERATOR, program: PROGRAM, credentials: "markedStates" },
  shard: { count: 2 },
};

/** The ways of production in which every setting that takes a secret has one, between them. */
export const WITH_SECRETS: Readonly<Record<string, Edits>> = {
  "on EKS": ANYWHERE,
  "on clusters of others": { ...ANYWHERE, ...ON_EXISTING_CLUSTERS },
};

/** The configuration of prod with secrets in it, by full key. */
export function prodWithSecrets(edits: Edits): Json {
  const config = stackConfig("prod");
  const { platform, shard } = edit<Json>({ platform: config["openchoreo:platform"] }, edits);
  return { ...config, "openchoreo:platform": platform, ...(shard !== undefined && { "openchoreo:shard": shard }) };
}

import { gunzipSync, gzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

/** A Helm release as a cluster has it. */
export interface LiveRelease {
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  /** Helm's own word: deployed, failed, pending-install, … */
  readonly status: string;
  readonly chart: string;
  readonly version: string;
  /** What of it may hold data, as `Kind name`. */
  readonly data: readonly string[];
}

/** The Secret that Helm keeps a revision in. */
export interface ReleaseSecret {
  readonly metadata?: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

const release = z.looseObject({
  name: z.string(),
  info: z.looseObject({ status: z.string() }),
  chart: z.looseObject({ metadata: z.looseObject({ name: z.string(), version: z.string() }) }),
  manifest: z.string().default(""),
});
export type DecodedRelease = z.output<typeof release>;

/** Helm keeps a release as base64 of gzip of JSON, and Kubernetes adds its own base64. */
export function decodeRelease(data: string): DecodedRelease {
  const inner = Buffer.from(data, "base64").toString("ascii");
  return release.parse(JSON.parse(gunzipSync(Buffer.from(inner, "base64")).toString("utf8")));
}

/** The reverse of {@link decodeRelease}. */
export function encodeRelease(decoded: DecodedRelease): string {
  const inner = gzipSync(JSON.stringify(decoded)).toString("base64");
  return Buffer.from(inner, "ascii").toString("base64");
}

/** The newest revision of every release among Helm's Secrets. */
export function newestOf<T extends ReleaseSecret>(secrets: readonly T[]): T[] {
  const own = secrets.filter(({ type }) => type === "helm.sh/release.v1");
  const newest = new Map<string, T>();
  for (const secret of own.sort((a, b) => revisionOf(a) - revisionOf(b))) {
    newest.set(`${secret.metadata?.namespace}/${secret.metadata?.labels?.name}`, secret);
  }
  return [...newest.values()];
}

/** Helm numbers the revisions of a release. */
export function revisionOf({ metadata }: ReleaseSecret): number {
  return Number(metadata?.labels?.version ?? 0);
}

export function liveRelease(secret: ReleaseSecret): LiveRelease {
  const { name, info, chart, manifest } = decodeRelease(secret.data?.release ?? "");
  return {
    namespace: secret.metadata?.namespace ?? "",
    name,
    revision: revisionOf(secret),
    status: info.status,
    chart: chart.metadata.name,
    version: chart.metadata.version,
    data: dataIn(manifest),
  };
}

/**
 * Kinds that hold nothing but what a chart says: uninstalled and installed again they are the same. Whatever else is in a
 * release may hold data, or may own what does, such as a kind with objects of it, or a database's custom resource.
 */
const STATELESS: readonly string[] = [
  ..."Deployment DaemonSet Job CronJob Pod ReplicaSet Service ServiceAccount ConfigMap Secret Role RoleBinding".split(
    " ",
  ),
  ..."ClusterRole ClusterRoleBinding PodDisruptionBudget HorizontalPodAutoscaler NetworkPolicy PriorityClass".split(
    " ",
  ),
  ..."MutatingWebhookConfiguration ValidatingWebhookConfiguration APIService IngressClass RuntimeClass".split(" "),
  ..."ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ServiceMonitor PodMonitor PrometheusRule".split(" "),
];

interface ManifestObject {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly volumeClaimTemplates?: readonly unknown[] };
}

/** What of a manifest may hold data. */
export function dataIn(manifest: string): string[] {
  const documents = parseAllDocuments(manifest);
  const objects = (Array.isArray(documents) ? documents : []).map((document): unknown => document.toJS());
  return objects.flatMap((object) => {
    if (typeof object !== "object" || object === null) return [];
    const { kind = "", metadata, spec }: ManifestObject = object;
    const claims = spec?.volumeClaimTemplates?.length ?? 0;
    if (STATELESS.includes(kind) || (kind === "StatefulSet" && claims === 0)) return [];
    return [`${kind} ${metadata?.name ?? ""}`.trim()];
  });
}

import type { ExtensionSettings, ManifestObject, PlatformSettings, Problem } from "../settings";
import { CATALOG } from "./catalog";
import { manifestOf } from "./extension";

/** Namespaces that no extension may take: the cluster's own. */
const RESERVED = ["kube-system", "kube-public", "kube-node-lease", "default"];

/** Kinds that run pods: they come from a chart, so that they have a release that can be upgraded and looked at. */
const WORKLOADS = ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"];

const WEBHOOKS = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"];

/** Problems of extensions among each other, with the catalog, and of what they plug in. */
export function extensionProblems(platform: PlatformSettings): Problem[] {
  const planes = new Set(Object.values(platform.clusters).flatMap((cluster) => cluster.planes));
  const taken = new Map<string, string>(CATALOG.map((addon) => [addon.namespace.name, `add-on ${addon.name}`]));
  return Object.entries(platform.extensions).flatMap(([name, settings]) => {
    const path = `platform.extensions.${name}`;
    const problems: Problem[] = [];
    if (CATALOG.some((addon) => addon.name === name)) {
      problems.push({ path, message: "is the name of an add-on of the platform; choose another" });
    }
    const { namespace, planes: wanted } = settings;
    const holder = RESERVED.includes(namespace) ? "the cluster" : taken.get(namespace);
    if (holder !== undefined) {
      const message = `"${namespace}" is the namespace of ${holder}; give the extension one of its own`;
      problems.push({ path: `${path}.namespace`, message });
    }
    taken.set(namespace, `extension ${name}`);
    if (!wanted.some((plane) => planes.has(plane))) {
      problems.push({ path: `${path}.planes`, message: `no cluster has a plane of ${wanted.join(", ")}` });
    }
    return [...problems, ...chartFolderProblems(path, settings), ...objectProblems(path, settings)];
  });
}

function chartFolderProblems(path: string, { chart }: ExtensionSettings): Problem[] {
  if (chart === undefined || !("path" in chart) || manifestOf(chart.path) !== undefined) return [];
  const message = `"${chart.path}" holds no Chart.yaml with a name and a version; give the folder of a chart`;
  return [{ path: `${path}.chart.path`, message }];
}

function objectProblems(path: string, { objects, namespace }: ExtensionSettings): Problem[] {
  const seen = new Set<string>();
  return objects.flatMap((object, index) => {
    const { apiVersion, kind, metadata } = object;
    const at = `${path}.objects[${index}]`;
    const key = `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    const doubled = seen.has(key) ? [{ path: at, message: `${kind} "${metadata.name}" is there twice` }] : [];
    seen.add(key);
    return [...doubled, ...pluginProblems(at, object, namespace)];
  });
}

/** What could take a cluster down, or leave it open, is refused here, where it can still be mended. */
function pluginProblems(at: string, object: ManifestObject, namespace: string): Problem[] {
  const { kind, metadata } = object;
  if (WORKLOADS.includes(kind)) {
    return [{ path: at, message: `a ${kind} comes from a chart, not from an object; put it into one` }];
  }
  if (metadata.namespace !== undefined && RESERVED.includes(metadata.namespace)) {
    const message = `"${metadata.namespace}" is the cluster's own; use "${namespace}"`;
    return [{ path: `${at}.metadata.namespace`, message }];
  }
  if (kind === "APIService" && field(object.spec, "insecureSkipTLSVerify") === true) {
    const message = "anyone could answer for the API; give a caBundle (cert-manager.io/inject-ca-from can write it)";
    return [{ path: `${at}.spec.insecureSkipTLSVerify`, message }];
  }
  return WEBHOOKS.includes(kind) ? webhookProblems(at, object.webhooks) : [];
}

/** A webhook that fails closed and sees the cluster's own namespaces can stop the cluster from healing itself. */
function webhookProblems(at: string, webhooks: unknown): Problem[] {
  const list: unknown[] = Array.isArray(webhooks) ? webhooks : [];
  return list.flatMap((webhook, index) => {
    const selective = field(webhook, "namespaceSelector") ?? field(webhook, "objectSelector");
    if (field(webhook, "failurePolicy") === "Ignore" || selective !== undefined) return [];
    const message =
      "fails closed on every namespace, also the cluster's own: give a namespaceSelector, or failurePolicy: Ignore " +
      "(a ValidatingAdmissionPolicy needs no webhook)";
    return [{ path: `${at}.webhooks[${index}]`, message }];
  });
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

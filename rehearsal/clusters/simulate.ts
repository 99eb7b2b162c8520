import * as k8s from "@kubernetes/client-node";
import { type Addon, CATALOG, type Kind, releaseOf } from "../../components/addons";
import { type ClusterClient, statusOf } from "./client";

/**
 * What controllers would do that do not run in a rehearsal, all of it in this one place:
 * - load balancers get an address (a cloud's or Cilium's LB IPAM);
 * - volume claims are bound to a volume, and the volume goes with its claim (a storage provisioner);
 * - kinds that an operator registers at run time appear when its workload is ready (cilium-operator). They stay when
 *   it is uninstalled, as they do on a real cluster;
 * - an API that a pod would serve is taken out again: nothing answers for it, and no namespace could be deleted, as it
 *   might hold objects of that API.
 * - Cluster API's providers run, and a cluster that they make is a local one (cluster-api.ts);
 * - another stack's control plane has the namespace of its Argo CD (fleet.ts).
 */
export const SIMULATED = [
  "nodes and pods (KWOK)",
  "addresses of load balancers",
  "volumes of claims",
  "kinds that operators register at run time, without their validation",
  "APIs that pods serve, which are not there",
  "clusters that Cluster API makes: local ones",
] as const;

/** Starts the simulation on one cluster; the returned function ends it. */
export async function simulate(client: ClusterClient): Promise<() => Promise<void>> {
  const watchers = [
    watch(
      client,
      "/api/v1/services",
      () => client.core.listServiceForAllNamespaces(),
      (s) => giveAddress(client, s),
    ),
    watch(
      client,
      "/api/v1/persistentvolumeclaims",
      () => client.core.listPersistentVolumeClaimForAllNamespaces(),
      (c) => bindVolume(client, c),
    ),
    watch(
      client,
      "/api/v1/persistentvolumes",
      () => client.core.listPersistentVolume(),
      (v) => dropVolume(client, v),
    ),
    watch(
      client,
      "/apis/apps/v1/deployments",
      () => client.apps.listDeploymentForAllNamespaces(),
      (d) => registerKinds(client, d),
    ),
    watch(
      client,
      "/apis/apiregistration.k8s.io/v1/apiservices",
      () => client.apis.listAPIService(),
      (a) => takeOut(client, a),
    ),
  ];
  await Promise.all(watchers.map((watcher) => watcher.start()));
  return async () => {
    await Promise.all(watchers.map((watcher) => watcher.stop()));
  };
}

function watch<T extends k8s.KubernetesObject>(
  { config }: ClusterClient,
  path: string,
  list: k8s.ListPromise<T>,
  act: (object: T) => Promise<void>,
): k8s.Informer<T> {
  const informer = k8s.makeInformer(config, path, list);
  // An object may change or go while it is acted on; its next event brings it here again.
  const handle = (object: T) => void act(object).catch(() => undefined);
  informer.on("add", handle);
  informer.on("update", handle);
  let stopped = false;
  const stop = informer.stop.bind(informer);
  informer.stop = async () => {
    stopped = true;
    await stop();
  };
  informer.on("error", () => {
    if (!stopped) setTimeout(() => void informer.start().catch(() => undefined), 500).unref();
  });
  return informer;
}

async function takeOut({ apis }: ClusterClient, service: k8s.V1APIService): Promise<void> {
  if (service.spec?.service === undefined) return;
  await apis.deleteAPIService({ name: service.metadata?.name ?? "" });
}

async function giveAddress({ core }: ClusterClient, service: k8s.V1Service): Promise<void> {
  const { name = "", namespace = "" } = service.metadata ?? {};
  if (service.spec?.type !== "LoadBalancer" || (service.status?.loadBalancer?.ingress ?? []).length > 0) return;
  // A range for documentation: nothing ever answers there.
  const ip = service.spec.loadBalancerIP ?? "192.0.2.1";
  await core.replaceNamespacedServiceStatus({
    name,
    namespace,
    body: { ...service, status: { loadBalancer: { ingress: [{ ip }] } } },
  });
}

async function bindVolume(client: ClusterClient, claim: k8s.V1PersistentVolumeClaim): Promise<void> {
  const { core } = client;
  const { name = "", namespace = "", uid = "" } = claim.metadata ?? {};
  if (claim.status?.phase === "Bound") await wakePods(client, claim);
  if (claim.status?.phase !== "Pending" || claim.spec?.volumeName !== undefined) return;
  await core.createPersistentVolume({
    body: {
      metadata: { name: `rehearsal-${uid}` },
      spec: {
        capacity: { storage: claim.spec?.resources?.requests?.storage ?? "1Gi" },
        accessModes: claim.spec?.accessModes ?? ["ReadWriteOnce"],
        storageClassName: claim.spec?.storageClassName,
        volumeMode: claim.spec?.volumeMode,
        persistentVolumeReclaimPolicy: "Retain",
        hostPath: { path: `/rehearsal/${uid}` },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      },
    },
  });
}

/**
 * A pod that was looked at before its claim was bound is looked at again only minutes later; a change of the pod brings
 * it back at once.
 */
async function wakePods({ core }: ClusterClient, { metadata }: k8s.V1PersistentVolumeClaim): Promise<void> {
  const { name = "", namespace = "" } = metadata ?? {};
  const { items } = await core.listNamespacedPod({ namespace, fieldSelector: "spec.nodeName=" });
  const waiting = items.filter(({ spec }) =>
    (spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === name),
  );
  const body = { metadata: { annotations: { "openchoreo.dev/claim-bound": name } } };
  const asMerge = k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch);
  for (const pod of waiting) {
    await core.patchNamespacedPod({ name: pod.metadata?.name ?? "", namespace, body }, asMerge);
  }
}

async function dropVolume({ core }: ClusterClient, volume: k8s.V1PersistentVolume): Promise<void> {
  const name = volume.metadata?.name ?? "";
  if (!name.startsWith("rehearsal-") || volume.status?.phase !== "Released") return;
  await core.deletePersistentVolume({ name });
}

async function registerKinds(client: ClusterClient, deployment: k8s.V1Deployment): Promise<void> {
  const release = deployment.metadata?.annotations?.["meta.helm.sh/release-name"];
  const addon = CATALOG.find((candidate) => releaseOf(candidate) === release);
  if (addon === undefined || (deployment.status?.readyReplicas ?? 0) === 0) return;
  await registerAll(client, addon);
}

/** Registers the kinds that an add-on's operator brings at run time. */
export async function registerAll({ definitions }: ClusterClient, addon: Addon): Promise<void> {
  for (const kind of addon.kinds.filter(byOperator)) {
    try {
      await definitions.createCustomResourceDefinition({ body: clientModel(definitionOf(kind)) });
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
    }
  }
}

/** The client knows `x-kubernetes-…` as `x_kubernetes_…`, and leaves out without a word what it does not know. */
function clientModel(definition: object): k8s.V1CustomResourceDefinition {
  return JSON.parse(
    JSON.stringify(definition).replaceAll(
      '"x-kubernetes-preserve-unknown-fields"',
      '"x_kubernetes_preserve_unknown_fields"',
    ),
  );
}

function byOperator(kind: Kind): boolean {
  return kind.registeredBy === "operator";
}

/** The API server asks for this on groups of the Kubernetes community. */
const COMMUNITY_GROUP = { "api-approved.kubernetes.io": "unapproved, a stand-in" };

/** A definition that takes every field: the real one's validation is the real chart's business. */
export function definitionOf({ group, version, kind, plural, scope }: Kind): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, ...(group.endsWith(".k8s.io") ? { annotations: COMMUNITY_GROUP } : {}) },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}

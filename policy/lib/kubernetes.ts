import { anyOf, kinds, type Resource } from "./rule";
import { at, type Fields, isFields, items, text, UNKNOWN } from "./values";

/** Every kind that makes pods. */
export const POD_MAKERS = anyOf(
  kinds("core", "Pod", "ReplicationController", "PodTemplate"),
  kinds("apps", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
  kinds("batch", "Job", "CronJob"),
);

/** The pod that a resource makes; nothing where it is not known. */
export function podOf({ type, props }: Resource): Fields | undefined {
  const kind = type.slice(type.lastIndexOf(":") + 1).replace(/Patch$/, "");
  const path: Readonly<Record<string, readonly string[]>> = {
    Pod: ["spec"],
    PodTemplate: ["template", "spec"],
    CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
  };
  const pod = at(props, ...(path[kind] ?? ["spec", "template", "spec"]));
  return isFields(pod) ? pod : undefined;
}

/** A container, and what to call it. */
export interface Container {
  readonly label: string;
  readonly spec: Fields;
}

/** Containers of a pod, with those that only start it. */
export function containersOf(pod: Fields): Container[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    items(pod[list]).flatMap((spec, index) =>
      isFields(spec) ? [{ label: `container ${text(spec.name) ?? `${list}[${index}]`}`, spec }] : [],
    ),
  );
}

/** Namespace of an object; what names none is in `default`, and an unknown one is nowhere. */
export function namespaceOf({ props }: Resource): string | undefined {
  const namespace = at(props, "metadata", "namespace");
  return namespace === UNKNOWN || at(props, "metadata") === UNKNOWN ? undefined : (text(namespace) ?? "default");
}

/** Name of an object in its cluster, where it is known. */
export function objectName({ props }: Resource): string | undefined {
  return text(at(props, "metadata", "name"));
}

/** The cluster that a resource is in: the name of its provider of Kubernetes. */
export function clusterOf({ type, provider }: Resource): string | undefined {
  return type.startsWith("kubernetes") ? provider?.name : undefined;
}

/** Resources by cluster. */
export function byCluster(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const cluster = clusterOf(resource) ?? "";
    groups.set(cluster, [...(groups.get(cluster) ?? []), resource]);
  }
  return groups;
}

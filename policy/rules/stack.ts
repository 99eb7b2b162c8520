import { installOf, RELEASE } from "../lib/charts";
import { clusterOf, namespaceOf, objectName } from "../lib/kubernetes";
import { kinds, type Resource, type StackView, stackRule, type TypeFilter, textList } from "../lib/rule";
import { at, isFields, isMissing, isOpen, items, text, UNKNOWN } from "../lib/values";
import { TENANT } from "./namespaces";

const NAMESPACE = kinds("core", "Namespace");
const CONFIG_MAP = kinds("core", "ConfigMap");
const CILIUM_POLICY = kinds("cilium.io", "CiliumNetworkPolicy");
const QUOTA = kinds("core", "ResourceQuota");
const LIMITS = kinds("core", "LimitRange");

/** Label of namespaces that hold OpenChoreo's objects, and no pods. */
const OBJECTS_ONLY = "openchoreo.dev/control-plane";

/** Namespaces in which pods of tenants run. */
function tenantNamespaces(stack: StackView): readonly Resource[] {
  return stack.ofType(NAMESPACE).filter(({ props }) => {
    const labels = at(props, "metadata", "labels");
    return !isMissing(at(labels, TENANT)) && labels !== UNKNOWN && at(labels, OBJECTS_ONLY) !== "true";
  });
}

/** Objects that are in a namespace, or may be. */
function inside(namespace: Resource, stack: StackView, types: TypeFilter): readonly Resource[] {
  const cluster = clusterOf(namespace);
  const name = objectName(namespace);
  const all = stack.ofType(types);
  if (name === undefined) return all.filter((one) => clusterOf(one) === cluster);
  const places = placesOf(all);
  return [name, undefined].flatMap((where) => places.get(place(cluster, where)) ?? []);
}

type Places = ReadonlyMap<string, readonly Resource[]>;

/** By the lists that a stack's view hands out. */
const known = new WeakMap<readonly Resource[], Places>();

/** Objects by cluster and namespace: a large stack has thousands of both, and is gone through once. */
function placesOf(all: readonly Resource[]): Places {
  const before = known.get(all);
  if (before !== undefined) return before;
  const places = new Map<string, Resource[]>();
  for (const one of all) {
    const key = place(clusterOf(one), namespaceOf(one));
    const others = places.get(key);
    if (others === undefined) places.set(key, [one]);
    else others.push(one);
  }
  known.set(all, places);
  return places;
}

function place(cluster: string | undefined, namespace: string | undefined): string {
  return JSON.stringify([cluster, namespace]);
}

export const stackTenantDefaultDeny = stackRule({
  name: "stack-tenant-default-deny",
  description: "Every namespace of a tenant denies all traffic that no policy allows, in and out.",
  severity: "critical",
  reason: "otherwise one tenant's pods reach another one's, and the whole platform",
  fix: "Add a CiliumNetworkPolicy with endpointSelector {}, ingress [{}] and egress [{}]: an empty list is no rule.",
  checkStack: (stack, report) => {
    for (const namespace of tenantNamespaces(stack))
      if (!inside(namespace, stack, CILIUM_POLICY).some(deniesAll))
        report("the namespace has no default deny", namespace);
  },
});

/** Whether a policy closes every pod of its namespace: what is then open is what this and other policies list. */
function deniesAll({ props }: Resource): boolean {
  const spec = at(props, "spec");
  if (spec === UNKNOWN) return true;
  const selector = at(spec, "endpointSelector");
  const everyPod = selector === UNKNOWN || (isFields(selector) && Object.keys(selector).length === 0);
  return everyPod && deniesDirection(spec, "ingress") && deniesDirection(spec, "egress");
}

/** Cilium denies a direction as soon as there is a rule for it, also an empty one; an empty list is no rule. */
function deniesDirection(spec: unknown, direction: string): boolean {
  const [rules, said] = [at(spec, direction), at(spec, "enableDefaultDeny", direction)];
  if (isOpen(rules) || said === UNKNOWN) return true;
  const everybody = items(rules).some((rule) =>
    ["fromEntities", "toEntities"].some((key) => items(at(rule, key)).includes("all")),
  );
  return !everybody && said !== false && (said === true || items(rules).length > 0);
}

export const stackTenantQuota = stackRule({
  name: "stack-tenant-quota",
  description: "Every namespace of a tenant has a quota.",
  severity: "high",
  reason: "one loop that makes pods takes the cluster from everybody else",
  fix: "Add a ResourceQuota with hard limits of CPU, memory and pods.",
  checkStack: (stack, report) => {
    for (const namespace of tenantNamespaces(stack)) {
      const quotas = inside(namespace, stack, QUOTA).filter(({ props }) => !isMissing(at(props, "spec", "hard")));
      if (quotas.length === 0) report("the namespace has no quota", namespace);
    }
  },
});

export const stackTenantLimits = stackRule({
  name: "stack-tenant-limits",
  description: "Every namespace of a tenant gives containers requests and limits that name none.",
  severity: "medium",
  reason: "with a quota, a pod without requests is refused with an error that few understand",
  fix: "Add a LimitRange with default and defaultRequest.",
  checkStack: (stack, report) => {
    for (const namespace of tenantNamespaces(stack))
      if (inside(namespace, stack, LIMITS).length === 0) report("the namespace has no LimitRange", namespace);
  },
});

export const stackCilium = stackRule({
  name: "stack-cilium-everywhere",
  description: "Every cluster with Istio has Cilium, of this stack or of somebody who is named.",
  severity: "high",
  reason: "default denies of tenants are policies of Cilium: without it nobody enforces them",
  fix: "Let this stack install Cilium (cilium: managed), or name the cluster in `others`.",
  options: { others: textList("Clusters whose Cilium somebody else runs.", []) },
  checkStack: (stack, report, { others }) => {
    const releases = stack.ofType(RELEASE);
    // A chart that is not known yet may be Cilium's.
    const cilium = releases.filter((one) => (installOf(one)?.name ?? "cilium") === "cilium").map(clusterOf);
    const istio = releases.filter((one) => installOf(one)?.name === "istiod");
    for (const release of istio) {
      const cluster = clusterOf(release);
      if (!cilium.includes(cluster) && !others.includes(cluster ?? ""))
        report(`cluster ${cluster} has no Cilium`, release);
    }
  },
});

/** Gates between waves, by number. */
function gatesOf(stack: StackView): ReadonlyMap<number, Resource> {
  const gates = stack.ofType(CONFIG_MAP).flatMap((one) => {
    const name = /^wave-(\d+)$/.exec(objectName(one) ?? "")?.[1];
    const wave = text(at(one.props, "data", "wave"));
    // Where one of the two is not known, the other one says it.
    const [hidden, open] = [at(one.props, "metadata", "name") === UNKNOWN, at(one.props, "data", "wave") === UNKNOWN];
    const number = hidden ? wave : name !== undefined && (open || wave === name) ? name : undefined;
    return number === undefined ? [] : [[Number(number), one] as const];
  });
  return new Map(gates);
}

export const stackWaveGates = stackRule({
  name: "stack-wave-gates",
  description: "Every cluster of a fleet is in a wave that ends in a gate, and no gate is missing between two.",
  severity: "high",
  reason: "without gates a change that breaks the canary goes on to every other cluster",
  fix: "Let a gate (ConfigMap wave-<n>) wait for the add-ons of the cluster; installAddons makes one for each wave.",
  checkStack: (stack, report) => {
    const gates = gatesOf(stack);
    const releases = stack.ofType(RELEASE).filter((release) => clusterOf(release) !== undefined);
    const clusters = new Map(releases.map((release) => [clusterOf(release), release]));
    if (clusters.size < 2) return;
    const closed = [...gates.values()].map((gate) => {
      return releases.filter(({ urn }) => gate.dependencies.includes(urn)).map(clusterOf);
    });
    // In the preview of a cluster that is not there yet it is not known either what its gate waits for.
    const isOpenGate = closed.some((waits) => waits.length === 0);
    for (const [cluster, release] of clusters)
      if (!isOpenGate && !closed.flat().includes(cluster)) report(`no gate waits for cluster ${cluster}`, release);
    for (let wave = 0; wave < Math.max(-1, ...gates.keys()); wave += 1)
      if (!gates.has(wave)) report(`wave ${wave} has no gate`, gates.get(wave + 1));
  },
});

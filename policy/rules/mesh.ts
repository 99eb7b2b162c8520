import { installOf, RELEASE } from "../lib/charts";
import { byCluster, clusterOf, namespaceOf, objectName } from "../lib/kubernetes";
import { kinds, type Resource, resourceRule, type StackView, stackRule } from "../lib/rule";
import { at, differs, entries, isFields, isOpen, items, UNKNOWN } from "../lib/values";

const PEER = kinds("security.istio.io", "PeerAuthentication");
const AUTHORIZATION = kinds("security.istio.io", "AuthorizationPolicy");
const DESTINATION = kinds("networking.istio.io", "DestinationRule");
const ROOT_NAMESPACE = "istio-system";

export const meshStrict = resourceRule({
  name: "mesh-strict",
  description: "Mutual TLS is strict; only single ports may admit plain traffic, and none has it off.",
  severity: "critical",
  reason: "what comes without mutual TLS comes from nobody in particular, and no rule about identities holds",
  fix: "Set spec.mtls.mode to STRICT, and name a port that is scraped from outside the mesh in portLevelMtls.",
  appliesTo: PEER,
  check: ({ props }, report) => {
    const mode = at(props, "spec", "mtls", "mode") ?? "UNSET";
    if (mode !== UNKNOWN && mode !== "STRICT" && mode !== "UNSET") report("mutual TLS is not strict");
    for (const [port, setting] of entries(at(props, "spec", "portLevelMtls")))
      if (at(setting, "mode") === "DISABLE") report(`mutual TLS is off on port ${port}`);
  },
});

export const meshNoPlainDestinations = resourceRule({
  name: "mesh-no-plain-destinations",
  description: "No destination has TLS switched off.",
  severity: "high",
  reason: "callers then send in plain text what the mesh would have encrypted",
  fix: "Remove trafficPolicy.tls, or set its mode to ISTIO_MUTUAL, SIMPLE or MUTUAL.",
  appliesTo: DESTINATION,
  check: ({ props }, report) => {
    const policies = [
      at(props, "spec", "trafficPolicy"),
      ...items(at(props, "spec", "subsets")).map((one) => at(one, "trafficPolicy")),
    ];
    const ports = policies.flatMap((policy) => items(at(policy, "portLevelSettings")));
    for (const policy of [...policies, ...ports])
      if (at(policy, "tls", "mode") === "DISABLE") report("TLS to the destination is off");
  },
});

export const meshNoAllowAll = resourceRule({
  name: "mesh-no-allow-all",
  description: "No authorization policy allows everybody everything.",
  severity: "high",
  reason: "one such policy undoes the default deny of its namespace",
  fix: "Name who may (from.source) or what they may do (to.operation) in every rule.",
  appliesTo: AUTHORIZATION,
  check: ({ props }, report) => {
    const action = at(props, "spec", "action") ?? "ALLOW";
    if (action !== "ALLOW") return;
    for (const rule of items(at(props, "spec", "rules")))
      if (isFields(rule) && Object.keys(rule).length === 0) report("a rule allows everything");
  },
});

/** Clusters on which a release of a chart is. */
function clustersWith(stack: StackView, chart: string): ReadonlyMap<string, Resource> {
  const releases = stack.ofType(RELEASE).filter((release) => installOf(release)?.name === chart);
  return new Map(releases.map((release) => [clusterOf(release) ?? "", release]));
}

export const meshStrictEverywhere = stackRule({
  name: "mesh-strict-everywhere",
  description: "Every cluster with Istio has strict mutual TLS for its whole mesh.",
  severity: "critical",
  reason: "the default admits plain traffic beside encrypted",
  fix: `Add a PeerAuthentication in ${ROOT_NAMESPACE} without a selector, with spec.mtls.mode STRICT.`,
  checkStack: (stack, report) => {
    const policies = byCluster(stack.ofType(PEER));
    for (const [cluster, release] of clustersWith(stack, "istiod")) {
      const strict = (policies.get(cluster) ?? []).some(
        (policy) => isMeshWide(policy) && !differs(at(policy.props, "spec", "mtls", "mode"), "STRICT"),
      );
      if (!strict) report(`cluster ${cluster} has no strict mutual TLS mesh-wide`, release);
    }
  },
});

export const meshDefaultDeny = stackRule({
  name: "mesh-default-deny",
  description: "Every cluster with Istio denies what no policy allows.",
  severity: "high",
  reason: "without it every workload of the mesh may call every other one",
  fix: `Add an AuthorizationPolicy in ${ROOT_NAMESPACE} with an empty spec.`,
  checkStack: (stack, report) => {
    const policies = byCluster(stack.ofType(AUTHORIZATION));
    for (const [cluster, release] of clustersWith(stack, "istiod")) {
      const denies = (policies.get(cluster) ?? []).some((policy) => isMeshWide(policy) && allowsNothing(policy));
      if (!denies) report(`cluster ${cluster} has no default deny for its mesh`, release);
    }
  },
});

/** Whether a policy is for the whole mesh: in the root namespace, with no selector. */
function isMeshWide(policy: Resource): boolean {
  const { spec } = policy.props;
  if (at(policy.props, "metadata", "namespace") !== UNKNOWN && namespaceOf(policy) !== ROOT_NAMESPACE) return false;
  return [at(spec, "selector"), at(spec, "targetRefs")].every((chosen) => chosen === undefined || chosen === UNKNOWN);
}

function allowsNothing({ props }: Resource): boolean {
  const spec = at(props, "spec");
  if (spec === UNKNOWN || spec === undefined) return true;
  const rules = at(spec, "rules");
  return (at(spec, "action") ?? "ALLOW") === "ALLOW" && !isOpen(rules) && items(rules).length === 0;
}

export const meshDestinationNamed = resourceRule({
  name: "mesh-waypoint-hbone",
  description: "A waypoint listens by HBONE.",
  severity: "high",
  reason: "on another protocol it takes traffic that nobody has authenticated",
  fix: "Give the Gateway of class istio-waypoint one listener of protocol HBONE on port 15008.",
  appliesTo: kinds("gateway.networking.k8s.io", "Gateway"),
  check: (resource, report) => {
    if (at(resource.props, "spec", "gatewayClassName") !== "istio-waypoint") return;
    for (const listener of items(at(resource.props, "spec", "listeners")))
      if (differs(at(listener, "protocol"), "HBONE"))
        report(`a listener of ${objectName(resource) ?? "the waypoint"} is not HBONE`);
  },
});

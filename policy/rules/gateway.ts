import { clusterOf, namespaceOf, objectName } from "../lib/kubernetes";
import { kinds, type Resource, resourceRule, stackRule, textList } from "../lib/rule";
import { at, differs, isMissing, isOpen, items, text, UNKNOWN } from "../lib/values";

const GATEWAYS = kinds("gateway.networking.k8s.io", "Gateway");
const ROUTES = kinds("gateway.networking.k8s.io", "HTTPRoute");
const CLIENT_POLICIES = kinds("gateway.envoyproxy.io", "ClientTrafficPolicy");
const ENVOY_CLASS = "envoy-gateway";
const PLAIN = ["HTTP", "TCP", "UDP"];

const protocols = textList("Protocols of listeners that are encrypted, each in its way.", ["HTTPS", "TLS", "HBONE"]);

export const gatewayTlsListeners = resourceRule({
  name: "gateway-tls-listeners",
  description: "Every listener of a gateway is encrypted, but one that only redirects to HTTPS.",
  severity: "critical",
  reason: "without TLS passwords and sessions can be read on the way",
  fix: "Make the listener HTTPS; one for redirects is HTTP on port 80 and admits routes of its own namespace only.",
  options: { protocols },
  appliesTo: GATEWAYS,
  check: ({ props }, report, options) => {
    for (const listener of items(at(props, "spec", "listeners"))) {
      const protocol = at(listener, "protocol");
      if (protocol === UNKNOWN || options.protocols.includes(text(protocol) ?? "")) continue;
      const from = at(listener, "allowedRoutes", "namespaces", "from");
      const redirects = protocol === "HTTP" && !differs(at(listener, "port"), 80) && !differs(from, "Same");
      if (!redirects)
        report(
          `listener ${text(at(listener, "name")) ?? "?"} is ${PLAIN.includes(text(protocol) ?? "") ? protocol : "of no encrypted protocol"}`,
        );
    }
  },
});

export const gatewayCertificates = resourceRule({
  name: "gateway-certificates",
  description: "Every HTTPS listener ends TLS with a certificate of its own.",
  severity: "high",
  reason: "a listener without a certificate answers nobody, and one that passes TLS on cannot be limited or logged",
  fix: 'Set tls to { mode: "Terminate", certificateRefs: [{ name: … }] }.',
  appliesTo: GATEWAYS,
  check: ({ props }, report) => {
    for (const listener of items(at(props, "spec", "listeners"))) {
      if (at(listener, "protocol") !== "HTTPS") continue;
      const name = text(at(listener, "name")) ?? "?";
      const mode = at(listener, "tls", "mode") ?? "Terminate";
      if (differs(mode, "Terminate")) report(`listener ${name} does not end TLS`);
      if (isMissing(at(listener, "tls", "certificateRefs"))) report(`listener ${name} has no certificate`);
    }
  },
});

export const gatewayTlsVersion = resourceRule({
  name: "gateway-tls-version",
  description: "Gateways accept TLS 1.2 and later only.",
  severity: "high",
  reason: "earlier versions can be broken, and auditors know",
  fix: 'Set spec.tls.minVersion to "1.2" or "1.3".',
  appliesTo: CLIENT_POLICIES,
  check: ({ props }, report) => {
    const version = at(props, "spec", "tls", "minVersion");
    if (version !== UNKNOWN && version !== "1.2" && version !== "1.3") report("the oldest version of TLS is not set");
  },
});

export const gatewayRoutesHost = resourceRule({
  name: "gateway-routes-host",
  description: "A route for tenants names its hosts.",
  severity: "medium",
  reason: "a route without a host answers for the hosts of everybody",
  fix: "List spec.hostnames.",
  options: { namespaces: textList("Namespaces whose routes may serve every host.", ["envoy-gateway-system"]) },
  appliesTo: ROUTES,
  check: (resource, report, { namespaces }) => {
    const namespace = namespaceOf(resource);
    if (namespace === undefined || namespaces.includes(namespace)) return;
    const hosts = at(resource.props, "spec", "hostnames");
    if (isOpen(hosts)) return;
    if (isMissing(hosts) || items(hosts).includes("*")) report("the route has no hosts");
  },
});

function envoyGateways(gateways: readonly Resource[]): readonly Resource[] {
  return gateways.filter(({ props }) => at(props, "spec", "gatewayClassName") === ENVOY_CLASS);
}

/** Whether `reference` of an object in `from` means the gateway. */
function means(reference: unknown, from: Resource, gateway: Resource): boolean {
  if (reference === UNKNOWN || at(reference, "name") === UNKNOWN) return true;
  const [name, namespace] = [objectName(gateway), namespaceOf(gateway)];
  const where = at(reference, "namespace") ?? namespaceOf(from);
  const fits = (own: string | undefined, said: unknown) =>
    own === undefined || said === undefined || !differs(said, own);
  return (
    !differs(at(reference, "kind") ?? "Gateway", "Gateway") &&
    fits(name, at(reference, "name")) &&
    fits(namespace, where)
  );
}

function sameCluster(one: Resource, other: Resource): boolean {
  return clusterOf(one) === clusterOf(other);
}

export const gatewayRedirects = stackRule({
  name: "gateway-redirects",
  description: "What comes to a gateway by HTTP is sent to HTTPS.",
  severity: "high",
  reason: "people type names without a scheme, and browsers try HTTP",
  fix: "Add an HTTPRoute on the HTTP listener with a RequestRedirect to https.",
  checkStack: (stack, report) => {
    for (const gateway of envoyGateways(stack.ofType(GATEWAYS))) {
      const listeners = items(at(gateway.props, "spec", "listeners"));
      if (!listeners.some((listener) => at(listener, "protocol") === "HTTP")) continue;
      const redirects = stack
        .ofType(ROUTES)
        .some((route) => sameCluster(route, gateway) && redirectsFor(route, gateway));
      if (!redirects) report("the gateway has an HTTP listener and no redirect to HTTPS", gateway);
    }
  },
});

function redirectsFor(route: Resource, gateway: Resource): boolean {
  const parents = at(route.props, "spec", "parentRefs");
  if (!isOpen(parents) && !items(parents).some((parent) => means(parent, route, gateway))) return false;
  const rules = at(route.props, "spec", "rules");
  if (isOpen(rules)) return true;
  return items(rules).some((rule) => {
    const filters = at(rule, "filters");
    return (
      isOpen(filters) || items(filters).some((filter) => !differs(at(filter, "requestRedirect", "scheme"), "https"))
    );
  });
}

export const gatewayClientPolicy = stackRule({
  name: "gateway-client-policy",
  description: "Every gateway has a policy for its clients: versions of TLS, timeouts, limits of connections.",
  severity: "high",
  reason: "Envoy's defaults are for a service behind a firewall, not for the internet",
  fix: "Add a ClientTrafficPolicy whose targetRefs name the gateway.",
  checkStack: (stack, report) => {
    for (const gateway of envoyGateways(stack.ofType(GATEWAYS))) {
      const covered = stack.ofType(CLIENT_POLICIES).some((policy) => {
        const targets = at(policy.props, "spec", "targetRefs");
        const means_ = isOpen(targets) || items(targets).some((target) => means(target, policy, gateway));
        return sameCluster(policy, gateway) && means_;
      });
      if (!covered) report("the gateway has no ClientTrafficPolicy", gateway);
    }
  },
});

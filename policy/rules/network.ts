import { namespaceOf } from "../lib/kubernetes";
import { anyOf, kinds, resourceRule, textList } from "../lib/rule";
import { at, isFields, isMissing, isOpen, items, text, UNKNOWN } from "../lib/values";

const SERVICE = kinds("core", "Service");
const POLICIES = kinds("cilium.io", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy");

export const networkLoadBalancers = resourceRule({
  name: "network-load-balancers",
  description: "Load balancers are only in the namespaces of gateways.",
  severity: "high",
  reason: "every other one is a door past TLS, rate limits and access logs",
  fix: "Make it a ClusterIP Service and add an HTTPRoute to the gateway.",
  options: {
    namespaces: textList("Namespaces of gateways.", ["envoy-gateway-system", "istio-east-west", "kube-system"]),
  },
  appliesTo: SERVICE,
  check: (resource, report, { namespaces }) => {
    const namespace = namespaceOf(resource);
    if (at(resource.props, "spec", "type") !== "LoadBalancer" || namespace === undefined) return;
    if (!namespaces.includes(namespace)) report(`a load balancer in namespace ${namespace}`);
  },
});

export const networkNodePorts = resourceRule({
  name: "network-node-ports",
  description: "No Service opens a port on every node.",
  severity: "medium",
  reason: "the port is open past gateways on every address of every node",
  fix: "Make it a ClusterIP Service.",
  options: {
    namespaces: textList("Namespaces whose Services may: nodes pull images from the development registry.", [
      "registry",
    ]),
  },
  appliesTo: SERVICE,
  check: (resource, report, { namespaces }) => {
    const namespace = namespaceOf(resource);
    if (at(resource.props, "spec", "type") !== "NodePort" || namespace === undefined) return;
    if (!namespaces.includes(namespace)) report("the Service is a NodePort");
  },
});

export const networkNoExternalIps = resourceRule({
  name: "network-no-external-ips",
  description: "No Service claims external addresses.",
  severity: "high",
  reason: "it can take the traffic of any address, also of others' (CVE-2020-8554)",
  fix: "Remove spec.externalIPs.",
  appliesTo: SERVICE,
  check: ({ props }, report) => {
    if (items(at(props, "spec", "externalIPs")).length > 0) report("the Service has externalIPs");
  },
});

export const networkBalancerSources = resourceRule({
  name: "network-balancer-sources",
  description: "The load balancers that join clusters of the mesh name who may reach them.",
  severity: "high",
  reason: "the mesh's control and data are for its own clusters, not for the internet",
  fix: "Set spec.loadBalancerSourceRanges, or make the load balancer internal.",
  options: { namespaces: textList("Namespaces of such load balancers.", ["istio-east-west"]) },
  appliesTo: SERVICE,
  check: (resource, report, { namespaces }) => {
    const { props } = resource;
    if (at(props, "spec", "type") !== "LoadBalancer" || !namespaces.includes(namespaceOf(resource) ?? "")) return;
    // A fixed address of the nodes' own network is nobody else's to reach.
    if (text(at(props, "spec", "loadBalancerClass"))?.startsWith("io.cilium/")) return;
    const ranges = at(props, "spec", "loadBalancerSourceRanges");
    const everyone = items(ranges).some((range) => range === "0.0.0.0/0" || range === "::/0");
    if (isMissing(ranges) || everyone) report("everybody may reach the load balancer");
  },
});

const WORLD = ["all", "world", "world-ipv4", "world-ipv6"];
const ANYWHERE = ["0.0.0.0/0", "::/0"];

export const networkNotFromTheWorld = resourceRule({
  name: "network-not-from-the-world",
  description: "No network policy lets the world in, but in the namespaces of gateways.",
  severity: "high",
  reason: "what comes from outside comes through a gateway",
  fix: "Let in the gateway's identity (fromEndpoints), not an entity or range that is everybody.",
  options: { namespaces: textList("Namespaces of gateways.", ["envoy-gateway-system", "istio-east-west"]) },
  appliesTo: anyOf(POLICIES, kinds("networking.k8s.io", "NetworkPolicy")),
  check: (resource, report, { namespaces }) => {
    const clusterwide = resource.type.includes("Clusterwide");
    const namespace = namespaceOf(resource);
    if (!clusterwide && (namespace === undefined || namespaces.includes(namespace))) return;
    for (const rule of items(at(resource.props, "spec", "ingress")))
      if (isOpenToWorld(rule)) report("the policy lets the world in");
  },
});

function isOpenToWorld(rule: unknown): boolean {
  const cidrs = [...items(at(rule, "fromCIDR")), ...items(at(rule, "fromCIDRSet")).map((set) => at(set, "cidr"))];
  const blocks = items(at(rule, "from")).map((peer) => at(peer, "ipBlock", "cidr"));
  return (
    items(at(rule, "fromEntities")).some((entity) => WORLD.includes(text(entity) ?? "")) ||
    [...cidrs, ...blocks].some((cidr) => ANYWHERE.includes(text(cidr) ?? ""))
  );
}

export const networkPoliciesSelect = resourceRule({
  name: "network-policies-select",
  description: "Every rule of a network policy says who the other side is.",
  severity: "medium",
  reason: "a rule of ports alone allows everybody, which is seldom what was meant",
  fix: "Name the peers: fromEndpoints, toEndpoints, toFQDNs, and so on.",
  appliesTo: kinds("cilium.io", "CiliumNetworkPolicy"),
  check: ({ props }, report) => {
    for (const direction of ["ingress", "egress"] as const) {
      // An empty rule allows nothing, and closes what no other rule opens.
      const rules = items(at(props, "spec", direction)).filter(
        (rule) => isFields(rule) && Object.keys(rule).length > 0,
      );
      const open = rules.filter(
        (rule) => !Object.keys(isFields(rule) ? rule : {}).some((key) => PEERS[direction].test(key)),
      );
      if (open.length > 0) report(`a rule of ${direction} names no peer`);
    }
  },
});

/** Keys of a rule that say who the other side is, or that it is only pings. */
const PEERS = { ingress: /^from|^icmps$/, egress: /^to(?!Ports$)|^icmps$/ } as const;

export const networkIngressTls = resourceRule({
  name: "network-ingress-tls",
  description: "An Ingress serves every host by TLS.",
  severity: "high",
  reason: "without TLS passwords and sessions can be read on the way",
  fix: "List every host in spec.tls, or use an HTTPRoute of the gateway.",
  appliesTo: kinds("networking.k8s.io", "Ingress"),
  check: ({ props }, report) => {
    const tls = at(props, "spec", "tls");
    if (isOpen(tls)) return;
    const hosts = new Set(items(tls).flatMap((entry) => items(at(entry, "hosts"))));
    const open = items(tls).some((entry) => isOpen(at(entry, "hosts")) || entry === UNKNOWN);
    const plain = items(at(props, "spec", "rules"))
      .map((rule) => at(rule, "host"))
      .filter((host) => host !== UNKNOWN && !hosts.has(host));
    if (!open && (isMissing(tls) || plain.length > 0)) report("a host of the Ingress has no TLS");
  },
});

import { type Case, object } from "./case";

const SERVICE = object("core/v1:Service", { spec: { type: "ClusterIP", ports: [{ port: 80 }] } });
const BALANCER = object(
  "core/v1:Service",
  { spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/9"], ports: [{ port: 15008 }] } },
  { namespace: "istio-east-west" },
);
/** Nodes pull images from it. */
const REGISTRY = {
  ...object("core/v1:Service", { spec: { type: "NodePort", ports: [{ port: 5000 }] } }, { namespace: "registry" }),
  name: "registry",
};
const POLICY = object("cilium.io/v2:CiliumNetworkPolicy", {
  spec: {
    endpointSelector: { matchLabels: { app: "it" } },
    ingress: [{}, { fromEndpoints: [{ matchLabels: { app: "gateway" } }], toPorts: [{ ports: [{ port: "80" }] }] }],
    egress: [{ toFQDNs: [{ matchName: "example.com" }], toPorts: [{ ports: [{ port: "443" }] }] }],
  },
});
const PLAIN_POLICY = {
  ...object("networking.k8s.io/v1:NetworkPolicy", {
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: "gateway" } } }] }] },
  }),
  name: "plain",
};
const INGRESS = object("networking.k8s.io/v1:Ingress", {
  spec: { rules: [{ host: "shop.test" }], tls: [{ hosts: ["shop.test"], secretName: "shop" }] },
});

export const NETWORK: readonly Case[] = [
  {
    rule: "network-load-balancers",
    good: [SERVICE, { ...BALANCER, name: "balancer" }],
    bad: [{ what: "a load balancer among applications", at: ["spec", "type"], is: "LoadBalancer" }],
  },
  {
    rule: "network-node-ports",
    good: [SERVICE, REGISTRY],
    bad: [{ what: "a port on every node", at: ["spec", "type"], is: "NodePort" }],
  },
  {
    rule: "network-no-external-ips",
    good: [SERVICE],
    bad: [{ what: "external addresses", at: ["spec", "externalIPs"], is: ["192.0.2.1"] }],
  },
  {
    rule: "network-balancer-sources",
    good: [BALANCER],
    bad: [
      { what: "no ranges", at: ["spec", "loadBalancerSourceRanges"] },
      { what: "everybody", at: ["spec", "loadBalancerSourceRanges"], is: ["10.0.0.0/9", "0.0.0.0/0"] },
    ],
  },
  {
    rule: "network-not-from-the-world",
    good: [POLICY, PLAIN_POLICY],
    bad: [
      { what: "the world", at: ["spec", "ingress", "1"], is: { fromEntities: ["world"] } },
      { what: "everybody", at: ["spec", "ingress", "1"], is: { fromEntities: ["all"] } },
      { what: "every address", at: ["spec", "ingress", "1"], is: { fromCIDR: ["0.0.0.0/0"] } },
      { what: "every address but some", at: ["spec", "ingress", "1"], is: { fromCIDRSet: [{ cidr: "::/0" }] } },
      {
        what: "every address by a policy of Kubernetes",
        of: "plain",
        at: ["spec", "ingress", "0", "from", "0"],
        is: { ipBlock: { cidr: "0.0.0.0/0" } },
      },
    ],
  },
  {
    rule: "network-policies-select",
    good: [POLICY],
    bad: [
      { what: "ports for everybody", at: ["spec", "ingress", "1"], is: { toPorts: [{ ports: [{ port: "80" }] }] } },
      { what: "ports to everybody", at: ["spec", "egress", "0"], is: { toPorts: [{ ports: [{ port: "80" }] }] } },
    ],
  },
  {
    rule: "network-ingress-tls",
    good: [INGRESS],
    bad: [
      { what: "no TLS", at: ["spec", "tls"] },
      { what: "a host without", at: ["spec", "rules", "0", "host"], is: "bank.test" },
    ],
  },
];

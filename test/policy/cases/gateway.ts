import { type Case, object } from "./case";

const NAMESPACE = "envoy-gateway-system";
const API = "gateway.networking.k8s.io/v1";
const GATEWAY = object(
  `${API}:Gateway`,
  {
    spec: {
      gatewayClassName: "envoy-gateway",
      listeners: [
        { name: "http", protocol: "HTTP", port: 80, allowedRoutes: { namespaces: { from: "Same" } } },
        {
          name: "https",
          protocol: "HTTPS",
          port: 443,
          tls: { mode: "Terminate", certificateRefs: [{ name: "certificate" }] },
        },
      ],
    },
  },
  { name: "gateway", namespace: NAMESPACE },
);
const REDIRECT = {
  ...object(
    `${API}:HTTPRoute`,
    {
      spec: {
        parentRefs: [{ name: "gateway", sectionName: "http" }],
        rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
      },
    },
    { namespace: NAMESPACE },
  ),
  name: "redirect",
};
const CLIENTS = {
  ...object(
    "gateway.envoyproxy.io/v1alpha1:ClientTrafficPolicy",
    {
      spec: { targetRefs: [{ kind: "Gateway", name: "gateway" }], tls: { minVersion: "1.2" } },
    },
    { namespace: NAMESPACE },
  ),
  name: "clients",
};
const good = [GATEWAY, REDIRECT, CLIENTS];
const ROUTE = object(`${API}:HTTPRoute`, {
  spec: { hostnames: ["shop.test"], parentRefs: [{ name: "gateway", namespace: "envoy-gateway-system" }] },
});
const WAYPOINT = object(`${API}:Gateway`, {
  spec: { gatewayClassName: "istio-waypoint", listeners: [{ name: "mesh", protocol: "HBONE", port: 15008 }] },
});

export const GATEWAYS: readonly Case[] = [
  {
    rule: "gateway-tls-listeners",
    good,
    bad: [
      { what: "HTTP on a port of its own", at: ["spec", "listeners", "0", "port"], is: 8080 },
      {
        what: "HTTP for everybody's routes",
        at: ["spec", "listeners", "0", "allowedRoutes"],
        is: { namespaces: { from: "All" } },
      },
      { what: "TCP", at: ["spec", "listeners", "1", "protocol"], is: "TCP" },
    ],
  },
  {
    rule: "gateway-certificates",
    good,
    bad: [
      { what: "no certificate", at: ["spec", "listeners", "1", "tls", "certificateRefs"] },
      { what: "TLS that goes through", at: ["spec", "listeners", "1", "tls", "mode"], is: "Passthrough" },
    ],
  },
  {
    rule: "gateway-tls-version",
    good,
    bad: [
      { what: "TLS 1.0", of: "clients", at: ["spec", "tls", "minVersion"], is: "1.0" },
      { what: "nothing about versions", of: "clients", at: ["spec", "tls"] },
    ],
  },
  {
    rule: "gateway-routes-host",
    good: [ROUTE],
    bad: [
      { what: "no hosts", at: ["spec", "hostnames"] },
      { what: "every host", at: ["spec", "hostnames"], is: ["*"] },
    ],
  },
  {
    rule: "gateway-redirects",
    good,
    bad: [
      { what: "no route", of: "redirect", blamed: "main" },
      {
        what: "a redirect to HTTP",
        of: "redirect",
        at: ["spec", "rules", "0", "filters", "0", "requestRedirect", "scheme"],
        is: "http",
        blamed: "main",
      },
      {
        what: "a route of another gateway",
        of: "redirect",
        at: ["spec", "parentRefs", "0", "name"],
        is: "x",
        blamed: "main",
      },
    ],
  },
  {
    rule: "gateway-client-policy",
    good,
    bad: [
      { what: "no policy", of: "clients", blamed: "main" },
      {
        what: "one of another gateway",
        of: "clients",
        at: ["spec", "targetRefs", "0", "name"],
        is: "x",
        blamed: "main",
      },
    ],
  },
  {
    rule: "mesh-waypoint-hbone",
    good: [WAYPOINT],
    bad: [{ what: "a waypoint by HTTP", at: ["spec", "listeners", "0", "protocol"], is: "HTTP" }],
  },
];

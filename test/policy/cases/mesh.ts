import pins from "../../../components/addons/charts.json";
import { type Case, object, release } from "./case";

const SECURITY = "security.istio.io/v1";
const ISTIOD = release(pins.istiod, { meshConfig: { accessLogEncoding: "JSON" } });
const STRICT = {
  ...object(`${SECURITY}:PeerAuthentication`, { spec: { mtls: { mode: "STRICT" } } }, { namespace: "istio-system" }),
  name: "strict",
};
const DENY = {
  ...object(`${SECURITY}:AuthorizationPolicy`, { spec: {} }, { namespace: "istio-system" }),
  name: "deny",
};
const CILIUM = {
  ...release(pins.cilium, { encryption: { enabled: true }, kubeProxyReplacement: "true" }),
  name: "cilium",
};
/** A cluster with its mesh. */
export const MESH_GOOD = [ISTIOD, STRICT, DENY, CILIUM];

const PEER = object(`${SECURITY}:PeerAuthentication`, {
  spec: {
    selector: { matchLabels: { app: "it" } },
    mtls: { mode: "STRICT" },
    portLevelMtls: { 9090: { mode: "PERMISSIVE" } },
  },
});
const ALLOW = object(`${SECURITY}:AuthorizationPolicy`, {
  spec: { action: "ALLOW", rules: [{ from: [{ source: { principals: ["cluster.local/ns/a/sa/b"] } }] }] },
});
const DESTINATION = object("networking.istio.io/v1:DestinationRule", {
  spec: {
    host: "it",
    trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" }, portLevelSettings: [{ port: { number: 80 } }] },
    subsets: [{ name: "v1", trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } }],
  },
});

export const MESH: readonly Case[] = [
  {
    rule: "mesh-strict",
    good: [PEER],
    bad: [
      { what: "permissive", at: ["spec", "mtls", "mode"], is: "PERMISSIVE" },
      { what: "off", at: ["spec", "mtls", "mode"], is: "DISABLE" },
      { what: "off on a port", at: ["spec", "portLevelMtls", "9090", "mode"], is: "DISABLE" },
    ],
  },
  {
    rule: "mesh-no-allow-all",
    good: [ALLOW],
    bad: [
      { what: "a rule of nothing", at: ["spec", "rules", "0"], is: {} },
      { what: "the same without an action", at: ["spec"], is: { rules: [{}] } },
    ],
  },
  {
    rule: "mesh-no-plain-destinations",
    good: [DESTINATION],
    bad: [
      { what: "no TLS", at: ["spec", "trafficPolicy", "tls", "mode"], is: "DISABLE" },
      { what: "none for a subset", at: ["spec", "subsets", "0", "trafficPolicy", "tls", "mode"], is: "DISABLE" },
      {
        what: "none for a port",
        at: ["spec", "trafficPolicy", "portLevelSettings", "0", "tls"],
        is: { mode: "DISABLE" },
      },
    ],
  },
  {
    rule: "mesh-strict-everywhere",
    good: MESH_GOOD,
    bad: [
      { what: "no policy", of: "strict", blamed: "main" },
      { what: "a permissive one", of: "strict", at: ["spec", "mtls", "mode"], is: "PERMISSIVE", blamed: "main" },
      {
        what: "one for some pods",
        of: "strict",
        at: ["spec", "selector"],
        is: { matchLabels: { a: "b" } },
        blamed: "main",
      },
      { what: "one of another namespace", of: "strict", at: ["metadata", "namespace"], is: "other", blamed: "main" },
    ],
  },
  {
    rule: "mesh-default-deny",
    good: MESH_GOOD,
    bad: [
      { what: "no policy", of: "deny", blamed: "main" },
      { what: "one that allows something", of: "deny", at: ["spec", "rules"], is: [{ to: [{}] }], blamed: "main" },
      { what: "one of another namespace", of: "deny", at: ["metadata", "namespace"], is: "other", blamed: "main" },
    ],
  },
  { rule: "stack-cilium-everywhere", good: MESH_GOOD, bad: [{ what: "no Cilium", of: "cilium", blamed: "main" }] },
];

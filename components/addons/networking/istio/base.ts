import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { Kind } from "../../gate";
import { ISTIO, ISTIO_SYSTEM } from "./names";
import type { IstioConfig } from "./settings";

/** Every kind of Istio's API. */
const KINDS: readonly (readonly [kind: string, plural: string, group: string, version: string])[] = [
  ["AuthorizationPolicy", "authorizationpolicies", "security", "v1"],
  ["PeerAuthentication", "peerauthentications", "security", "v1"],
  ["RequestAuthentication", "requestauthentications", "security", "v1"],
  ["Telemetry", "telemetries", "telemetry", "v1"],
  ["DestinationRule", "destinationrules", "networking", "v1"],
  ["Gateway", "gateways", "networking", "v1"],
  ["ServiceEntry", "serviceentries", "networking", "v1"],
  ["Sidecar", "sidecars", "networking", "v1"],
  ["VirtualService", "virtualservices", "networking", "v1"],
  ["WorkloadEntry", "workloadentries", "networking", "v1"],
  ["WorkloadGroup", "workloadgroups", "networking", "v1"],
  ["EnvoyFilter", "envoyfilters", "networking", "v1alpha3"],
  ["ProxyConfig", "proxyconfigs", "networking", "v1beta1"],
  ["WasmPlugin", "wasmplugins", "extensions", "v1alpha1"],
  ["TrafficExtension", "trafficextensions", "extensions", "v1alpha1"],
];

/** Istio's kinds, and the account by which other clusters' control planes read this one. */
export const istioBase = defineAddon({
  name: "istio-base",
  key: ISTIO,
  title: "Istio: kinds",
  chart: PINS["istio-base"],
  namespace: ISTIO_SYSTEM,
  on: () => true,
  needs: [],
  kinds: KINDS.map(([kind, plural, group, version]): Kind => {
    return { group: `${group}.istio.io`, version, kind, plural, scope: "Namespaced", registeredBy: "release" };
  }),
  keepsKinds: () => "kept by Istio's chart, and every policy with them",
  values: (_target, _config: IstioConfig) => ({}),
});

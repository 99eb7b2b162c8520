import { z } from "zod";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { Kind } from "../gate";
import { chartObjects } from "../objects";

const KINDS: readonly (readonly [kind: string, plural: string, version: string, scope: Kind["scope"]])[] = [
  ["BackendTLSPolicy", "backendtlspolicies", "v1", "Namespaced"],
  ["GatewayClass", "gatewayclasses", "v1", "Cluster"],
  ["Gateway", "gateways", "v1", "Namespaced"],
  ["GRPCRoute", "grpcroutes", "v1", "Namespaced"],
  ["HTTPRoute", "httproutes", "v1", "Namespaced"],
  ["ListenerSet", "listenersets", "v1", "Namespaced"],
  ["ReferenceGrant", "referencegrants", "v1beta1", "Namespaced"],
  ["TLSRoute", "tlsroutes", "v1", "Namespaced"],
];

/**
 * The Gateway API's kinds (standard channel), with one owner: neither Cilium nor Istio nor Envoy Gateway installs them.
 * The chart is rendered and applied server-side, as its manifest is larger than the Secret of a Helm release may be.
 */
export const gatewayApi = defineAddon({
  name: "gateway-api-crds",
  key: "gatewayApi",
  title: "Gateway API kinds of the standard channel",
  chart: PINS["gateway-api-crds"],
  // Cluster-wide kinds only; the namespace is where the chart would put what is not.
  namespace: { name: "kube-system" },
  form: "objects",
  on: () => true,
  needs: [],
  kinds: KINDS.map(([kind, plural, version, scope]) => ({
    group: "gateway.networking.k8s.io",
    version,
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  config: (profile) =>
    z
      .strictObject({
        enabled: z.boolean().default(true).describe("Off where someone else installs the Gateway API."),
        keepKinds: z
          .boolean()
          .default(profile === "production")
          .describe("Keep the kinds, and with them every Gateway and route, when this is switched off or destroyed."),
      })
      .describe("Gateway API kinds."),
  keepsKinds: ({ keepKinds }) => (keepKinds ? "kept by gatewayApi.keepKinds, and every Gateway with it" : undefined),
  values: () => ({ crds: { gatewayAPI: { enabled: true, channel: "standard" }, envoyGateway: { enabled: false } } }),
  install: (args) => chartObjects(args, args.config.keepKinds),
});

import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { InstallArgs } from "../../contract";
import { chartObjects } from "../../objects";
import { ENVOY_GATEWAY } from "./names";
import type { EnvoyGatewayConfig } from "./settings";

const KINDS = [
  ["Backend", "backends"],
  ["BackendTrafficPolicy", "backendtrafficpolicies"],
  ["ClientTrafficPolicy", "clienttrafficpolicies"],
  ["EnvoyExtensionPolicy", "envoyextensionpolicies"],
  ["EnvoyPatchPolicy", "envoypatchpolicies"],
  ["EnvoyProxy", "envoyproxies"],
  ["HTTPRouteFilter", "httproutefilters"],
  ["SecurityPolicy", "securitypolicies"],
] as const;

/** Envoy Gateway's kinds, from the chart that also has those of the Gateway API, and of which only this part is taken. */
export const envoyGatewayKinds = defineAddon({
  name: "envoy-gateway-crds",
  key: ENVOY_GATEWAY,
  title: "Envoy Gateway: kinds",
  chart: PINS["envoy-gateway-crds"],
  release: "envoy-gateway-crds",
  // Cluster-wide kinds only; the namespace is where the chart would put what is not.
  namespace: { name: "kube-system" },
  form: "objects",
  on: servesPeople,
  needs: [],
  kinds: KINDS.map(([kind, plural]) => ({
    group: "gateway.envoyproxy.io",
    version: "v1alpha1",
    kind,
    plural,
    scope: "Namespaced" as const,
    registeredBy: "release" as const,
  })),
  keepsKinds: ({ keepKinds }: EnvoyGatewayConfig) =>
    keepKinds ? "kept by envoyGateway.keepKinds, and every policy with it" : undefined,
  values: (_target, _config: EnvoyGatewayConfig) => ({
    crds: { gatewayAPI: { enabled: false }, envoyGateway: { enabled: true } },
  }),
  install: (args: InstallArgs<EnvoyGatewayConfig>) => chartObjects(args, args.config.keepKinds),
});

/** Clusters that serve people or components: builds alone need no gateway. */
export function servesPeople({ planes }: { readonly planes: readonly string[] }): boolean {
  return planes.some((plane) => plane !== "workflow");
}

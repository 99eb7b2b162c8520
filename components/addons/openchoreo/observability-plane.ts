import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget } from "../contract";
import { route } from "../route";
import { oidcValues } from "./access";
import { agentValues, prepareAgent } from "./agent";
import { clientSecret } from "./clients";
import { OBSERVABILITY_KINDS } from "./kinds";
import { HOSTS, NAMESPACES, observerHost, planeAddon } from "./names";
import type { OpenchoreoConfig } from "./settings";

/** What the observer reads as its environment. */
const OBSERVER_SECRET = "observer-secret";

/** The observability plane's Helm values. Source: the chart's values.yaml. */
export function observabilityPlaneValues(target: AddonTarget, config: OpenchoreoConfig) {
  const { fleet, cluster, otherControl } = target;
  const domain = otherControl?.domain ?? fleet.domain;
  const { oidc } = config;
  return {
    gateway: { enabled: false },
    security: { enabled: oidc !== undefined, ...(oidc === undefined ? {} : { oidc: oidcValues(oidc) }) },
    observer: {
      controlPlaneApiUrl: cluster.planes.includes("control")
        ? `http://openchoreo-api.${NAMESPACES.control}.svc:8080`
        : `https://${HOSTS.api(domain)}`,
      secretName: OBSERVER_SECRET,
      cors: { allowedOrigins: [`https://${HOSTS.console(domain)}`] },
      extraEnvs: [{ name: "OBSERVER_BASE_URL", value: `https://${observerHost(fleet, cluster)}` }],
      ...(oidc === undefined ? {} : { oauthClientId: oidc.clients.observer }),
    },
    clusterAgent: agentValues(target, "observability", config),
  };
}

function prepare(scope: AddonScope<OpenchoreoConfig>): pulumi.Resource[] {
  const { name, namespace, config, opts } = scope;
  const observer = new kubernetes.core.v1.Secret(
    `${name}-observer`,
    {
      metadata: { name: OBSERVER_SECRET, namespace },
      stringData: { UID_RESOLVER_OAUTH_CLIENT_SECRET: clientSecret(scope, config.oidc, "observer") },
    },
    opts,
  );
  return [...prepareAgent(scope, "observability"), observer];
}

export const observabilityPlane = defineAddon({
  name: planeAddon("observability"),
  key: "openchoreo",
  title: "OpenChoreo's observability plane: what developers see of their logs, metrics and traces",
  chart: PINS["openchoreo-observability-plane"],
  // The chart fixes the observer's security context, and takes no seccomp profile for the agent.
  namespace: { name: NAMESPACES.observability, podSecurity: "baseline" },
  on: ({ planes }) => planes.includes("observability"),
  needs: ["cert-manager", "gateway-api-crds"],
  kinds: OBSERVABILITY_KINDS,
  keepsKinds: () => "in the chart's crds folder, which Helm leaves",
  values: observabilityPlaneValues,
  prepare,
  resources: (scope) => {
    return route(scope, {
      service: "observer",
      port: 8080,
      host: observerHost(scope.fleet, scope.cluster),
      timeout: "0s",
    });
  },
});

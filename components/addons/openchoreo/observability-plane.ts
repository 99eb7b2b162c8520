import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget, ClustersByName, SettingsByKey } from "../contract";
import { route } from "../route";
import type { CertManagerConfig } from "../security/cert-manager";
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

/**
 * Apart from the control plane the observer calls the API by its public name, and the chart mounts nothing of ours that it
 * could verify a root of a cluster's own by. Source: the chart, templates/observer/observer-deployment.yaml.
 */
export function observerProblems(
  { enabled }: OpenchoreoConfig,
  clusters: ClustersByName,
  { certManager }: SettingsByKey,
): Problem[] {
  const issuing = certManager as CertManagerConfig | undefined;
  if (!enabled || !issuing?.enabled || issuing.issuer.kind !== "self-signed") return [];
  const all = Object.entries(clusters).map(([name, { settings }]) => ({ name, planes: settings.planes }));
  const control = all.find(({ planes }) => planes.includes("control"));
  const apart = all.filter(({ planes }) => planes.includes("observability") && !planes.includes("control"));
  if (control === undefined || apart.length === 0) return [];
  const message =
    `self-signed, but OpenChoreo's observer on ${apart.map(({ name }) => name).join(" and ")} calls the API on ` +
    `${control.name} by TLS, and its chart takes no roots to verify that by; give kind: acme, put the observability ` +
    `plane on ${control.name}, or switch openchoreo off`;
  return [{ path: "platform.certManager.issuer", message }];
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
  problems: observerProblems,
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

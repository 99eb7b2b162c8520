import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget } from "../contract";
import { route } from "../route";
import { oidcValues, roleMappings } from "./access";
import { CLIENTS_WITH_SECRETS, clientSecret } from "./clients";
import { clusterGatewayServices, clusterGatewayValues, prepareClusterGateway, rootsSecret } from "./cluster-gateway";
import { CONTROL_KINDS } from "./kinds";
import { HOSTS, NAMESPACES, planeAddon } from "./names";
import { type OpenchoreoConfig, openchoreoSettings } from "./settings";

/** What the console's pod reads, by the keys that the chart asks for. */
const CONSOLE_SECRET = "backstage-secrets";

/** Passes Pod Security "baseline", which the chart's AppArmor profile "Unconfined" does not. */
const CONFINED = { appArmorProfile: { type: "RuntimeDefault" } };

/** The control plane's Helm values. Source: the chart's values.yaml. */
export function controlPlaneValues(target: AddonTarget, config: OpenchoreoConfig) {
  const { domain, profile } = target.fleet;
  const { replicas, console: portal } = config;
  const callers = { clusterGateway: { tls: { caSecret: rootsSecret(target) } } };
  const spread = { replicas, podDisruptionBudget: { enabled: replicas > 1 } };
  return {
    // The platform has one gateway; routes to it are made here.
    gateway: { enabled: false },
    security: securityValues(config),
    controllerManager: {
      ...spread,
      ...callers,
      image: { pullPolicy: "IfNotPresent" },
      containerSecurityContext: CONFINED,
    },
    openchoreoApi: {
      ...spread,
      ...callers,
      containerSecurityContext: CONFINED,
      config: {
        server: { publicUrl: `https://${HOSTS.api(domain)}` },
        ...(config.oidc === undefined
          ? {}
          : { security: { authorization: { bootstrap: { mappings: roleMappings(config.oidc) } } } }),
      },
    },
    backstage: {
      baseUrl: `https://${HOSTS.console(domain)}`,
      secretName: CONSOLE_SECRET,
      containerSecurityContext: CONFINED,
      ...(config.oidc === undefined ? {} : { auth: { clientId: config.oidc.clients.console } }),
      // What is in it can be read anew from OpenChoreo; what users set is lost with it.
      database: {
        type: "sqlite",
        sqlite: { persistence: { enabled: profile === "production", size: portal.storage } },
      },
    },
    clusterGateway: clusterGatewayValues(target),
  };
}

/** Without a provider of identities there is nobody to ask who somebody is. */
function securityValues({ oidc }: OpenchoreoConfig) {
  if (oidc === undefined) return { enabled: false, authz: { enabled: false } };
  const { authorizationUrl, audience } = oidc;
  return {
    enabled: true,
    authz: { enabled: true },
    oidc: { ...oidcValues(oidc), authorizationUrl },
    ...(audience === undefined ? {} : { jwt: { audience } }),
  };
}

function prepare(scope: AddonScope<OpenchoreoConfig>): pulumi.Resource[] {
  const { name, namespace, trust, config, opts } = scope;
  const console = new kubernetes.core.v1.Secret(
    `${name}-console`,
    {
      metadata: { name: CONSOLE_SECRET, namespace },
      stringData: {
        "backend-secret": trust.password("openchoreo-console").value,
        "client-secret": clientSecret(scope, config.oidc, "console"),
        // The chart asks for it also where there is no Jenkins.
        "jenkins-api-key": "none",
      },
    },
    opts,
  );
  return [...prepareClusterGateway(scope), console];
}

function resources(scope: AddonScope<OpenchoreoConfig>): pulumi.Resource[] {
  const { domain } = scope.fleet;
  return [
    ...clusterGatewayServices(scope),
    ...route(scope, { service: "backstage", port: 7007, host: HOSTS.console(domain), timeout: "450s" }),
    // Sessions of MCP clients are streams that last.
    ...route(scope, { service: "openchoreo-api", port: 8080, host: HOSTS.api(domain), timeout: "0s" }),
  ];
}

export const controlPlane = defineAddon({
  name: planeAddon("control"),
  key: "openchoreo",
  title: "OpenChoreo's control plane: API, controllers, console and cluster gateway",
  chart: PINS["openchoreo-control-plane"],
  // The chart's schema takes no seccomp profile for the event forwarder.
  namespace: { name: NAMESPACES.control, podSecurity: "baseline" },
  on: ({ planes }) => planes.includes("control"),
  needs: ["cert-manager", "gateway-api-crds"],
  kinds: CONTROL_KINDS,
  keepsKinds: () => "in the chart's crds folder, which Helm leaves; with them go all projects and components",
  config: openchoreoSettings,
  secrets: ({ oidc }) => (oidc === undefined ? {} : { [oidc.secret]: CLIENTS_WITH_SECRETS }),
  values: controlPlaneValues,
  prepare,
  resources,
});

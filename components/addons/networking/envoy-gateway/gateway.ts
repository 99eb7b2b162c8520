import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type AddonScope, isOn } from "../../contract";
import { ISSUER } from "../../security/cert-manager";
import { fixedAddress } from "../fixed-address";
import { CONTROLLER, GATEWAY, GATEWAY_CLASS, gatewayNames, PLAIN_LISTENER, TLS_SECRET } from "./names";
import { backendPolicy, clientPolicy } from "./policies";
import { GATEWAY_SERVICE, gatewayProxies, proxyDefaults } from "./proxies";
import type { EnvoyGatewayConfig } from "./settings";

const GATEWAY_API = "gateway.networking.k8s.io/v1";
const ENVOY_API = "gateway.envoyproxy.io/v1alpha1";

/** Name of the configuration that all Gateways of the class have in common. */
const PROXIES = "choreo-proxies";

/**
 * The platform's gateway. Each object comes after those that it names, so that a destroy takes the Gateway, and with it the
 * load balancer, while its controller still runs.
 */
export function gatewayObjects(scope: AddonScope<EnvoyGatewayConfig>): pulumi.Resource[] {
  const { name: prefix, namespace, config, opts } = scope;
  const make = (why: string, apiVersion: string, kind: string, name: string, spec: object, after?: pulumi.Resource[]) =>
    new kubernetes.apiextensions.CustomResource(
      `${prefix}-${why}`,
      { apiVersion, kind, metadata: kind === "GatewayClass" ? { name } : { name, namespace }, spec },
      after === undefined ? opts : { ...opts, dependsOn: after },
    );
  const defaults = make("proxies", ENVOY_API, "EnvoyProxy", PROXIES, proxyDefaults(scope, config));
  const gatewayClass = make("class", GATEWAY_API, "GatewayClass", GATEWAY_CLASS, classSpec(namespace), [defaults]);
  const own = make("gateway-proxies", ENVOY_API, "EnvoyProxy", GATEWAY.name, gatewayProxies(scope));
  const certificate = make("certificate", "cert-manager.io/v1", "Certificate", TLS_SECRET, certificateSpec(scope));
  const before = [gatewayClass, own, certificate, ...address(scope)];
  const gateway = make("gateway", GATEWAY_API, "Gateway", GATEWAY.name, gatewaySpec(), before);
  return [
    ...before,
    defaults,
    gateway,
    make("redirect", GATEWAY_API, "HTTPRoute", `${GATEWAY.name}-redirect`, redirectSpec(), [gateway]),
    make("clients", ENVOY_API, "ClientTrafficPolicy", GATEWAY.name, clientPolicy(scope, config), [gateway]),
    make("backends", ENVOY_API, "BackendTrafficPolicy", GATEWAY.name, backendPolicy(config), [gateway]),
  ];
}

function address(scope: AddonScope<EnvoyGatewayConfig>): pulumi.Resource[] {
  const { gateway } = scope.cluster.addresses;
  if (gateway === undefined || !isOn(scope, "cilium")) return [];
  const args = { physical: "choreo-gateway-address", address: gateway, service: GATEWAY_SERVICE };
  return fixedAddress(`${scope.name}-gateway`, args, scope.opts);
}

function classSpec(namespace: string) {
  const parametersRef = { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: PROXIES, namespace };
  return { controllerName: CONTROLLER, description: "The platform's gateways", parametersRef };
}

function certificateSpec({ fleet, cluster }: AddonScope<EnvoyGatewayConfig>) {
  return {
    secretName: TLS_SECRET,
    dnsNames: gatewayNames(fleet, cluster),
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { name: ISSUER, kind: "ClusterIssuer", group: "cert-manager.io" },
  };
}

/** As the source document has it, but for who may attach routes: in plain HTTP nobody but the redirect. */
function gatewaySpec() {
  const from = (namespaces: "All" | "Same") => ({ namespaces: { from: namespaces } });
  return {
    gatewayClassName: GATEWAY_CLASS,
    infrastructure: { parametersRef: { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: GATEWAY.name } },
    listeners: [
      { name: PLAIN_LISTENER, port: 80, protocol: "HTTP", allowedRoutes: from("Same") },
      {
        name: GATEWAY.listener,
        port: 443,
        protocol: "HTTPS",
        tls: { mode: "Terminate", certificateRefs: [{ name: TLS_SECRET }] },
        allowedRoutes: from("All"),
      },
    ],
  };
}

function redirectSpec() {
  return {
    parentRefs: [{ name: GATEWAY.name, sectionName: PLAIN_LISTENER }],
    rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
  };
}

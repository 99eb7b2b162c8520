import { GATEWAY } from "../../addons";
import { cel, inCell, type ResourceTemplate, unlessPlaced } from "./cel";
import { FROM_GATEWAY, FROM_PROMETHEUS, GATEWAY_PRINCIPAL } from "./edges";

/** Whether it serves somebody, or says how it is. */
const HAS_METRICS = "parameters.metrics.port > 0";
const HAS_SERVICE = `size(workload.endpoints) > 0 || ${HAS_METRICS}`;

/** Endpoints that the gateway leads to. */
const OUTSIDE = '"external" in one.visibility && one.type in ["HTTP", "GraphQL", "Websocket", "gRPC"]';
const IS_OUTSIDE = `workload.endpoints.exists(name, one, ${OUTSIDE})`;

const service: ResourceTemplate = {
  id: "service",
  includeWhen: cel(HAS_SERVICE),
  template: {
    apiVersion: "v1",
    kind: "Service",
    metadata: inCell(cel("metadata.componentName"), {
      // The platform's ServiceMonitor asks every Service with the label, on the port "metrics".
      labels: cel(
        `oc_merge(oc_merge(metadata.labels, ${HAS_METRICS} ? {"choreo.dev/monitoring": "enabled"} : {"choreo.dev/monitoring": "disabled"}), parameters.global ? {"istio.io/global": "true"} : {})`,
      ),
    }),
    spec: {
      type: "ClusterIP",
      selector: cel("metadata.podSelectors"),
      ports: cel(
        `dyn(workload.toServicePorts()) + (${HAS_METRICS} ? [{"name": "metrics", "port": parameters.metrics.port, "targetPort": parameters.metrics.port, "protocol": "TCP"}] : [])`,
      ),
    },
  },
};

/** Prometheus is outside the mesh: this one port also takes what comes without the mesh's encryption. */
const scraped: readonly ResourceTemplate[] = [
  {
    id: "scraped-port",
    includeWhen: cel(HAS_METRICS),
    template: {
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: inCell(cel("metadata.componentName")),
      spec: {
        selector: { matchLabels: cel("metadata.podSelectors") },
        mtls: { mode: "STRICT" },
        portLevelMtls: { [cel("string(parameters.metrics.port)")]: { mode: "PERMISSIVE" } },
      },
    },
  },
  {
    id: "scrape-network",
    includeWhen: cel(HAS_METRICS),
    template: {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: inCell(cel('oc_generate_name(metadata.componentName, "metrics")')),
      spec: FROM_PROMETHEUS,
    },
  },
  {
    id: "scrape-authorization",
    includeWhen: cel(HAS_METRICS),
    template: {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: inCell(cel('oc_generate_name(metadata.componentName, "metrics")')),
      spec: {
        selector: { matchLabels: cel("metadata.podSelectors") },
        action: "ALLOW",
        rules: [{ to: [{ operation: { ports: [cel("string(parameters.metrics.port)")] } }] }],
      },
    },
  },
];

/** The Service, and the edges of what watches it: of every component that runs all the time. */
export const NETWORK: readonly ResourceTemplate[] = [service, ...scraped.map(unlessPlaced)];

const PORTS = "workload.endpoints.transformList(name, one, string(one.port))";
const OUTSIDE_PORTS = `workload.endpoints.transformList(name, one, ${OUTSIDE}, string(one.port))`;
const CALLERS = "metadata.environmentName in parameters.callers ? parameters.callers[metadata.environmentName] : []";

const authorization: ResourceTemplate = {
  id: "authorization",
  includeWhen: cel("size(workload.endpoints) > 0"),
  template: {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: inCell(cel("metadata.componentName")),
    spec: {
      selector: { matchLabels: cel("metadata.podSelectors") },
      action: "ALLOW",
      rules: [
        {
          from: [
            { source: { principals: cel(`["cluster.local/ns/" + metadata.namespace + "/sa/*"] + (${CALLERS})`) } },
          ],
          to: [{ operation: { ports: cel(PORTS) } }],
        },
      ],
    },
  },
};

/** The gateway's edge: its identity in the mesh, and its pods in the network. */
const fromGateway: readonly ResourceTemplate[] = [
  {
    id: "gateway-authorization",
    includeWhen: cel(IS_OUTSIDE),
    template: {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: inCell(cel('oc_generate_name(metadata.componentName, "gateway")')),
      spec: {
        selector: { matchLabels: cel("metadata.podSelectors") },
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: [GATEWAY_PRINCIPAL] } }],
            to: [{ operation: { ports: cel(OUTSIDE_PORTS) } }],
          },
        ],
      },
    },
  },
  {
    id: "gateway-network",
    includeWhen: cel(IS_OUTSIDE),
    template: {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: inCell(cel('oc_generate_name(metadata.componentName, "gateway")')),
      spec: FROM_GATEWAY,
    },
  },
];

/** Host names of an endpoint: a generated one below the data plane's, and those of the component. */
const HOSTS =
  '[oc_dns_label(endpoint.key, metadata.componentName, metadata.environmentName, metadata.componentNamespace) + "." + gateway.ingress.external.https.host]' +
  " + (size(parameters.expose.environments) == 0 || metadata.environmentName in parameters.expose.environments ? parameters.expose.hosts : [])";

const FILTERS =
  '(parameters.expose.rewrite != "" ? [{"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": parameters.expose.rewrite}}}] : [])' +
  ' + (size(parameters.expose.headers) > 0 ? [{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": parameters.expose.headers.transformList(name, value, {"name": name, "value": value})}}] : [])';

const route: ResourceTemplate = {
  id: "route",
  forEach: cel(
    'workload.endpoints.transformMap(name, one, "external" in one.visibility && one.type in ["HTTP", "GraphQL", "Websocket"], one)',
  ),
  var: "endpoint",
  template: {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: inCell(cel("oc_generate_name(metadata.componentName, endpoint.key)"), {
      labels: cel(
        'oc_merge(metadata.labels, {"openchoreo.dev/endpoint-name": endpoint.key, "openchoreo.dev/endpoint-visibility": "external"})',
      ),
    }),
    spec: {
      parentRefs: [
        {
          name: cel("gateway.ingress.external.name"),
          namespace: cel("gateway.ingress.external.namespace"),
          sectionName: GATEWAY.listener,
        },
      ],
      hostnames: cel(HOSTS),
      rules: [
        {
          matches: cel('parameters.expose.paths.map(path, {"path": {"type": "PathPrefix", "value": path}})'),
          filters: cel(FILTERS),
          timeouts: cel('parameters.expose.timeout != "" ? {"request": parameters.expose.timeout} : oc_omit()'),
          backendRefs: [{ name: cel("metadata.componentName"), port: cel("endpoint.value.port") }],
        },
      ],
    },
  },
};

/** Who may call it, and how it is reached from outside. */
export const EXPOSURE: readonly ResourceTemplate[] = [authorization, ...fromGateway, route].map(unlessPlaced);

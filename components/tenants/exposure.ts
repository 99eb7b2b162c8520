import { GATEWAY, type Manifest } from "../addons";
import { recordAnnotations } from "../mesh";
import type { ExposureSettings } from "../settings";
import type { PlannedComponent } from "./plan";
import type { TenantSite } from "./site";

/** How a component is reached from outside: a route of the platform's gateway, and the gateway's policies of it. */

const ENVOY_API = "gateway.envoyproxy.io/v1alpha1";
const GATEWAY_API = "gateway.networking.k8s.io";

/** The route of a component, and its policies; nothing where it is not exposed, or the cluster has no gateway. */
export function exposureObjects(component: PlannedComponent, site: TenantSite): Manifest[] {
  const { host, settings } = component;
  const { expose, port } = settings;
  if (host === undefined || expose === undefined || port === undefined || !site.has("envoy-gateway")) return [];
  const { name, namespace } = component;
  const metadata = { name, namespace };
  const traffic = trafficSpec(expose);
  const security = securitySpec(expose);
  const target = { targetRefs: [{ group: GATEWAY_API, kind: "HTTPRoute", name }] };
  return [
    {
      apiVersion: `${GATEWAY_API}/v1`,
      kind: "HTTPRoute",
      metadata: { ...metadata, ...recordsOf(expose, site) },
      spec: routeSpec({ name, host, port }, expose),
    },
    ...(traffic === undefined
      ? []
      : // What it does not say is as the gateway's own policy has it.
        [policy("BackendTrafficPolicy", metadata, { ...target, mergeType: "StrategicMerge", ...traffic })]),
    ...(security === undefined ? [] : [policy("SecurityPolicy", metadata, { ...target, ...security })]),
  ];
}

function policy(kind: string, metadata: Manifest["metadata"], spec: object): Manifest {
  return { apiVersion: ENVOY_API, kind, metadata, spec };
}

/** How clients are spread over clusters: records of the host name, where somebody publishes them. */
function recordsOf({ spread }: ExposureSettings, { name, drained, records }: TenantSite) {
  if (records === undefined) return {};
  const choice =
    spread.by === "latency"
      ? ({ kind: "latency" } as const)
      : ({ kind: "weighted", weight: spread.weights[name] } as const);
  return { annotations: recordAnnotations({ name, drained, region: records.region }, choice, records.health) };
}

/** The HTTPRoute. A rewritten prefix is one rule's only match, so each path has a rule of its own. */
function routeSpec(
  { name, host, port }: { readonly name: string; readonly host: string; readonly port: number },
  { paths, rewrite, requestHeaders, responseHeaders, timeout }: ExposureSettings,
) {
  const filters = [
    ...(rewrite === undefined
      ? []
      : [{ type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: rewrite } } }]),
    ...headerFilter("requestHeaderModifier", requestHeaders),
    ...headerFilter("responseHeaderModifier", responseHeaders),
  ];
  return {
    parentRefs: [{ name: GATEWAY.name, namespace: GATEWAY.namespace, sectionName: GATEWAY.listener }],
    hostnames: [host],
    rules: paths.map((value) => ({
      matches: [{ path: { type: "PathPrefix", value } }],
      ...(filters.length === 0 ? {} : { filters }),
      ...(timeout === undefined ? {} : { timeouts: { request: timeout } }),
      backendRefs: [{ name, port }],
    })),
  };
}

function headerFilter(
  key: "requestHeaderModifier" | "responseHeaderModifier",
  { set, add, remove }: ExposureSettings["requestHeaders"],
): object[] {
  const list = (headers: Readonly<Record<string, string>>) =>
    Object.entries(headers).map(([name, value]) => ({ name, value }));
  const changes = {
    ...(Object.keys(set).length === 0 ? {} : { set: list(set) }),
    ...(Object.keys(add).length === 0 ? {} : { add: list(add) }),
    ...(remove.length === 0 ? {} : { remove: [...remove] }),
  };
  if (Object.keys(changes).length === 0) return [];
  return [
    { type: key === "requestHeaderModifier" ? "RequestHeaderModifier" : "ResponseHeaderModifier", [key]: changes },
  ];
}

/** Rate limits, retries and the circuit breaker; `undefined` where settings say nothing of them. */
function trafficSpec({ rateLimit, retries, circuitBreaker }: ExposureSettings): object | undefined {
  const { perClient, global } = rateLimit;
  const rules = [
    ...(perClient === undefined
      ? []
      : [{ clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }], limit: perClient }]),
    ...(global === undefined ? [] : [{ limit: global }]),
  ];
  const spec = {
    ...(rules.length === 0 ? {} : { rateLimit: { type: "Global", global: { rules } } }),
    ...(retries === undefined
      ? {}
      : {
          retry: {
            numRetries: retries.attempts,
            retryOn: { triggers: [...retries.on] },
            ...(retries.perTryTimeout === undefined ? {} : { perRetry: { timeout: retries.perTryTimeout } }),
          },
        }),
    ...(circuitBreaker === undefined
      ? {}
      : {
          circuitBreaker: {
            maxConnections: circuitBreaker.connections,
            maxPendingRequests: circuitBreaker.pending,
            maxParallelRequests: circuitBreaker.requests,
          },
        }),
  };
  return Object.keys(spec).length === 0 ? undefined : spec;
}

/** Tokens and calls across origins; `undefined` where settings say nothing of them. */
function securitySpec({ jwt, cors }: ExposureSettings): object | undefined {
  if (jwt === undefined && cors === undefined) return undefined;
  return {
    ...(cors === undefined
      ? {}
      : {
          cors: {
            allowOrigins: [...cors.origins],
            allowMethods: [...cors.methods],
            allowHeaders: [...cors.headers],
            ...(cors.exposeHeaders.length === 0 ? {} : { exposeHeaders: [...cors.exposeHeaders] }),
            allowCredentials: cors.credentials,
            ...(cors.maxAge === undefined ? {} : { maxAge: cors.maxAge }),
          },
        }),
    ...(jwt === undefined
      ? {}
      : {
          jwt: {
            providers: [
              {
                name: "tokens",
                issuer: jwt.issuer,
                ...(jwt.audiences.length === 0 ? {} : { audiences: [...jwt.audiences] }),
                remoteJWKS: { uri: jwt.jwks },
                ...(Object.keys(jwt.claimHeaders).length === 0
                  ? {}
                  : {
                      claimToHeaders: Object.entries(jwt.claimHeaders).map(([header, claim]) => ({ header, claim })),
                    }),
              },
            ],
          },
        }),
  };
}

import type { AddonTarget } from "../../contract";
import { GATEWAY } from "./names";
import type { EnvoyGatewayConfig } from "./settings";

const TARGET = [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: GATEWAY.name }];

/** Where health checks from outside ask whether a gateway works; the proxies answer it themselves. */
export const HEALTH_PATH = "/.well-known/choreo-gateway/health";

/** What clients may do: TLS from 1.2 on, HTTP/2, and no connection that is held without a use. */
export function clientPolicy({ connection: { cloud } }: AddonTarget, { trustedHops }: EnvoyGatewayConfig): object {
  return {
    targetRefs: TARGET,
    tls: { minVersion: "1.2", maxVersion: "1.3", alpnProtocols: ["h2", "http/1.1"] },
    timeout: { http: { requestReceivedTimeout: "300s", idleTimeout: "5m", streamIdleTimeout: "5m" } },
    tcpKeepalive: { probes: 3, idleTime: "60s", interval: "15s" },
    http2: { maxConcurrentStreams: 100 },
    connection: { bufferLimit: "32Ki" },
    path: { escapedSlashesAction: "UnescapeAndRedirect", disableMergeSlashes: false },
    headers: { requestID: "Generate" },
    healthCheck: { path: HEALTH_PATH },
    // The load balancer of a cluster on EKS tells the client's address so; other clusters' callers say nothing.
    ...(cloud === undefined ? {} : { proxyProtocol: { optional: true } }),
    ...(trustedHops === 0 ? {} : { clientIPDetection: { xForwardedFor: { numTrustedHops: trustedHops } } }),
  };
}

/** How routes that say nothing else are treated. A policy of a route takes this one's place, or is merged with it. */
export function backendPolicy({ rateLimit: { perClient } }: EnvoyGatewayConfig): object {
  return {
    targetRefs: TARGET,
    timeout: { tcp: { connectTimeout: "5s" }, http: { requestTimeout: "60s", connectionIdleTimeout: "5m" } },
    // Only what cannot have been done already is tried again.
    retry: {
      numRetries: 2,
      retryOn: { triggers: ["connect-failure", "refused-stream", "reset-before-request"] },
      perRetry: { backOff: { baseInterval: "50ms", maxInterval: "1s" } },
    },
    circuitBreaker: {
      maxConnections: 4096,
      maxPendingRequests: 1024,
      maxParallelRequests: 4096,
      maxParallelRetries: 64,
    },
    tcpKeepalive: { probes: 3, idleTime: "60s", interval: "15s" },
    ...(perClient === undefined ? {} : { rateLimit: { type: "Global", global: { rules: [limitOf(perClient)] } } }),
  };
}

type PerClient = NonNullable<EnvoyGatewayConfig["rateLimit"]["perClient"]>;

function limitOf({ requests, unit }: PerClient) {
  return {
    clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
    limit: { requests, unit },
  };
}

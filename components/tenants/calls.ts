import type { Manifest } from "../addons";
import type { PlannedComponent } from "./plan";

/**
 * What a waypoint does with calls to a component: timeouts, retries and the circuit breaker. Sources: Istio's reference,
 * VirtualService and DestinationRule; a rule of a Service takes the place of the mesh's own.
 */
export function callObjects({ name, namespace, settings }: PlannedComponent): Manifest[] {
  const { mesh, protocol } = settings;
  if (mesh === undefined || protocol === "tcp") return [];
  const host = `${name}.${namespace}.svc.cluster.local`;
  const { timeout, retries, circuitBreaker } = mesh;
  const metadata = { name, namespace };
  const asked = retries && {
    attempts: retries.attempts,
    retryOn: retries.on.join(","),
    ...(retries.perTryTimeout === undefined ? {} : { perTryTimeout: retries.perTryTimeout }),
  };
  const route = { route: [{ destination: { host } }], ...(timeout && { timeout }), ...(asked && { retries: asked }) };
  return [
    ...(timeout === undefined && retries === undefined
      ? []
      : [{ ...networking("VirtualService", metadata), spec: { hosts: [host], http: [route] } }]),
    ...(circuitBreaker === undefined
      ? []
      : [
          {
            ...networking("DestinationRule", metadata),
            spec: {
              host,
              trafficPolicy: {
                connectionPool: {
                  tcp: { maxConnections: circuitBreaker.connections, connectTimeout: "5s" },
                  http: {
                    http1MaxPendingRequests: circuitBreaker.pending,
                    http2MaxRequests: circuitBreaker.requests,
                  },
                },
                outlierDetection: OUTLIERS,
              },
            },
          },
        ]),
  ];
}

/** An endpoint that fails is left out for a while, never more than half of them; as the mesh's own rule has it. */
const OUTLIERS = { consecutive5xxErrors: 5, interval: "10s", baseEjectionTime: "30s", maxEjectionPercent: 50 };

function networking(kind: string, metadata: Manifest["metadata"]) {
  return { apiVersion: "networking.istio.io/v1", kind, metadata };
}

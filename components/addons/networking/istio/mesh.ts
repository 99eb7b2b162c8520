import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type AddonScope, type AddonTarget, isOn } from "../../contract";
import { OTLP } from "../../otlp";
import { ISTIO_SYSTEM } from "./names";
import { denyAll, type Manifest, strictMutualTls } from "./policies";
import type { IstioConfig } from "./settings";

/** Name that meshConfig and Telemetry know the collectors by. */
export const SPANS = "otel";

/** What holds for the whole mesh: Istio takes it from its own namespace. */
export function meshPolicies(scope: AddonScope<IstioConfig>): pulumi.Resource[] {
  const { name: prefix, namespace, config, opts } = scope;
  const make = (why: string, { apiVersion, kind, metadata, spec }: Manifest) =>
    new kubernetes.apiextensions.CustomResource(`${prefix}-${why}`, { apiVersion, kind, metadata, spec }, opts);
  return [
    make("mutual-tls", strictMutualTls(namespace)),
    make("default-deny", denyAll(namespace)),
    make("telemetry", telemetry(config, isTraced(scope))),
    make("traffic", traffic()),
  ];
}

/** Whether there is somebody who takes spans. */
export function isTraced(target: AddonTarget): boolean {
  return isOn(target, OTLP.addon);
}

const ACCESS_LOGS = {
  all: {},
  errors: { filter: { expression: "response.code >= 400 || response.code == 0" } },
  none: { disabled: true },
} as const;

/** Logs, metrics and spans of waypoints. ztunnel has no Telemetry: its logs and metrics follow from its values. */
function telemetry({ accessLogs, traceSampling }: IstioConfig, traced: boolean): Manifest {
  const tracing = [{ providers: [{ name: SPANS }], randomSamplingPercentage: traceSampling }];
  return {
    apiVersion: "telemetry.istio.io/v1",
    kind: "Telemetry",
    metadata: { name: "default", namespace: ISTIO_SYSTEM.name },
    spec: {
      accessLogging: [{ providers: [{ name: "envoy" }], ...ACCESS_LOGS[accessLogs] }],
      metrics: [{ providers: [{ name: "prometheus" }] }],
      ...(traced ? { tracing } : {}),
    },
  };
}

/**
 * How waypoints treat every Service that says nothing else: they give up on a connection soon, keep idle ones alive
 * through firewalls, and leave out an endpoint that fails, never more than half of them.
 */
function traffic(): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name: "default", namespace: ISTIO_SYSTEM.name },
    spec: {
      host: "*.svc.cluster.local",
      trafficPolicy: {
        connectionPool: { tcp: { connectTimeout: "5s", tcpKeepalive: { time: "300s", interval: "30s", probes: 3 } } },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: "10s",
          baseEjectionTime: "30s",
          maxEjectionPercent: 50,
        },
      },
    },
  };
}

import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { AGENT, hostOf, READ_ONLY_CONTAINER, TRACES_NAMESPACE } from "./names";

/** What tenants' pods refer to: `instrumentation.opentelemetry.io/inject-java: tracing/choreo`. */
export const INSTRUMENTATION = "choreo";

/** What an instrumentation's init container may take: it copies files, and counts against the tenant's quota. */
const COPY = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } };

/**
 * How pods are instrumented: in Java, Node.js, Python and .NET by files that an init container copies, which a restricted
 * namespace admits. Not in Go: the operator would add a privileged sidecar; see ebpf-instrumentation.ts.
 */
export function instrumentation(name: string, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResource(
    name,
    {
      apiVersion: "opentelemetry.io/v1alpha1",
      kind: "Instrumentation",
      metadata: { name: INSTRUMENTATION, namespace: TRACES_NAMESPACE },
      spec: {
        exporter: { endpoint: `http://${hostOf(AGENT.service)}:4318` },
        propagators: ["tracecontext", "baggage", "b3"],
        // Which traces are kept is decided when they are whole, by the gateway.
        sampler: { type: "parentbased_always_on" },
        resource: { addK8sUIDAttributes: true },
        defaults: { useLabelsForResourceAttributes: true },
        initContainerSecurityContext: {
          ...READ_ONLY_CONTAINER,
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        env: [
          { name: "OTEL_EXPORTER_OTLP_PROTOCOL", value: "http/protobuf" },
          // Metrics are made of spans, and logs are read from the containers.
          { name: "OTEL_METRICS_EXPORTER", value: "none" },
          { name: "OTEL_LOGS_EXPORTER", value: "none" },
        ],
        java: { resources: COPY },
        nodejs: { resourceRequirements: COPY },
        python: { resourceRequirements: COPY },
        dotnet: { resourceRequirements: COPY },
      },
    },
    opts,
  );
}

import type { Addon } from "../contract";
import { ebpfInstrumentation } from "./ebpf-instrumentation";
import { jaeger } from "./jaeger";
import { otelAgent } from "./otel-agent";
import { otelGateway } from "./otel-gateway";
import { otelOperator } from "./otel-operator";

/** Add-ons of this area, in the order of the documentation. */
export const TRACES: readonly Addon[] = [otelOperator, otelGateway, otelAgent, ebpfInstrumentation, jaeger];

import { GATEWAY, GATEWAY_IDENTITY, GATEWAY_PODS, METRICS, OTLP, principal, TENANT_LABELS } from "../../addons";
import { cel } from "./cel";

/** Port of the mesh's own protocol (HBONE): what pods of the mesh say to each other arrives there. */
const HBONE = [{ ports: [{ port: "15008", protocol: "TCP" }] }];

const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

/** Label of the tenant that a namespace or a pod belongs to. */
export const [TENANT_LABEL] = TENANT_LABELS;

/** Who the gateway is in the mesh. */
export const GATEWAY_PRINCIPAL = principal(GATEWAY_IDENTITY.namespace, GATEWAY_IDENTITY.serviceAccount);

/** Whoever calls somebody asks for a name first. */
export const TO_DNS = {
  toEndpoints: [{ matchLabels: { [NAMESPACE]: "kube-system", "k8s:k8s-app": "kube-dns" } }],
  toPorts: [
    {
      ports: [
        { port: "53", protocol: "UDP" },
        { port: "53", protocol: "TCP" },
      ],
    },
  ],
};

/**
 * What every pod of a project needs, and nothing else: an empty rule closes what no other rule opens. Inside the mesh a
 * network edge opens port 15008 only; which port of whom is reached is the AuthorizationPolicy's of the same edge.
 */
export const PROJECT_EDGES = {
  endpointSelector: {},
  ingress: [
    {},
    { fromEndpoints: [{}], toPorts: HBONE },
    // Other projects of the tenant in the same environment, whose callers the components name.
    { fromEndpoints: [sameTenant("metadata.projectNamespace")], toPorts: HBONE },
  ],
  egress: [
    TO_DNS,
    { toEndpoints: [{}], toPorts: HBONE },
    { toEndpoints: [sameTenant("metadata.projectNamespace")], toPorts: HBONE },
    // Spans go to the collector on the cluster.
    {
      toEndpoints: [{ matchLabels: { [NAMESPACE]: OTLP.namespace } }],
      toPorts: [
        {
          ports: [
            { port: "4317", protocol: "TCP" },
            { port: "4318", protocol: "TCP" },
          ],
        },
      ],
    },
  ],
};

function sameTenant(namespace: string) {
  return {
    matchLabels: {
      "openchoreo.dev/namespace": cel(namespace),
      "openchoreo.dev/environment": cel("metadata.environmentName"),
    },
    matchExpressions: [{ key: NAMESPACE, operator: "Exists" }],
  };
}

/** The gateway's edge to a component that is reached from outside. */
export const FROM_GATEWAY = {
  endpointSelector: { matchLabels: cel("metadata.podSelectors") },
  ingress: [{ fromEndpoints: [{ matchLabels: { [NAMESPACE]: GATEWAY.namespace, ...GATEWAY_PODS } }], toPorts: HBONE }],
};

/** Prometheus' edge to the port that says how a component is; it is outside the mesh, so the port itself is opened. */
export const FROM_PROMETHEUS = {
  endpointSelector: { matchLabels: cel("metadata.podSelectors") },
  ingress: [
    {
      fromEndpoints: [{ matchLabels: { [NAMESPACE]: METRICS.namespace, "k8s:app.kubernetes.io/name": "prometheus" } }],
      toPorts: [{ ports: [{ port: cel("string(parameters.metrics.port)"), protocol: "TCP" }] }],
    },
  ],
};

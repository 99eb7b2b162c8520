/** The label by which Istio tells what is in the ambient mesh, on namespaces and on pods. */
const MODE = "istio.io/dataplane-mode";

/** Labels of a tenant's namespace: all its pods are in the mesh, but those that say `none`. */
export const TENANT_IN_MESH: Readonly<Record<string, string>> = { [MODE]: "ambient" };

/** Labels and annotations of a gateway's pods: clients come in by TLS, and what they ask for goes on through the mesh. */
export const GATEWAY_IN_MESH = {
  labels: { [MODE]: "ambient" },
  annotations: { "ambient.istio.io/bypass-inbound-capture": "true" },
} as const;

/** Where the gateway's pods are. */
const GATEWAY_NAMESPACE = "envoy-gateway-system";

/** Namespaces of which no pod is ever in the mesh, whatever labels it has. */
export const NEVER_IN_MESH = ["kube-system", "istio-system"] as const;

interface Expression {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** A selector of labels, as Kubernetes has it. */
interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Expression[];
}

const NOT_OPTED_OUT: Selector = { matchExpressions: [{ key: MODE, operator: "NotIn", values: ["none"] }] };

/**
 * Who is in the mesh: this list, and nobody else. A namespace that serves an admission webhook is never in it: the API
 * server has no identity of the mesh, and its calls would be refused.
 */
export const ENROLMENT: readonly { readonly podSelector: Selector; readonly namespaceSelector: Selector }[] = [
  // The gateway's proxies, but not its controller, which serves a webhook in the same namespace.
  {
    podSelector: { matchLabels: { [MODE]: "ambient" } },
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": GATEWAY_NAMESPACE } },
  },
  // Namespaces that this program makes for tenants.
  { podSelector: NOT_OPTED_OUT, namespaceSelector: { matchLabels: TENANT_IN_MESH } },
  // Namespaces that OpenChoreo makes on data planes for a project's environment, which have its labels only.
  {
    podSelector: NOT_OPTED_OUT,
    namespaceSelector: {
      matchExpressions: [
        { key: "openchoreo.dev/project", operator: "Exists" },
        { key: "openchoreo.dev/environment", operator: "Exists" },
      ],
    },
  },
];

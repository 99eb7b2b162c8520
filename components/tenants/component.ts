import { GLOBAL_SERVICE, type Manifest, NOT_AWAITED } from "../addons";
import { callObjects } from "./calls";
import { externalSecret, plainVariables } from "./configuration";
import type { OwnEdges } from "./edges";
import { exposureObjects } from "./exposure";
import type { PlannedComponent } from "./plan";
import { COMPONENT_LABEL } from "./platform-ends";
import type { TenantSite } from "./site";

/** What a component has on each of its clusters beside its policies. */
export interface ComponentObjects {
  /** Variables in plain text. */
  readonly variables: Readonly<Record<string, string>>;
  readonly objects: readonly Manifest[];
}

/** What a component is told, how it is reached, and how calls to it are treated. Kinds that are not there are left out. */
export function componentObjects(component: PlannedComponent, edges: OwnEdges, site: TenantSite): ComponentObjects {
  const secret = site.has("external-secrets") ? externalSecret(component) : undefined;
  return {
    variables: plainVariables(component, edges),
    objects: [
      ...(secret === undefined ? [] : [secret]),
      ...exposureObjects(component, site),
      ...(site.has("istiod") ? callObjects(component) : []),
    ],
  };
}

/** Whether anybody calls a component, or asks it how it is. */
export function isNeeded({ settings }: PlannedComponent): boolean {
  return settings.port !== undefined || settings.monitoring.port !== undefined;
}

/**
 * The Service of a component, the same on every cluster: where it is on several, they are one. It also stands where
 * the component is only called from, and leads to the others.
 */
export function componentService({ name, namespace, settings }: PlannedComponent) {
  const { port, protocol, monitoring } = settings;
  const metrics = monitoring.port;
  return {
    metadata: {
      name,
      namespace,
      labels: {
        [COMPONENT_LABEL]: name,
        "choreo.dev/monitoring": metrics === undefined ? "disabled" : "enabled",
        ...GLOBAL_SERVICE,
      },
      // Its pods come later, or are on other clusters.
      annotations: NOT_AWAITED,
    },
    spec: {
      type: "ClusterIP",
      selector: { [COMPONENT_LABEL]: name },
      ports: [
        ...(port === undefined ? [] : [servicePort(protocol, port)]),
        ...(metrics === undefined ? [] : [{ name: "metrics", port: metrics, targetPort: metrics, protocol: "TCP" }]),
      ],
    },
  };
}

/** A port as a Service has it; by its protocol the mesh knows what is spoken there. */
function servicePort(protocol: PlannedComponent["settings"]["protocol"], port: number) {
  return { name: protocol, appProtocol: APP_PROTOCOLS[protocol], port, targetPort: port, protocol: "TCP" };
}

const APP_PROTOCOLS = { http: "http", grpc: "kubernetes.io/h2c", tcp: "tcp" } as const;

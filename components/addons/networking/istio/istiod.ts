import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonScope, AddonTarget } from "../../contract";
import { digest } from "../../digest";
import { OTLP, OTLP_HOST } from "../../otlp";
import { isTraced, meshPolicies, SPANS } from "./mesh";
import { monitoring } from "./monitoring";
import { ISTIO, ISTIO_SYSTEM, meshId, networkOf } from "./names";
import { type IstioConfig, istioConfig } from "./settings";

/**
 * istiod's Helm values. Sources: the chart's values.yaml; Istio's documentation, "Install ambient multi-primary on
 * different networks". `global.platform` stays unset: the chart knows no "eks".
 */
export function istiodValues(target: AddonTarget, config: IstioConfig) {
  const { cluster, fleet, trust } = target;
  const { min, max } = config.replicas;
  return {
    profile: "ambient",
    global: {
      meshID: meshId(fleet),
      network: networkOf(cluster),
      multiCluster: { clusterName: cluster.name },
      logAsJson: true,
      waypoint: {
        topologySpreadConstraints: spread({ matchExpressions: [MANAGED] }, ["gateway.networking.k8s.io/gateway-name"]),
      },
    },
    env: {
      // East-west gateways, and services of several clusters behind one name.
      AMBIENT_ENABLE_MULTI_NETWORK: "true",
      // Waypoints tell callers of other networks apart in their metrics.
      AMBIENT_ENABLE_BAGGAGE: "true",
    },
    autoscaleEnabled: max > min,
    autoscaleMin: min,
    autoscaleMax: max,
    replicaCount: min,
    // istiod reads the roots of its certificates at its start only.
    podAnnotations: { "openchoreo.dev/trust": trust.bundle.apply(digest) },
    topologySpreadConstraints: spread({ matchLabels: { app: "istiod" } }),
    resources: { requests: { cpu: "100m", memory: fleet.profile === "production" ? "2Gi" : "512Mi" } },
    seccompProfile: RUNTIME_DEFAULT,
    // Waypoints run in tenants' namespaces, which are restricted.
    gateways: { seccompProfile: RUNTIME_DEFAULT },
    gatewayClasses: { "istio-waypoint": proxies(config), "istio-east-west": proxies(config) },
    meshConfig: { accessLogEncoding: "JSON", ...(isTraced(target) ? { extensionProviders: [spanProvider()] } : {}) },
  };
}

const RUNTIME_DEFAULT = { type: "RuntimeDefault" };

/** Label that istiod gives the pods of every gateway that it makes. */
const MANAGED = { key: "gateway.istio.io/managed", operator: "Exists" };

/** Over zones as far as there are any: a zone that is full must not keep a proxy from starting. */
function spread(labelSelector: object, matchLabelKeys?: readonly string[]) {
  const constraint = { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" };
  return [{ ...constraint, labelSelector, ...(matchLabelKeys === undefined ? {} : { matchLabelKeys }) }];
}

/** What istiod adds to the objects that it makes of each Gateway of a class. */
function proxies({ proxyReplicas: { min, max } }: IstioConfig) {
  const disruption = min > 1 ? { podDisruptionBudget: { spec: { minAvailable: 1 } } } : {};
  if (max === min) return { deployment: { spec: { replicas: min } }, ...disruption };
  return { horizontalPodAutoscaler: { spec: { minReplicas: min, maxReplicas: max } }, ...disruption };
}

function spanProvider() {
  return { name: SPANS, opentelemetry: { service: OTLP_HOST, port: OTLP.port } };
}

/** What istiod signs workloads' certificates with: the cluster's own intermediate, below the mesh's one root. */
function certificateAuthority({ name, namespace, trust, opts }: AddonScope<IstioConfig>): pulumi.Resource[] {
  const { certificate, chain, key } = trust.authority("istio");
  const secret = new kubernetes.core.v1.Secret(
    `${name}-cacerts`,
    {
      metadata: { name: "cacerts", namespace },
      stringData: {
        "ca-cert.pem": certificate,
        "ca-key.pem": key,
        "cert-chain.pem": chain,
        "root-cert.pem": trust.bundle,
      },
    },
    opts,
  );
  return [secret];
}

/** Istio's control plane, and what holds for the whole mesh. */
export const istiod = defineAddon({
  name: "istiod",
  key: ISTIO,
  title: "Istio: control plane, and the mesh's policies",
  chart: PINS.istiod,
  namespace: ISTIO_SYSTEM,
  on: () => true,
  needs: ["cilium", "istio-base", "gateway-api-crds"],
  requires: ({ replicas: { min, max } }) =>
    max > min ? [{ oneOf: ["metrics-server"], why: "to follow the load with its replicas" }] : [],
  kinds: [],
  config: istioConfig,
  values: istiodValues,
  monitoring,
  prepare: certificateAuthority,
  resources: meshPolicies,
});

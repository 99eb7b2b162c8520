import { z } from "zod";
import type { CloudIdentity } from "../../clusters";
import type { Profile } from "../../settings";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import type { Kind } from "../gate";
import type { Monitoring } from "../monitoring";
import { spreadOverZones } from "../spread";
import { loadBalancerPolicy } from "./load-balancer-policy";

const NAMESPACE = "kube-system";
const NAME = "aws-load-balancer-controller";

const KINDS: readonly (readonly [
  kind: string,
  plural: string,
  group: string,
  version: string,
  scope: Kind["scope"],
])[] = [
  ["TargetGroupBinding", "targetgroupbindings", "elbv2.k8s.aws", "v1beta1", "Namespaced"],
  ["IngressClassParams", "ingressclassparams", "elbv2.k8s.aws", "v1beta1", "Cluster"],
  ["ALBTargetControlConfig", "albtargetcontrolconfigs", "elbv2.k8s.aws", "v1beta1", "Namespaced"],
  ["LoadBalancerConfiguration", "loadbalancerconfigurations", "gateway.k8s.aws", "v1", "Namespaced"],
  ["TargetGroupConfiguration", "targetgroupconfigurations", "gateway.k8s.aws", "v1", "Namespaced"],
  ["ListenerRuleConfiguration", "listenerruleconfigurations", "gateway.k8s.aws", "v1", "Namespaced"],
  ["GlobalAccelerator", "globalaccelerators", "aga.k8s.aws", "v1beta1", "Namespaced"],
];

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(3)
        .default(profile === "production" ? 2 : 1),
    })
    .describe("AWS Load Balancer Controller: network load balancers of Services, on clusters on EKS.");
export type LoadBalancerControllerConfig = z.output<ReturnType<typeof config>>;

/**
 * It serves Services that name its class (`loadBalancerClass: service.k8s.aws/nlb`) and touches nothing else: the webhook
 * that takes every Service, Ingress and the Gateway API are off, as the platform's gateway is Envoy's.
 * Sources: the chart's values.yaml; the controller's documentation, "Feature gates".
 */
export function loadBalancerControllerValues({ connection }: AddonTarget, { replicas }: LoadBalancerControllerConfig) {
  const { cloud } = connection;
  return {
    replicaCount: replicas,
    podDisruptionBudget: replicas > 1 ? { maxUnavailable: 1 } : {},
    topologySpreadConstraints: spreadOverZones(replicas, { "app.kubernetes.io/name": NAME }),
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    clusterName: cloud?.clusterName,
    // Pods cannot ask the instance: its metadata service answers the host only.
    region: cloud?.region,
    vpcId: cloud?.vpcId,
    defaultTags: cloud?.tags ?? {},
    defaultTargetType: "ip",
    // Else the chart makes another certificate at every rendering.
    enableCertManager: true,
    enableServiceMutatorWebhook: false,
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    webhookConfig: { disableIngressValidation: true },
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
    controllerConfig: {
      featureGates: {
        ServiceTypeLoadBalancerOnly: true,
        NLBGatewayAPI: false,
        ALBGatewayAPI: false,
        GatewayListenerSet: false,
      },
    },
  };
}

function identities({ connection: { cloud } }: AddonTarget): CloudIdentity[] {
  if (cloud === undefined) return [];
  return [{ namespace: NAMESPACE, serviceAccount: NAME, statements: loadBalancerPolicy(cloud) }];
}

function monitoring(): Monitoring {
  const labels = { "app.kubernetes.io/name": NAME };
  return {
    scrapes: [{ name: NAME, of: "pods", namespace: NAMESPACE, labels, port: "metrics-server" }],
    alerts: [
      {
        alert: "LoadBalancerNotReconciled",
        expr: `increase(controller_runtime_reconcile_errors_total{namespace="${NAMESPACE}",pod=~"${NAME}-.+"}[15m]) > 5`,
        for: "15m",
        severity: "warning",
        summary: "A load balancer is not what its Service asks for: {{ $labels.controller }} fails again and again.",
        runbook: `kubectl -n ${NAMESPACE} logs deployment/${NAME}; kubectl get events -A --field-selector type=Warning`,
      },
    ],
  };
}

export const awsLoadBalancerController = defineAddon({
  name: NAME,
  key: "awsLoadBalancerController",
  title: "Network load balancers of Services on AWS",
  chart: PINS[NAME],
  namespace: { name: NAMESPACE },
  on: ({ provider }) => provider.kind === "eks",
  needs: ["cert-manager"],
  kinds: KINDS.map(([kind, plural, group, version, scope]) => ({
    group,
    version,
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  keepsKinds: () => "in the chart's crds folder, which Helm never removes",
  config,
  values: loadBalancerControllerValues,
  identities,
  monitoring,
});

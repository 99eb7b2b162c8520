import type { Addon } from "../contract";
import { awsLoadBalancerController } from "./aws-load-balancer-controller";
import { clusterApi, clusterApiAws, clusterApiDocker, clusterApiOperator } from "./cluster-api";
import { externalDns } from "./external-dns";
import { karpenter, karpenterCrd } from "./karpenter";
import { metricsServer } from "./metrics-server";
import { openCost } from "./opencost";
import { pulumiOperator } from "./pulumi-operator";
import { verticalPodAutoscaler } from "./vertical-pod-autoscaler";

/** Add-ons of this area, in the order of the documentation. */
export const LIFECYCLE: readonly Addon[] = [
  clusterApiOperator,
  clusterApi,
  clusterApiAws,
  clusterApiDocker,
  karpenterCrd,
  karpenter,
  awsLoadBalancerController,
  externalDns,
  metricsServer,
  verticalPodAutoscaler,
  openCost,
  pulumiOperator,
];

import type { Addon } from "../contract";
import { cilium } from "./cilium";
import { envoyGateway, envoyGatewayKinds } from "./envoy-gateway";
import { gatewayApi } from "./gateway-api";
import { istioBase, istioCni, istiod, ztunnel } from "./istio";

/** Add-ons of this area, in the order of the documentation. */
export const NETWORKING: readonly Addon[] = [
  gatewayApi,
  cilium,
  istioBase,
  istiod,
  istioCni,
  ztunnel,
  envoyGatewayKinds,
  envoyGateway,
];

import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type AddonScope, isOn } from "./contract";
import { GATEWAY } from "./networking/envoy-gateway/names";

/** A Service of the add-on's namespace, and where it is reached. */
export interface RouteArgs {
  readonly service: string;
  readonly port: number;
  readonly host: string;
  /** How long a request may take, in the Gateway API's format; `0s` is for ever. */
  readonly timeout: string;
}

/** Leads a host name to a Service by the platform's gateway, where the cluster has one. */
export function route(scope: AddonScope<unknown>, { service, port, host, timeout }: RouteArgs): pulumi.Resource[] {
  const { name, namespace, opts } = scope;
  if (!isOn(scope, "envoy-gateway")) return [];
  const parent = { name: GATEWAY.name, namespace: GATEWAY.namespace, sectionName: GATEWAY.listener };
  const rule = {
    matches: [{ path: { type: "PathPrefix", value: "/" } }],
    timeouts: { request: timeout },
    backendRefs: [{ name: service, port }],
  };
  return [
    new kubernetes.apiextensions.CustomResource(
      `${name}-${service}`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: service, namespace },
        spec: { parentRefs: [parent], hostnames: [host], rules: [rule] },
      },
      opts,
    ),
  ];
}

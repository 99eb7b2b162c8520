import { GATEWAY_IDENTITY, GATEWAY_PODS, METRICS, OTLP, principal, S3_SERVER, WAYPOINT } from "../addons";
import { EAST_WEST_NAMESPACE, eastWestName } from "../mesh";
import type { PlatformName, Port } from "./edges";
import type { BackupStore } from "./site";

/** Labels of pods. */
export type Labels = Readonly<Record<string, string>>;

/** Port of the mesh's own protocol (HBONE): what pods of the mesh say to each other arrives there. */
export const HBONE: Port = { port: 15008, protocol: "TCP" };

/** Label that every policy selects on. Source: the source document's CiliumNetworkPolicy. */
export const COMPONENT_LABEL = "choreo.dev/component";

const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

/** Pods as Cilium selects them. */
export interface EndpointSelector {
  readonly matchLabels: Labels;
}

/** Pods of a namespace, by their labels. */
export function podsOf(namespace: string, labels: Labels): EndpointSelector {
  return { matchLabels: { [NAMESPACE]: namespace, ...labels } };
}

/** Pods of a component or a database. */
export function workloadPods({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  return podsOf(namespace, { [COMPONENT_LABEL]: name });
}

/** Who a component or a database is in the mesh. */
export function workloadPrincipal({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return principal(namespace, name);
}

const GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

/** The pods by which other clusters of the mesh come in. */
export function eastWestPods(cluster: string): EndpointSelector {
  return podsOf(EAST_WEST_NAMESPACE, { [GATEWAY_NAME]: eastWestName({ name: cluster }) });
}

/** Labels of the pods of a namespace's waypoint. */
export const WAYPOINT_PODS: Labels = { [GATEWAY_NAME]: WAYPOINT };

/** What a platform end is on the network, and in the mesh. */
export interface PlatformEnd {
  /** Pods; absent where it is something else. */
  readonly pods?: EndpointSelector;
  /** Its identity; absent outside the mesh. */
  readonly principal?: string;
}

const named = (namespace: string, name: string): PlatformEnd => ({
  pods: podsOf(namespace, { "app.kubernetes.io/name": name }),
});

/** Everyone of the platform who calls tenants' pods, or is called by them. */
export const PLATFORM_ENDS: Readonly<Record<PlatformName, PlatformEnd>> = {
  gateway: {
    pods: podsOf(GATEWAY_IDENTITY.namespace, GATEWAY_PODS),
    principal: principal(GATEWAY_IDENTITY.namespace, GATEWAY_IDENTITY.serviceAccount),
  },
  dns: { pods: podsOf("kube-system", { "k8s-app": "kube-dns" }) },
  collector: { pods: podsOf(OTLP.namespace, {}) },
  prometheus: named(METRICS.namespace, "prometheus"),
  "postgresql-operator": named("cnpg-system", "cloudnative-pg"),
  "mongodb-operator": named("psmdb-operator", "psmdb-operator"),
  "redis-operator": named("redis-operator", "redis-operator"),
  "api-server": {},
  "object-store": {},
};

/** Rules of egress to a cluster's object store. */
export function toObjectStore(store: BackupStore | undefined): object[] {
  if (store === undefined) return [];
  const { endpoint, region, credentials } = store;
  if (endpoint === undefined) {
    const hosts = [{ matchName: `s3.${region}.amazonaws.com` }, { matchPattern: `*.s3.${region}.amazonaws.com` }];
    const agent = { toCIDR: [POD_IDENTITY], toPorts: ports([{ port: 80, protocol: "TCP" }]) };
    const s3 = { toFQDNs: hosts, toPorts: ports([{ port: 443, protocol: "TCP" }]) };
    return credentials === undefined ? [s3, agent] : [s3];
  }
  const { hostname, port, protocol } = new URL(endpoint);
  const own = Number(port || (protocol === "https:" ? 443 : 80));
  const toPorts = ports([{ port: own, protocol: "TCP" }]);
  if (hostname.startsWith(`${S3_SERVER.service}.${S3_SERVER.namespace}.`)) {
    return [{ toEndpoints: [podsOf(S3_SERVER.namespace, {})], toPorts }];
  }
  if (/^[0-9.]+$/.test(hostname)) return [{ toCIDR: [`${hostname}/32`], toPorts }];
  return [{ toFQDNs: [{ matchName: hostname }], toPorts }];
}

/** Whether names that pods ask for have to be read, as addresses behind a name are opened. */
export function namesObjectStore(store: BackupStore | undefined): boolean {
  return toObjectStore(store).some((rule) => "toFQDNs" in rule);
}

/** Where EKS Pod Identity hands out credentials on every node. */
const POD_IDENTITY = "169.254.170.23/32";

/** Ports as Cilium writes them. */
export function ports(list: readonly Port[]): object[] {
  return [{ ports: list.map(({ port, protocol }) => ({ port: String(port), protocol })) }];
}

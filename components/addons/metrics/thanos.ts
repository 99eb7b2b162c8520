import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CloudIdentity } from "../../clusters";
import { type Profile, words } from "../../settings";
import { SignedCertificate } from "../../trust";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import { type AddonScope, type AddonTarget, volumes } from "../contract";
import { globalService } from "../global-service";
import { S3_SERVER } from "../object-store";
import { bucketSecret, bucketStatements, startDigest } from "./metrics-bucket";
import { CLUSTER_DOMAIN, hostOf, METRICS, metricsService } from "./names";
import { thanosMonitoring } from "./thanos-monitoring";
import {
  commonValues,
  partValues,
  REPLICAS,
  resources,
  SERVER_TLS,
  sidecarEndpoints,
  tlsVolume,
} from "./thanos-values";

const SECRETS = { bucket: "thanos-bucket", tls: "thanos-tls" } as const;

const days = (least: number, why: string) =>
  z
    .string()
    .regex(/^[1-9][0-9]*d$/, { error: 'not a number of days such as "30d"', abort: true })
    .refine((text) => Number.parseInt(text, 10) >= least, { error: `at least ${least}d: ${why}` });

const config = (profile: Profile) => {
  const production = profile === "production";
  const replicas = z
    .int()
    .min(1)
    .max(10)
    .default(production ? 2 : 1);
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      retention: z
        .strictObject({
          raw: days(2, "younger metrics are not downsampled yet")
            .default(production ? "30d" : "7d")
            .describe("How long metrics are kept as they were scraped."),
          fiveMinutes: days(10, "younger metrics are not downsampled to an hour yet")
            .default(production ? "90d" : "14d")
            .describe("How long metrics are kept at one value in five minutes."),
          oneHour: days(10, "they are made of metrics that are ten days old")
            .default(production ? "730d" : "30d")
            .describe("How long metrics are kept at one value an hour."),
        })
        .prefault({}),
      queryReplicas: replicas.describe("Replicas of the cluster's own query."),
      storeReplicas: replicas.describe("Replicas of the store gateway, which reads the bucket."),
      storeSize: words.size.default(production ? "20Gi" : "5Gi").describe("Volume of each store gateway, for indexes."),
      compactorSize: words.size
        .default(production ? "100Gi" : "10Gi")
        .describe("Volume of the compactor, which has to hold the largest block and what becomes of it."),
    })
    .describe("Thanos: metrics in the object store, downsampled, with a query in each cluster.");
};
export type ThanosConfig = z.output<ReturnType<typeof config>>;

/**
 * Helm values of the Thanos of one cluster: what is in its own bucket and in its Prometheus, and a query of both, which
 * answers to the other clusters of the mesh by certificate. Compaction is never done by two, so it is one replica.
 */
export function thanosValues(target: AddonTarget, settings: ThanosConfig) {
  const { retention } = settings;
  const common = commonValues({ secret: SECRETS.bucket, digest: startDigest(target) });
  return {
    ...common,
    query: {
      ...partValues("thanos", "query", settings.queryReplicas),
      ...REPLICAS,
      endpoints: { static: sidecarEndpoints(target) },
      extraArgs: ["--log.level=info", ...SERVER_TLS],
      ...tlsVolume(SECRETS.tls),
      resources: resources("50m", "128Mi", "1Gi"),
    },
    storegateway: {
      ...partValues("thanos", "storegateway", settings.storeReplicas),
      persistence: { size: settings.storeSize },
      resources: resources("50m", "256Mi", "2Gi"),
    },
    compactor: {
      ...partValues("thanos", "compactor", 1),
      retention: {
        resolutionRaw: retention.raw,
        resolution5m: retention.fiveMinutes,
        resolution1h: retention.oneHour,
      },
      persistence: { size: settings.compactorSize },
      resources: resources("50m", "256Mi", "2Gi"),
      // A kind of another add-on, which a release would have to wait for.
      vpa: { enabled: false },
    },
  };
}

function prepare(scope: AddonScope<ThanosConfig>): pulumi.Resource[] {
  const service = metricsService(scope.cluster.name);
  const dnsNames = [hostOf(service), `${hostOf(service)}.${CLUSTER_DOMAIN}`];
  return [bucketSecret(scope, SECRETS.bucket), tlsSecret(scope, SECRETS.tls, dnsNames)];
}

/** Makes a certificate for both ends of a connection, and the Secret that holds it. */
export function tlsSecret(
  { name, namespace, trust, opts }: AddonScope<unknown>,
  secret: string,
  dnsNames: readonly string[],
): pulumi.Resource {
  const certificate = new SignedCertificate(
    `${name}-tls`,
    { signer: trust.authority("platform"), commonName: secret, dnsNames },
    { parent: opts.parent },
  );
  const stringData = { "tls.crt": certificate.chain, "tls.key": certificate.key, "ca.crt": trust.bundle };
  const metadata = { name: secret, namespace };
  return new kubernetes.core.v1.Secret(`${name}-tls`, { metadata, type: "kubernetes.io/tls", stringData }, opts);
}

/** The cluster's query under a name of its own in the whole mesh. */
function resourcesOf({ name, namespace, cluster, opts }: AddonScope<ThanosConfig>): pulumi.Resource[] {
  const selector = {
    "app.kubernetes.io/name": "thanos",
    "app.kubernetes.io/instance": "thanos",
    "app.kubernetes.io/component": "query",
  };
  const ports = [{ name: "grpc", port: METRICS.thanos.grpc, targetPort: "grpc" }];
  return [
    globalService(`${name}-metrics`, { service: metricsService(cluster.name), namespace, ports, selector }, opts),
  ];
}

function identities(target: AddonTarget): CloudIdentity[] {
  const account = (component: string, access: "read" | "clean") => ({
    namespace: METRICS.namespace,
    serviceAccount: `thanos-${component}`,
    statements: bucketStatements(target, access),
  });
  return [account("storegateway", "read"), account("compactor", "clean")];
}

export const thanos = defineAddon({
  name: METRICS.thanos.addon,
  key: "thanos",
  title: "Metrics for years: each cluster's own, in the object store",
  chart: PINS.thanos,
  namespace: { name: METRICS.namespace, podSecurity: "restricted" },
  on: () => true,
  needs: ["cilium", S3_SERVER.addon],
  requires: (_, site) => volumes(site),
  kinds: [],
  config,
  values: thanosValues,
  identities,
  monitoring: thanosMonitoring,
  prepare,
  resources: resourcesOf,
});

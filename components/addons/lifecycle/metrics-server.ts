import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Profile } from "../../settings";
import { SignedCertificate } from "../../trust";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget } from "../contract";
import { spreadOverZones } from "../spread";

const NAMESPACE = "kube-system";
const SERVICE = "metrics-server";
const CERTIFICATE = "metrics-server-tls";

const config = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where every cluster has a metrics server already."),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(profile === "production" ? 2 : 1),
      verifyKubelets: z
        .boolean()
        .optional()
        .describe(
          "Whether kubelets' certificates are verified, which needs ones that the cluster's CA signed. " +
            "Default: on EKS and in production; never on clusters that Cluster API makes, whose kubelets sign their own.",
        ),
    })
    .describe("metrics-server: usage of CPU and memory, for `kubectl top`, autoscaling and recommendations.");
export type MetricsServerConfig = z.output<ReturnType<typeof config>>;

/** Values of the chart: the API server verifies metrics-server by the mesh's root. Source: the chart's values.yaml. */
export function metricsServerValues(target: AddonTarget, { replicas, verifyKubelets }: MetricsServerConfig) {
  const verified = verifyKubelets ?? verifiesByDefault(target);
  return {
    replicas,
    podDisruptionBudget: replicas > 1 ? { enabled: true, minAvailable: 1 } : { enabled: false },
    // The chart's own default is a certificate that nobody verifies.
    tls: { type: "existingSecret", existingSecret: { name: CERTIFICATE, lookup: false } },
    apiService: { insecureSkipTLSVerify: false, caBundle: target.trust.bundle },
    args: verified ? [] : ["--kubelet-insecure-tls"],
    topologySpreadConstraints: spreadOverZones(replicas, { "app.kubernetes.io/name": SERVICE }),
  };
}

function verifiesByDefault({ connection, fleet }: AddonTarget): boolean {
  return connection.cloud !== undefined || fleet.profile === "production";
}

/** The certificate for the name by which the API server's aggregation layer calls it; it is read again when it changes. */
function prepare({ name, trust, opts }: AddonScope<MetricsServerConfig>): pulumi.Resource[] {
  const host = `${SERVICE}.${NAMESPACE}.svc`;
  const signed = new SignedCertificate(
    `${name}-tls`,
    { commonName: host, dnsNames: [host], signer: trust.authority("platform") },
    { parent: opts.parent },
  );
  const stringData = { "tls.crt": signed.chain, "tls.key": signed.key };
  const metadata = { name: CERTIFICATE, namespace: NAMESPACE };
  return [new kubernetes.core.v1.Secret(`${name}-tls`, { metadata, type: "kubernetes.io/tls", stringData }, opts)];
}

export const metricsServer = defineAddon({
  name: "metrics-server",
  key: "metricsServer",
  title: "Usage of nodes and pods as an API",
  chart: PINS["metrics-server"],
  namespace: { name: NAMESPACE },
  on: () => true,
  needs: ["cilium"],
  kinds: [],
  config,
  values: metricsServerValues,
  prepare,
});

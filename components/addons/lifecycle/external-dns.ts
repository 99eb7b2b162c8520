import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AwsCloud, CloudIdentity } from "../../clusters";
import { type Problem, words } from "../../settings";
import { defineAddon, helmReleaseWithoutKinds } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget, PlatformCluster } from "../contract";
import type { Monitoring } from "../monitoring";

const NAMESPACE = "external-dns";
const CREDENTIALS = "external-dns-credentials";

/** A provider that settings name, for clusters whose account has no zone of the platform's. */
const provider = z.strictObject({
  name: words
    .label("provider's name")
    .describe("As external-dns spells it: aws, azure, cloudflare, google, rfc2136, …"),
  domain: words.hostName.optional().describe("The zone's name. Default: the platform's domain."),
  args: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'a flag without its dashes, such as "rfc2136-host"' }),
      z.string(),
    )
    .default({})
    .describe("More flags of external-dns."),
  env: z
    .record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/, { error: "a name of an environment variable" }), z.string().min(1))
    .default({})
    .describe("Environment variables by the key of the stack's secret that holds the value, such as CF_API_TOKEN."),
});

const config = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe("Off where someone else serves the names."),
      policy: z.enum(["sync", "upsert-only"]).default("sync").describe("`upsert-only` never removes a record."),
      provider: provider
        .optional()
        .describe(
          "Who serves the zone. Default: the zone of aws.zone, for clusters on EKS; on others nothing is published.",
        ),
    })
    .describe("external-dns: DNS records of load balancers and of HTTP routes.");
export type ExternalDnsConfig = z.output<ReturnType<typeof config>>;

/**
 * Each cluster marks its records with an owner of its own, so that one never touches another's. The records of
 * `<cluster>.mesh.<domain>` come from an annotation of Cilium's Service. Source: the chart's values.yaml.
 */
export function externalDnsValues({ cluster, fleet, connection }: AddonTarget, settings: ExternalDnsConfig) {
  return {
    sources: ["service", "gateway-httproute"],
    policy: settings.policy,
    registry: "txt",
    txtOwnerId: `${fleet.stack}.${cluster.name}`,
    logFormat: "json",
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    ...zone(settings, fleet.domain, connection.cloud),
  };
}

/**
 * Whether records of a cluster are given out by weight, and only while their target works: Route 53 does that, whether the
 * zone is the platform's or settings name it.
 */
export function publishesByWeight(
  { enabled, provider }: ExternalDnsConfig,
  { zone }: { readonly zone: boolean },
): boolean {
  return enabled && (provider === undefined ? zone : provider.name === "aws");
}

/** A cluster that cannot be drained is not said to be. */
function problems(config: ExternalDnsConfig, clusters: Readonly<Record<string, PlatformCluster>>): Problem[] {
  return Object.entries(clusters).flatMap(([name, cluster]) => {
    if (!cluster.settings.drained) return [];
    const path = `platform.clusters.${name}.drained`;
    if (!cluster.settings.planes.includes("data")) {
      return [{ path, message: "clients are sent to clusters with the data plane only; remove this key" }];
    }
    if (publishesByWeight(config, cluster)) return [];
    const message =
      "no records of the cluster are given out by weight: that takes Route 53 (aws.zone, or externalDns.provider aws); " +
      "remove this key, and change the names where they are served";
    return [{ path, message }];
  });
}

/** The text that says whose a wildcard is has a name without "*". */
const ARGS = { "txt-wildcard-replacement": "any" };

function zone({ provider }: ExternalDnsConfig, domain: string, cloud: AwsCloud | undefined) {
  if (provider !== undefined) {
    const env = Object.keys(provider.env).map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: CREDENTIALS, key: name } },
    }));
    const extraArgs = { ...ARGS, ...provider.args };
    return { provider: { name: provider.name }, domainFilters: [provider.domain ?? domain], extraArgs, env };
  }
  const route53 = { provider: { name: "aws" } };
  if (cloud?.zone === undefined) return { ...route53, domainFilters: [domain], extraArgs: ARGS };
  return {
    ...route53,
    domainFilters: [cloud.zone.name],
    extraArgs: { ...ARGS, "zone-id-filter": cloud.zone.id, "aws-zone-type": "public" },
    env: [{ name: "AWS_DEFAULT_REGION", value: cloud.region }],
  };
}

/** Changes records of the one zone. Source: external-dns' documentation, "AWS". */
function identities({ connection: { cloud } }: AddonTarget, settings: ExternalDnsConfig): CloudIdentity[] {
  if (cloud?.zone === undefined || settings.provider !== undefined) return [];
  const hosted = pulumi.interpolate`arn:${cloud.partition}:route53:::hostedzone/${cloud.zone.id}`;
  const statements = [
    {
      actions: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"],
      resources: [hosted],
    },
    { actions: ["route53:ListHostedZones"], resources: ["*"] },
  ];
  return [{ namespace: NAMESPACE, serviceAccount: "external-dns", statements }];
}

function prepare({ name, config: { provider }, opts }: AddonScope<ExternalDnsConfig>): pulumi.Resource[] {
  const entries = Object.entries(provider?.env ?? {});
  if (entries.length === 0) return [];
  const settings = new pulumi.Config();
  const stringData = Object.fromEntries(entries.map(([variable, key]) => [variable, settings.requireSecret(key)]));
  const metadata = { name: CREDENTIALS, namespace: NAMESPACE };
  return [new kubernetes.core.v1.Secret(`${name}-credentials`, { metadata, stringData }, opts)];
}

function monitoring(): Monitoring {
  return {
    scrapes: [
      { name: "external-dns", of: "services", labels: { "app.kubernetes.io/name": "external-dns" }, port: "http" },
    ],
    alerts: [
      {
        alert: "ExternalDnsFails",
        expr: "increase(external_dns_source_errors_total[15m]) + increase(external_dns_registry_errors_total[15m]) > 0",
        for: "30m",
        severity: "warning",
        summary: "external-dns cannot read its sources or write to the zone; DNS records are not what they should be.",
        runbook: "kubectl -n external-dns logs deployment/external-dns",
      },
    ],
  };
}

export const externalDns = defineAddon({
  name: "external-dns",
  key: "externalDns",
  title: "DNS records of load balancers and routes",
  chart: PINS["external-dns"],
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: () => true,
  // Where nobody says who serves the zone there is nothing to change.
  when: ({ provider }, cluster) => provider !== undefined || cluster.zone,
  needs: ["cilium"],
  // It does not start where the kinds of its sources are not there.
  uses: ["gateway-api-crds"],
  kinds: [],
  config,
  secrets: ({ provider }) =>
    Object.fromEntries(Object.values(provider?.env ?? {}).map((key) => [key, "text" as const])),
  values: externalDnsValues,
  identities,
  prepare,
  // Its own kind is one more source of records, which is not used.
  install: helmReleaseWithoutKinds,
  problems,
  monitoring,
});

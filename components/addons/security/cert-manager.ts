import * as kubernetes from "@pulumi/kubernetes";
import { CertManager } from "@pulumi/kubernetes-cert-manager";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CloudIdentity } from "../../clusters";
import { type Problem, type Profile, pathOf, words } from "../../settings";
import { defineAddon, releaseArgs } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, AddonTarget, InstallArgs, PlatformCluster } from "../contract";
import type { Kind } from "../gate";
import { certManagerMonitoring } from "./cert-manager-monitoring";

const NAMESPACE = "cert-manager";

/** The issuer that the platform's certificates come from, on every cluster, whatever the profile. */
export const ISSUER = "choreo-issuer";

const KINDS: readonly (readonly [kind: string, plural: string, group: string, scope: Kind["scope"]])[] = [
  ["Certificate", "certificates", "cert-manager.io", "Namespaced"],
  ["CertificateRequest", "certificaterequests", "cert-manager.io", "Namespaced"],
  ["Issuer", "issuers", "cert-manager.io", "Namespaced"],
  ["ClusterIssuer", "clusterissuers", "cert-manager.io", "Cluster"],
  ["Challenge", "challenges", "acme.cert-manager.io", "Namespaced"],
  ["Order", "orders", "acme.cert-manager.io", "Namespaced"],
];

const secretKey = z.strictObject({ name: words.label("Secret name"), key: z.string().min(1) });

/** DNS-01 solvers by provider, with cert-manager's own field names. Exactly one is given. */
const dns01 = z
  .strictObject({
    route53: z
      .strictObject({ region: z.string().min(1), hostedZoneID: z.string().optional(), role: z.string().optional() })
      .optional(),
    cloudDNS: z.strictObject({ project: z.string().min(1), hostedZoneName: z.string().optional() }).optional(),
    cloudflare: z.strictObject({ apiTokenSecretRef: secretKey }).optional(),
    webhook: z
      .strictObject({
        groupName: z.string().min(1),
        solverName: z.string().min(1),
        config: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
  })
  .refine((solver) => Object.values(solver).filter((value) => value !== undefined).length === 1, {
    error: "give exactly one of route53, cloudDNS, cloudflare and webhook",
  });

const issuer = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("self-signed").describe("A root of the cluster's own, for development.") }),
    z.strictObject({
      kind: z.literal("acme").describe("Certificates by ACME with DNS-01 challenges, which also work for wildcards."),
      email: words.email.describe("Where the certificate authority writes to before a certificate ends."),
      server: words.httpUrl.default("https://acme-v02.api.letsencrypt.org/directory"),
      dns01: dns01
        .optional()
        .describe("Who serves the zone. Default: the zone of aws.zone, for clusters on EKS; required on others."),
    }),
  ],
  { error: 'kind is one of "self-signed", "acme"' },
);

const config = (profile: Profile) => {
  const production = profile === "production";
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      replicas: z
        .int()
        .min(1)
        .max(5)
        .default(production ? 2 : 1)
        .describe("Replicas of controller, webhook and CA injector."),
      keepKinds: z
        .boolean()
        .default(production)
        .describe("Keep the kinds, and with them every certificate, when cert-manager is removed."),
      issuer: production ? issuer : issuer.default({ kind: "self-signed" }),
    })
    .describe("cert-manager and the issuer `choreo-issuer`.");
};
export type CertManagerConfig = z.output<ReturnType<typeof config>>;

/** cert-manager's Helm values. Source: the chart's values.yaml. */
export function certManagerValues(_target: AddonTarget, { replicas, keepKinds }: CertManagerConfig) {
  return {
    crds: { enabled: true, keep: keepKinds },
    replicaCount: replicas,
    podDisruptionBudget: { enabled: replicas > 1 },
    webhook: { replicaCount: replicas },
    cainjector: { replicaCount: replicas },
    prometheus: { enabled: true },
  };
}

/** Values that Pulumi's component has arguments for. */
const ARGUMENTS = ["replicaCount", "webhook", "cainjector", "prometheus"] as const;

/**
 * Through Pulumi's own component for cert-manager. It writes its arguments over `helmOptions.values` at the first
 * level, also those that are not given, so each value goes in at the one place where it arrives; and it takes upstream's
 * repository unless it is given one, which for a chart that is a file or an OCI URL is none.
 */
function install(args: InstallArgs<CertManagerConfig>): CertManager {
  const { name, chart, values, opts } = args;
  const isArgument = (key: string) => ARGUMENTS.some((argument) => argument === key);
  const entries = Object.entries(values);
  const known = Object.fromEntries(entries.filter(([key]) => isArgument(key)));
  const helmOptions = {
    ...releaseArgs(args),
    repositoryOpts: chart.repositoryOpts ?? { repo: "" },
    values: Object.fromEntries(entries.filter(([key]) => !isArgument(key))),
  };
  return new CertManager(name, { ...known, helmOptions }, opts);
}

/** Answers challenges in the one zone, and writes nothing there but their texts. Source: cert-manager's documentation. */
function identities({ connection: { cloud } }: AddonTarget, { issuer: chosen }: CertManagerConfig): CloudIdentity[] {
  if (cloud?.zone === undefined || chosen.kind !== "acme" || chosen.dns01 !== undefined) return [];
  const { partition, zone } = cloud;
  const hosted = pulumi.interpolate`arn:${partition}:route53:::hostedzone/${zone.id}`;
  const texts = { "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] } };
  const statements = [
    { actions: ["route53:GetChange"], resources: [pulumi.interpolate`arn:${partition}:route53:::change/*`] },
    { actions: ["route53:ChangeResourceRecordSets"], resources: [hosted], conditions: texts },
    { actions: ["route53:ListResourceRecordSets"], resources: [hosted] },
  ];
  return [{ namespace: NAMESPACE, serviceAccount: "cert-manager", statements }];
}

/** Challenges are answered where settings say, or in the zone of the cluster's own account. */
function solver({ connection: { cloud }, cluster }: AddonTarget, given: z.output<typeof dns01> | undefined): object {
  if (given !== undefined) return given;
  if (cloud?.zone === undefined) throw new Error(`no zone for the certificates of cluster ${cluster.name}`);
  return { route53: { region: cloud.region, hostedZoneID: cloud.zone.id } };
}

function problems(
  { issuer: chosen }: CertManagerConfig,
  clusters: Readonly<Record<string, PlatformCluster>>,
): Problem[] {
  if (chosen.kind !== "acme" || chosen.dns01 !== undefined) return [];
  const others = Object.entries(clusters).filter(([, { zone }]) => !zone);
  if (others.length === 0) return [];
  const names = others.map(([name]) => name).join(", ");
  const message = `required: who serves the zone, which no account of AWS does for ${names}; give a solver, or aws.zone where all clusters are on EKS`;
  return [{ path: pathOf("platform", "certManager", "issuer", "dns01"), message }];
}

function resources(scope: AddonScope<CertManagerConfig>): pulumi.Resource[] {
  const { issuer: chosen } = scope.config;
  return chosen.kind === "acme" ? [acmeIssuer(scope, chosen)] : selfSignedIssuer(scope);
}

function acmeIssuer(
  scope: AddonScope<CertManagerConfig>,
  settings: Extract<CertManagerConfig["issuer"], { kind: "acme" }>,
): pulumi.Resource {
  const { name, opts } = scope;
  const { email, server } = settings;
  const acme = {
    email,
    server,
    privateKeySecretRef: { name: `${ISSUER}-account` },
    solvers: [{ dns01: solver(scope, settings.dns01) }],
  };
  return issuerObject(`${name}-issuer`, ISSUER, { acme }, opts);
}

/** A self-signed issuer signs a root of the cluster's own, and that root signs everything else. */
function selfSignedIssuer({ name, opts }: AddonScope<CertManagerConfig>): pulumi.Resource[] {
  const root = "choreo-root";
  const selfSigned = issuerObject(`${name}-self-signed`, "choreo-self-signed", { selfSigned: {} }, opts);
  const certificate = new kubernetes.apiextensions.CustomResource(
    `${name}-root`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: root, namespace: NAMESPACE },
      spec: {
        isCA: true,
        commonName: root,
        secretName: root,
        duration: "87600h",
        renewBefore: "8760h",
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        issuerRef: { name: "choreo-self-signed", kind: "ClusterIssuer", group: "cert-manager.io" },
      },
    },
    { ...opts, dependsOn: selfSigned },
  );
  const issuer = issuerObject(
    `${name}-issuer`,
    ISSUER,
    { ca: { secretName: root } },
    { ...opts, dependsOn: certificate },
  );
  return [selfSigned, certificate, issuer];
}

function issuerObject(name: string, physical: string, spec: object, opts: AddonScope<CertManagerConfig>["opts"]) {
  return new kubernetes.apiextensions.CustomResource(
    name,
    { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name: physical }, spec },
    opts,
  );
}

export const certManager = defineAddon({
  name: "cert-manager",
  key: "certManager",
  title: "Certificates and their issuers",
  chart: PINS["cert-manager"],
  namespace: { name: NAMESPACE, podSecurity: "restricted" },
  on: () => true,
  needs: ["cilium"],
  kinds: KINDS.map(([kind, plural, group, scope]) => ({
    group,
    version: "v1",
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  keepsKinds: ({ keepKinds }) =>
    keepKinds ? "kept by certManager.keepKinds, and every certificate with it" : undefined,
  config,
  values: certManagerValues,
  identities,
  problems,
  monitoring: certManagerMonitoring,
  install,
  resources,
});

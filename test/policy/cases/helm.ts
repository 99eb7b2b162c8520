import pins from "../../../components/addons/charts.json";
import { type Bad, type Case, type Made, release } from "./case";
import { MESH_GOOD } from "./mesh";

const VALUES = ["values"] as const;
const PLAIN = release(pins.opencost, {
  image: { repository: "ghcr.io/opencost/opencost", tag: "1.120.0" },
  securityContext: { privileged: false },
  service: { type: "ClusterIP" },
  hostNetwork: false,
  existingSecret: "opencost",
});
const OCI = { ...release(pins.karpenter, {}), name: "oci" };
const CERT_MANAGER: Made = {
  type: "kubernetes-cert-manager:index:CertManager",
  name: "component",
  props: {
    helmOptions: {
      chart: "cert-manager",
      version: pins["cert-manager"].version,
      namespace: "cert-manager",
      repositoryOpts: { repo: pins["cert-manager"].repository },
      values: { crds: { enabled: true } },
    },
  },
};
/** A chart that is a file, and one that is a folder, as in a mirror that is a directory; Cilium may do what others may not. */
const LOCAL: Made = {
  type: "kubernetes:helm.sh/v3:Release",
  name: "local",
  props: {
    chart: `./charts/cilium-${pins.cilium.version}.tgz`,
    namespace: "kube-system",
    values: {
      encryption: { enabled: true },
      kubeProxyReplacement: "true",
      securityContext: { privileged: true },
      hostNetwork: true,
      clustermesh: { apiserver: { service: { type: "LoadBalancer" } } },
    },
  },
};
const FOLDER: Made = {
  ...LOCAL,
  name: "folder",
  props: { ...LOCAL.props, chart: `/mirror/cilium-${pins.cilium.version}`, repositoryOpts: { repo: "" } },
};
const good = [PLAIN, OCI, CERT_MANAGER, LOCAL, FOLDER];

/** A case of one chart's values. */
function values(rule: string, chart: keyof typeof pins, its: object, bad: readonly Bad[]): Case {
  const made = release(pins[chart], { ...its });
  return {
    rule,
    good: [made],
    bad: bad.map((one) => (one.at === undefined ? one : { ...one, at: [...VALUES, ...one.at] })),
  };
}

const CILIUM = {
  encryption: { enabled: true, type: "wireguard" },
  kubeProxyReplacement: "true",
  hubble: { tls: { enabled: true } },
  clustermesh: { useAPIServer: true, apiserver: { tls: { auto: { enabled: false } } } },
};
const ARGO = {
  configs: { cm: { "exec.enabled": false }, params: { "server.insecure": true }, rbac: { "policy.default": "" } },
};
const OPENSEARCH = {
  config: { "opensearch.yml": "plugins.security.ssl.http.enabled: true\n" },
  extraEnvs: [{ name: "DISABLE_INSTALL_DEMO_CONFIG", value: "true" }],
};

export const HELM: readonly Case[] = [
  {
    rule: "helm-pinned",
    good,
    bad: [
      { what: "no version", at: ["version"] },
      { what: "a range", at: ["version"], is: "^2.5.0" },
      { what: "another version than charts.json's", at: ["version"], is: "2.5.13" },
      { what: "another one of the component", of: "component", at: ["helmOptions", "version"], is: "v1.0.0" },
      {
        what: "another one by a folder",
        of: "folder",
        at: ["chart"],
        is: "/mirror/cilium-1.0.0",
      },
      { what: "another one by a file", of: "local", at: ["chart"], is: "./charts/cilium-1.0.0.tgz" },
    ],
  },
  {
    rule: "helm-known-repository",
    good,
    bad: [
      { what: "another repository", at: ["repositoryOpts", "repo"], is: "https://charts.example.com" },
      { what: "one that begins alike", at: ["repositoryOpts", "repo"], is: `${pins.opencost.repository}-evil` },
      { what: "no repository", at: ["repositoryOpts"] },
      { what: "another registry", of: "oci", at: ["chart"], is: "oci://example.com/karpenter" },
    ],
  },
  {
    rule: "helm-secure-transport",
    good,
    bad: [
      { what: "HTTP", at: ["repositoryOpts", "repo"], is: "http://charts.example.com" },
      { what: "certificates that nobody checks", at: ["insecureSkipTlsVerify"], is: true },
    ],
  },
  { rule: "helm-not-atomic", good, bad: [{ what: "an atomic release", at: ["atomic"], is: true }] },
  {
    rule: "helm-has-namespace",
    good,
    bad: [
      { what: "no namespace", at: ["namespace"] },
      { what: "the default one", at: ["namespace"], is: "default" },
    ],
  },
  {
    rule: "helm-no-latest-images",
    good,
    bad: [
      { what: "a tag that moves", at: [...VALUES, "image", "tag"], is: "latest" },
      { what: "an image that moves", at: [...VALUES, "sidecar"], is: { image: "docker.io/library/redis:latest" } },
    ],
  },
  {
    rule: "helm-no-privileged",
    good,
    bad: [{ what: "a privileged container", at: [...VALUES, "securityContext", "privileged"], is: true }],
  },
  {
    rule: "helm-no-host-namespaces",
    good,
    bad: [{ what: "the node's network", at: [...VALUES, "hostNetwork"], is: true }],
  },
  {
    rule: "helm-no-open-services",
    good,
    bad: ["LoadBalancer", "NodePort"].map((type) => ({ what: type, at: [...VALUES, "service", "type"], is: type })),
  },
  {
    rule: "helm-no-default-passwords",
    good,
    bad: [{ what: "a password that everybody knows", at: [...VALUES, "adminPassword"], is: "admin" }],
  },
  {
    rule: "secrets-not-in-values",
    good,
    bad: [
      { what: "a password", at: [...VALUES, "adminPassword"], is: "correct-horse" },
      { what: "a secret of a client", at: [...VALUES, "oidc"], is: { clientSecret: "correct-horse" } },
      { what: "a private key", at: [...VALUES, "files"], is: { key: "-----BEGIN EC PRIVATE KEY-----\nMHc" } },
      { what: "a password of the component", of: "component", at: ["helmOptions", "values", "password"], is: "horse" },
    ],
  },
  values("helm-cilium-encryption", "cilium", CILIUM, [
    { what: "encryption off", at: ["encryption", "enabled"], is: false },
    { what: "nothing about encryption", at: ["encryption"] },
  ]),
  values("helm-cilium-kube-proxy", "cilium", CILIUM, [
    { what: "kube-proxy", at: ["kubeProxyReplacement"], is: "false" },
    { what: "nothing about it", at: ["kubeProxyReplacement"] },
  ]),
  values("helm-cilium-hubble-tls", "cilium", CILIUM, [{ what: "no TLS", at: ["hubble", "tls", "enabled"], is: false }]),
  values("helm-cilium-policies", "cilium", CILIUM, [
    { what: "no policies", at: ["policyEnforcementMode"], is: "never" },
    { what: "policies that are only audited", at: ["policyAuditMode"], is: true },
  ]),
  values("helm-cilium-mesh-authority", "cilium", CILIUM, [
    { what: "certificates of the chart", at: ["clustermesh", "apiserver", "tls", "auto", "enabled"], is: true },
    { what: "the chart's default", at: ["clustermesh", "apiserver", "tls"] },
  ]),
  {
    rule: "helm-istio-mutual-tls",
    good: MESH_GOOD,
    bad: [
      { what: "no mutual TLS by itself", at: [...VALUES, "meshConfig", "enableAutoMtls"], is: false },
      { what: "an old version", at: [...VALUES, "meshConfig", "meshMTLS"], is: { minProtocolVersion: "TLSV1_0" } },
    ],
  },
  values("helm-argo-cd-access", "argo-cd", ARGO, [
    { what: "anybody", at: ["configs", "cm", "users.anonymous.enabled"], is: "true" },
    { what: "shells", at: ["configs", "cm", "exec.enabled"], is: true },
    { what: "a role for everybody", at: ["configs", "rbac", "policy.default"], is: "role:admin" },
  ]),
  values("helm-argo-cd-exposure", "argo-cd", ARGO, [
    { what: "a load balancer without TLS", at: ["server", "service", "type"], is: "LoadBalancer" },
    { what: "an Ingress without TLS", at: ["server", "ingress"], is: { enabled: true } },
  ]),
  values("helm-opensearch-security", "opensearch", OPENSEARCH, [
    { what: "no security", at: ["config", "opensearch.yml"], is: "plugins.security.disabled: true\n" },
    { what: "no TLS", at: ["config", "opensearch.yml"], is: "plugins.security.ssl.http.enabled: false\n" },
    {
      what: "no security by a variable",
      at: ["extraEnvs"],
      is: [...OPENSEARCH.extraEnvs, { name: "DISABLE_SECURITY_PLUGIN", value: "true" }],
    },
    { what: "demo accounts", at: ["extraEnvs", "0", "value"], is: "false" },
    { what: "the image's default, which is demo accounts", at: ["extraEnvs"] },
  ]),
  values("helm-thanos-receive", "thanos", { receive: { enabled: false } }, [
    { what: "a receiver", at: ["receive", "enabled"], is: true },
    { what: "the chart's default", at: ["receive"] },
  ]),
  values("helm-grafana-access", "kube-prometheus-stack", { grafana: { admin: { existingSecret: "grafana" } } }, [
    { what: "the chart's password", at: ["grafana", "admin"] },
    { what: "anybody", at: ["grafana", "grafana.ini"], is: { "auth.anonymous": { enabled: true } } },
  ]),
  values("helm-external-dns-owner", "external-dns", { txtOwnerId: "prod.east", domainFilters: ["test"] }, [
    { what: "no owner", at: ["txtOwnerId"] },
    { what: "the default one", at: ["txtOwnerId"], is: "default" },
    { what: "every domain", at: ["domainFilters"] },
    { what: "no marks", at: ["registry"], is: "noop" },
  ]),
];

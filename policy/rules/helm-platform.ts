import { RELEASE, valuesFor } from "../lib/charts";
import { type Resource, resourceRule } from "../lib/rule";
import { at, differs, hasUnknown, isMissing, isOff, isOn, items, leaves, text, UNKNOWN } from "../lib/values";

export const helmCiliumEncryption = resourceRule({
  name: "helm-cilium-encryption",
  description: "Cilium encrypts what pods send from node to node.",
  severity: "critical",
  reason: "traffic between nodes, zones and regions could be read on the way",
  fix: "Set encryption to { enabled: true, type: wireguard }.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "cilium");
    if (values !== undefined && isOff(at(values, "encryption", "enabled"))) report("Cilium's encryption is off");
  },
});

export const helmCiliumKubeProxy = resourceRule({
  name: "helm-cilium-kube-proxy",
  description: "Cilium replaces kube-proxy.",
  severity: "medium",
  reason: "with kube-proxy beside it, Services are handled twice and cluster mesh loses its affinity",
  fix: 'Set kubeProxyReplacement to "true".',
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "cilium");
    if (values !== undefined && isOff(values.kubeProxyReplacement)) report("Cilium does not replace kube-proxy");
  },
});

export const helmCiliumHubbleTls = resourceRule({
  name: "helm-cilium-hubble-tls",
  description: "Hubble is served by TLS.",
  severity: "high",
  reason: "Hubble tells who talks to whom, with DNS names and paths",
  fix: "Remove hubble.tls.enabled: false, and give hubble.tls.server.existingSecret.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const hubble = at(valuesFor(resource, "cilium"), "hubble");
    if (at(hubble, "tls", "enabled") === false) report("Hubble's TLS is off");
  },
});

export const helmCiliumPolicies = resourceRule({
  name: "helm-cilium-policies",
  description: "Cilium enforces network policies.",
  severity: "critical",
  reason: "with `never` every network policy is ignored, also the default deny of tenants",
  fix: "Remove policyEnforcementMode, or set it to default or always; set policyAuditMode to false.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "cilium");
    if (at(values, "policyEnforcementMode") === "never") report("Cilium enforces no policy");
    if (isOn(at(values, "policyAuditMode"))) report("Cilium only audits policies");
  },
});

export const helmCiliumMeshTls = resourceRule({
  name: "helm-cilium-mesh-authority",
  description: "Clusters of a mesh trust one authority, which no chart makes at render time.",
  severity: "high",
  reason: "a chart that makes its own authority breaks the mesh, and makes a new one at every preview",
  fix: "Set tls.caBundle, and clustermesh.apiserver.tls.auto.enabled to false.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "cilium");
    if (values === undefined || !isOn(at(values, "clustermesh", "useAPIServer"))) return;
    const made = at(values, "clustermesh", "apiserver", "tls", "auto", "enabled");
    if (differs(made, false)) report("the chart makes certificates of the mesh itself");
  },
});

export const helmIstioMutualTls = resourceRule({
  name: "helm-istio-mutual-tls",
  description: "Istio's own switches for mutual TLS are on.",
  severity: "critical",
  reason: "with them off, sidecars and gateways send plain text whatever policies say",
  fix: "Remove meshConfig.enableAutoMtls: false and every PERMISSIVE or DISABLE in the values.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "istiod");
    if (values === undefined) return;
    if (at(values, "meshConfig", "enableAutoMtls") === false) report("meshConfig.enableAutoMtls is off");
    const mesh = at(values, "meshConfig", "meshMTLS", "minProtocolVersion");
    if (typeof mesh === "string" && !/^TLSV1_[23]$/.test(mesh)) report("the mesh admits old versions of TLS");
  },
});

export const helmArgoCdAccess = resourceRule({
  name: "helm-argo-cd-access",
  description: "Argo CD admits nobody without a name, gives nobody rights by default, and opens no shells.",
  severity: "critical",
  reason: "who has Argo CD has every cluster that it deploys to",
  fix: 'Remove users.anonymous.enabled and exec.enabled, and set configs.rbac["policy.default"] to "".',
  appliesTo: RELEASE,
  check: (resource, report) => {
    const configs = at(valuesFor(resource, "argo-cd"), "configs");
    for (const key of ["users.anonymous.enabled", "exec.enabled"])
      if (isOn(at(configs, "cm", key))) report(`configs.cm["${key}"] is on`);
    const byDefault = text(at(configs, "rbac", "policy.default")) ?? "";
    if (byDefault !== "") report("everybody who logs in to Argo CD has a role");
  },
});

export const helmArgoCdExposure = resourceRule({
  name: "helm-argo-cd-exposure",
  description: "Argo CD without TLS of its own is only reached through the gateway.",
  severity: "high",
  reason: "server.insecure is right behind a gateway that ends TLS, and nowhere else",
  fix: "Remove server.ingress and the type of server.service, or switch configs.params[server.insecure] off.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "argo-cd");
    if (!isOn(at(values, "configs", "params", "server.insecure"))) return;
    const service = at(values, "server", "service", "type") ?? "ClusterIP";
    if (differs(service, "ClusterIP")) report("Argo CD's Service is open, and has no TLS");
    if (isOn(at(values, "server", "ingress", "enabled")) && !isOn(at(values, "server", "ingress", "tls")))
      report("Argo CD's Ingress has no TLS");
  },
});

export const helmOpensearchSecurity = resourceRule({
  name: "helm-opensearch-security",
  description: "OpenSearch has its security plugin on, speaks TLS, and installs no demo accounts.",
  severity: "critical",
  reason: "it holds the logs of every tenant, and is open to everybody without it",
  fix: "Remove plugins.security.disabled and DISABLE_SECURITY_PLUGIN; keep DISABLE_INSTALL_DEMO_CONFIG at true.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "opensearch");
    if (values === undefined) return;
    const file = at(values, "config", "opensearch.yml");
    const config = text(file) ?? "";
    if (/^\s*plugins\.security\.disabled:\s*["']?true/m.test(config)) report("plugins.security.disabled is on");
    if (/^\s*plugins\.security\.ssl\.http\.enabled:\s*["']?false/m.test(config)) report("OpenSearch speaks no TLS");
    const variables = items(values.extraEnvs);
    const variable = (name: string) => variables.find((one) => at(one, "name") === name);
    if (isOn(at(variable("DISABLE_SECURITY_PLUGIN"), "value"))) report("DISABLE_SECURITY_PLUGIN is on");
    const demo = variable("DISABLE_INSTALL_DEMO_CONFIG");
    if (!hasUnknown(values.extraEnvs) && isOff(at(demo, "value"))) report("OpenSearch installs its demo accounts");
  },
});

export const helmThanosReceive = resourceRule({
  name: "helm-thanos-receive",
  description: "Thanos takes no samples from outside.",
  severity: "medium",
  reason: "the chart turns its receiver on by default, and nothing asks who writes to it",
  fix: "Set receive.enabled to false.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "thanos");
    if (values !== undefined && differs(at(values, "receive", "enabled"), false)) report("Thanos' receiver is on");
  },
});

export const helmGrafanaAccess = resourceRule({
  name: "helm-grafana-access",
  description: "Grafana knows who looks, and its administrator's password is in a Secret.",
  severity: "high",
  reason: "the chart's password is known to everybody who can read its documentation",
  fix: "Set grafana.admin.existingSecret, and remove auth.anonymous.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const grafana = at(valuesFor(resource, "kube-prometheus-stack"), "grafana");
    if (grafana === undefined || grafana === UNKNOWN || at(grafana, "enabled") === false) return;
    if (isMissing(at(grafana, "admin", "existingSecret"))) report("Grafana has the chart's own password");
    if (isOn(at(grafana, "grafana.ini", "auth.anonymous", "enabled"))) report("everybody may look without a name");
  },
});

export const helmExternalDnsOwner = resourceRule({
  name: "helm-external-dns-owner",
  description: "external-dns marks its records with a name of its own, and keeps to its domains.",
  severity: "high",
  reason: "with the default name two clusters delete each other's records, and without a filter those of others",
  fix: "Set txtOwnerId to <stack>.<cluster>, registry to txt, and domainFilters.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    const values = valuesFor(resource, "external-dns");
    if (values === undefined) return;
    const owner = values.txtOwnerId;
    if (isMissing(owner) || owner === "default") report("external-dns has no owner of its own");
    if (isMissing(values.domainFilters)) report("external-dns has no domainFilters");
    if (values.registry === "noop") report("external-dns marks nothing");
  },
});

/** Words that charts and people have as passwords before anybody thinks of one. */
const DEFAULTS =
  /^(admin|administrator|password|passw0rd|changeme|change-me|secret|prom-operator|root|test|12345678?|minioadmin|guest)$/i;
const PASSWORD = /passw(or)?d$|passphrase$/i;

export const helmNoDefaultPasswords = resourceRule({
  name: "helm-no-default-passwords",
  description: "No value of a chart is a password that everybody knows.",
  severity: "critical",
  reason: "such passwords are the first that are tried",
  fix: "Make a password with the stack (trust.password), and hand it over in an existing Secret.",
  appliesTo: RELEASE,
  check: (resource, report) => {
    for (const { path, value } of leaves(valuesOf(resource)))
      if (PASSWORD.test(path.at(-1) ?? "") && DEFAULTS.test(String(value))) report(`${path.join(".")} is a default`);
  },
});

function valuesOf({ props }: Resource): unknown {
  return at(props, "values");
}

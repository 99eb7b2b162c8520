import { INSTALLS, installOf, pinOf, RELEASE } from "../lib/charts";
import { resourceRule, textList } from "../lib/rule";
import { at, isMissing, isOn, leaves, text, UNKNOWN } from "../lib/values";
import { isPinned } from "./workloads";

const EXACT = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

export const helmPinned = resourceRule({
  name: "helm-pinned",
  description: "Every chart has one exact version; a chart of the platform that of charts.json.",
  severity: "high",
  reason: "a chart without an exact version is another one tomorrow, and versions that were not tried together break",
  fix: "Set the exact version; that of a chart of the platform stands in components/addons/charts.json.",
  appliesTo: INSTALLS,
  check: (resource, report) => {
    const install = installOf(resource);
    if (install === undefined || install.version === UNKNOWN) return;
    const version = text(install.version);
    const pin = pinOf(install.name);
    // A folder has no version beside what stands in it, and is as pinned as this repository.
    if (version === undefined && install.local) return;
    if (version === undefined || !EXACT.test(version)) report(`chart ${install.name} has no exact version`);
    else if (pin !== undefined && pin.version !== version)
      report(`chart ${install.name} is not at the version of charts.json, ${pin.version}`);
  },
});

export const helmKnownRepository = resourceRule({
  name: "helm-known-repository",
  description: "Every chart comes from its known repository, a mirror that is named, or this machine.",
  severity: "high",
  reason: "whoever holds the repository of a chart holds the cluster",
  fix: "Take the repository of charts.json, or name the mirror or the repository of an extension in `repositories`.",
  options: {
    repositories: textList("Mirrors, and repositories of extensions: addresses that one begins with.", []),
  },
  appliesTo: INSTALLS,
  check: (resource, report, { repositories }) => {
    const install = installOf(resource);
    if (install === undefined || install.local || install.hidden) return;
    const { name, repository } = install;
    const known = [pinOf(name)?.repository, ...repositories].filter((one) => one !== undefined);
    const trimmed = (url: string) => url.replace(/\/+$/, "");
    const fits = known.some((url) => `${trimmed(repository ?? "")}/`.startsWith(`${trimmed(url)}/`));
    if (!fits) report(`chart ${name} comes from a repository that is not known`);
  },
});

export const helmSecureTransport = resourceRule({
  name: "helm-secure-transport",
  description: "Charts come by TLS whose certificates are checked.",
  severity: "high",
  reason: "who is on the way could hand over another chart",
  fix: "Use https:// or oci://, and remove insecureSkipTlsVerify and plainHttp.",
  appliesTo: RELEASE,
  check: ({ props }, report) => {
    const repo = text(at(props, "repositoryOpts", "repo")) ?? text(props.chart) ?? "";
    if (repo.startsWith("http://")) report("the chart comes by HTTP");
    for (const key of ["insecureSkipTlsVerify", "plainHttp"])
      if (isOn(props[key]) || isOn(at(props, "repositoryOpts", key))) report(`${key} is on`);
  },
});

export const helmNotAtomic = resourceRule({
  name: "helm-not-atomic",
  description: "No release is atomic.",
  severity: "low",
  reason: "an atomic release takes the pods away whose events say why it failed",
  fix: "Set atomic to false; the next `up` upgrades the failed release.",
  appliesTo: RELEASE,
  check: ({ props }, report) => {
    if (isOn(props.atomic)) report("the release is atomic");
  },
});

const IMAGE = /^(?:image|.*Image|repository)$/;

export const helmNoLatestImages = resourceRule({
  name: "helm-no-latest-images",
  description: "No value of a chart asks for an image that moves.",
  severity: "medium",
  reason: "two pods of one release would differ, and a roll back would do nothing",
  fix: "Give the version's tag, better the digest, or leave it to the chart.",
  appliesTo: INSTALLS,
  check: (resource, report) => {
    for (const { path, value } of leaves(installOf(resource)?.values)) {
      const key = path.at(-1) ?? "";
      const moving = /^(latest|main|master|edge|nightly)$/.test(String(value));
      if ((key === "tag" || key === "imageTag") && moving) report(`${path.join(".")} is a tag that moves`);
      const image = IMAGE.test(key) && typeof value === "string" && /:[^/]+$/.test(value) && !isPinned(value);
      if (image) report(`${path.join(".")} is an image that moves`);
    }
  },
});

export const helmNoPrivileged = resourceRule({
  name: "helm-no-privileged",
  description: "No value of a chart makes a container privileged, but of the charts that reach into nodes.",
  severity: "high",
  reason: "a privileged container is root on its node, and through it on every pod there",
  fix: "Remove the value, or, after a review, name the chart in `charts`.",
  options: { charts: textList("Charts whose containers may be privileged.", ["cilium", "ztunnel", "cni"]) },
  appliesTo: INSTALLS,
  check: (resource, report, { charts }) => {
    const install = installOf(resource);
    if (install === undefined || charts.includes(install.name)) return;
    for (const { path, value } of leaves(install.values))
      if (path.at(-1) === "privileged" && isOn(value)) report(`${path.join(".")} is on`);
  },
});

export const helmNoHostNamespaces = resourceRule({
  name: "helm-no-host-namespaces",
  description:
    "No value of a chart gives pods the network or the processes of their node, but of charts of the network.",
  severity: "high",
  reason: "such a pod passes every network policy by, and sees what others on the node do",
  fix: "Remove the value, or, after a review, name the chart in `charts`.",
  options: {
    charts: textList("Charts whose pods may.", [
      "cilium",
      "ztunnel",
      "cni",
      "kube-prometheus-stack",
      "opentelemetry-ebpf-instrumentation",
    ]),
  },
  appliesTo: INSTALLS,
  check: (resource, report, { charts }) => {
    const install = installOf(resource);
    if (install === undefined || charts.includes(install.name)) return;
    for (const { path, value } of leaves(install.values))
      if (/^host(Network|PID|IPC)$/.test(path.at(-1) ?? "") && isOn(value)) report(`${path.join(".")} is on`);
  },
});

export const helmNoOpenServices = resourceRule({
  name: "helm-no-open-services",
  description: "No chart opens a load balancer or a port on every node of its own.",
  severity: "high",
  reason: "every door beside the gateway is one past TLS, rate limits and access logs",
  fix: "Make the Service a ClusterIP and add an HTTPRoute to the gateway.",
  options: {
    charts: textList("Charts whose Services may: the mesh's API server of Cilium, and the development registry.", [
      "cilium",
      "zot",
    ]),
  },
  appliesTo: INSTALLS,
  check: (resource, report, { charts }) => {
    const install = installOf(resource);
    if (install === undefined || charts.includes(install.name)) return;
    for (const { path, value } of leaves(install.values)) {
      const service = /service/i.test(path.at(-2) ?? "") && /^(type|serviceType)$/.test(path.at(-1) ?? "");
      if (service && (value === "LoadBalancer" || value === "NodePort")) report(`${path.join(".")} is ${value}`);
    }
  },
});

export const helmHasNamespace = resourceRule({
  name: "helm-has-namespace",
  description: "Every release says in which namespace it is, and not in `default`.",
  severity: "medium",
  reason: "the default namespace has no level of Pod Security, no quota and no policy",
  fix: "Set namespace to that of the add-on.",
  appliesTo: RELEASE,
  check: ({ props }, report) => {
    if (isMissing(props.namespace) || props.namespace === "default") report("the release has no namespace of its own");
  },
});

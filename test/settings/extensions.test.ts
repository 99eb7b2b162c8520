import { accepts, type Json, refuses } from "../support/settings";

function extension(more: Json = {}): Json {
  return {
    chart: { repository: "https://charts.choreo.test", name: "widget", version: "1.2.3" },
    namespace: "widget",
    planes: ["data"],
    ...more,
  };
}

const WIDGET = "platform.extensions.widget";
const EXACT = "an exact chart version such as 1.2.3; ranges are refused";

describe("settings: extensions", () => {
  accepts([
    ["one", { [WIDGET]: extension() }],
    ["one that needs an add-on", { [WIDGET]: extension({ needs: ["cert-manager"] }) }],
    [
      "one that needs another",
      { [WIDGET]: extension({ needs: ["gadget"] }), "platform.extensions.gadget": extension({ namespace: "gadget" }) },
    ],
  ]);
  refuses([
    [
      "a version that is a range",
      { [`${WIDGET}`]: extension(), [`${WIDGET}.chart.version`]: "^1.2.3" },
      `${WIDGET}.chart.version: ${EXACT}`,
    ],
    [
      "a version of two numbers",
      { [`${WIDGET}`]: extension(), [`${WIDGET}.chart.version`]: "1.2" },
      `${WIDGET}.chart.version: ${EXACT}`,
    ],
    [
      "a repository without a scheme",
      { [`${WIDGET}`]: extension(), [`${WIDGET}.chart.repository`]: "charts.choreo.test" },
      `${WIDGET}.chart.repository: a repository is https://… or oci://… (the chart itself)`,
    ],
    [
      "a password for the repository",
      { [`${WIDGET}`]: extension(), [`${WIDGET}.chart.repository`]: "oci://bot:s3cr3t@charts.choreo.test/widget" },
      `${WIDGET}.chart.repository: has a user or a password in the URL; write it without, and name a Secret where credentials are needed`,
    ],
    [
      "the namespace of another",
      { [WIDGET]: extension(), "platform.extensions.gadget": extension() },
      'platform.extensions.gadget.namespace: "widget" is the namespace of extension widget; give the extension one of its own',
    ],
    [
      "the namespace of an add-on",
      { [WIDGET]: extension({ namespace: "cert-manager" }) },
      `${WIDGET}.namespace: "cert-manager" is the namespace of add-on cert-manager; give the extension one of its own`,
    ],
    [
      "a namespace of the cluster",
      { [WIDGET]: extension({ namespace: "kube-system" }) },
      `${WIDGET}.namespace: "kube-system" is the namespace of the cluster; give the extension one of its own`,
    ],
    [
      "a plane that no cluster has",
      { [WIDGET]: extension({ planes: ["workflow"] }), "platform.clusters.control.planes": ["control"] },
      `${WIDGET}.planes: no cluster has a plane of workflow`,
    ],
    ["no plane", { [WIDGET]: extension({ planes: [] }) }, `${WIDGET}.planes: name at least one plane`],
    [
      "an unknown need",
      { [WIDGET]: extension({ needs: ["gizmo"] }) },
      `${WIDGET}.needs: no add-on or extension "gizmo"; there are gateway-api-crds, cilium, cert-manager`,
    ],
    [
      "a need that is switched off",
      { [WIDGET]: extension({ needs: ["cert-manager"] }), "platform.certManager.enabled": false },
      `platform.certManager.enabled: false, but widget needs it; switch widget off too, or leave it on`,
    ],
    [
      "itself as a need",
      { [WIDGET]: extension({ needs: ["widget"] }) },
      `${WIDGET}.needs: go round in a circle: widget → widget; break it at one of them`,
    ],
    [
      "needs that go round in a circle",
      {
        [WIDGET]: extension({ needs: ["gadget"] }),
        "platform.extensions.gadget": extension({ needs: ["widget"], namespace: "gadget" }),
      },
      `${WIDGET}.needs: go round in a circle: widget → gadget → widget; break it at one of them`,
    ],
    [
      "the name of an add-on",
      { "platform.extensions.cert-manager": extension() },
      "platform.extensions.cert-manager: is the name of an add-on of the platform; choose another",
    ],
    [
      "a name with upper case",
      { "platform.extensions.Widget": extension() },
      'platform.extensions.Widget: an extension name has lower-case letters, digits and "-" only, with a letter or digit at both ends',
    ],
  ]);
});

describe("settings: what extensions plug in", () => {
  const webhooks = (more: Json): Json => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "rules" },
    webhooks: [{ name: "rules.choreo.test", ...more }],
  });
  const api = (spec: Json): Json => ({
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.own.choreo.test" },
    spec: { group: "own.choreo.test", version: "v1", service: { name: "own", namespace: "widget" }, ...spec },
  });
  const plugs = (...objects: Json[]) => ({ [WIDGET]: extension({ objects }) });
  const RULES = {
    alerts: [{ alert: "WidgetDown", expr: "up == 0", summary: "It is down." }],
    dashboards: { widget: { title: "Widget", panels: [{ title: "Up", queries: { up: "up" } }] } },
    scrapes: [{ name: "widget", labels: { app: "widget" }, port: "metrics" }],
  };
  accepts([
    ["alerts, dashboards and scrapes", { [WIDGET]: extension(RULES) }],
    [
      "no chart, but objects",
      { [WIDGET]: extension({ chart: undefined, objects: [webhooks({ failurePolicy: "Ignore" })] }) },
    ],
    ["a chart of this repository", { [WIDGET]: extension({ chart: { path: "examples/extensions/catalogue" } }) }],
    ["a webhook of some namespaces", plugs(webhooks({ namespaceSelector: { matchLabels: { a: "b" } } }))],
    ["an API with a certificate", plugs(api({ caBundle: "Cg==" }))],
  ]);
  const CLOSED =
    "fails closed on every namespace, also the cluster's own: give a namespaceSelector, or failurePolicy: Ignore (a ValidatingAdmissionPolicy needs no webhook)";
  refuses([
    [
      "nothing at all",
      { [WIDGET]: extension({ chart: undefined }) },
      `${WIDGET}: brings nothing; give a chart, manifests, objects, alerts, dashboards or scrapes`,
    ],
    [
      "values without a chart",
      { [WIDGET]: extension({ ...RULES, chart: undefined, values: { a: 1 } }) },
      `${WIDGET}.values: values go with a chart`,
    ],
    [
      "a folder that is no chart",
      { [WIDGET]: extension({ chart: { path: "examples" } }) },
      `${WIDGET}.chart.path: "examples" holds no Chart.yaml with a name and a version; give the folder of a chart`,
    ],
    ["a webhook that fails closed everywhere", plugs(webhooks({})), `${WIDGET}.objects[0].webhooks[0]: ${CLOSED}`],
    [
      "an API that anyone may answer for",
      plugs(api({ insecureSkipTLSVerify: true })),
      `${WIDGET}.objects[0].spec.insecureSkipTLSVerify: anyone could answer for the API; give a caBundle (cert-manager.io/inject-ca-from can write it)`,
    ],
    [
      "a workload",
      plugs({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "own" } }),
      `${WIDGET}.objects[0]: a Deployment comes from a chart, not from an object; put it into one`,
    ],
    [
      "an object of the cluster's own namespace",
      plugs({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "own", namespace: "kube-system" } }),
      `${WIDGET}.objects[0].metadata.namespace: "kube-system" is the cluster's own; use "widget"`,
    ],
    [
      "an object twice",
      plugs(
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "own" } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "own" } },
      ),
      `${WIDGET}.objects[1]: ConfigMap "own" is there twice`,
    ],
    [
      "an object without a name",
      plugs({ apiVersion: "v1", kind: "ConfigMap", metadata: {} }),
      `${WIDGET}.objects[0].metadata.name: required: text`,
    ],
  ]);
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CATALOG, PINS } from "../../components/addons";
import { accepts, type Json, lines, problemsAfter, refuses } from "../support/settings";

const CERTS = "platform.certManager";
const ISSUER = `${CERTS}.issuer`;
const ROUTE53 = { route53: { region: "eu-west-1" } };
const ONE_SOLVER = "give exactly one of route53, cloudDNS, cloudflare and webhook";
const UNKNOWN = "unknown key; remove it, or check its spelling in docs/settings.schema.json";

function acme(more: Json): Json {
  return { kind: "acme", email: "platform@choreo.test", dns01: ROUTE53, ...more };
}

describe("settings: cert-manager", () => {
  accepts([
    ["ACME in development", { [ISSUER]: acme({}) }],
    ["production with an issuer", { "platform.profile": "production", [ISSUER]: acme({}) }],
    [
      "self-signed in production, where it is said",
      { "platform.profile": "production", [ISSUER]: { kind: "self-signed" } },
    ],
  ]);
  refuses([
    [
      "production without an issuer",
      { "platform.profile": "production" },
      `${ISSUER}: required: kind is one of "self-signed", "acme"`,
    ],
    [
      "production with settings of cert-manager, but no issuer",
      { "platform.profile": "production", [`${CERTS}.replicas`]: 3 },
      `${ISSUER}: required: kind is one of "self-signed", "acme"`,
    ],
    [
      "an unknown kind of issuer",
      { [ISSUER]: { kind: "vault" } },
      `${ISSUER}.kind: kind is one of "self-signed", "acme"`,
    ],
    [
      "ACME without an e-mail address",
      { [ISSUER]: acme({ email: undefined }) },
      `${ISSUER}.email: required: an e-mail address such as "platform@example.com"`,
    ],
    [
      "ACME with half an e-mail address",
      { [ISSUER]: acme({ email: "platform" }) },
      `${ISSUER}.email: not an e-mail address such as "platform@example.com"`,
    ],
    ["ACME without a solver", { [ISSUER]: acme({ dns01: undefined }) }, `${ISSUER}.dns01: required: an object`],
    ["DNS-01 with no solver", { [ISSUER]: acme({ dns01: {} }) }, `${ISSUER}.dns01: ${ONE_SOLVER}`],
    [
      "DNS-01 with two solvers",
      { [ISSUER]: acme({ dns01: { ...ROUTE53, cloudDNS: { project: "choreo" } } }) },
      `${ISSUER}.dns01: ${ONE_SOLVER}`,
    ],
    [
      "a solver that is misspelled",
      { [ISSUER]: acme({ dns01: { route54: { region: "eu-west-1" } } }) },
      `${ISSUER}.dns01.route54: ${UNKNOWN}`,
      `${ISSUER}.dns01: ${ONE_SOLVER}`,
    ],
    ["no replica", { [`${CERTS}.replicas`]: 0 }, `${CERTS}.replicas: must be at least 1`],
    ["six replicas", { [`${CERTS}.replicas`]: 6 }, `${CERTS}.replicas: must be at most 5`],
  ]);
});

const MANAGED =
  'platform.cilium.enabled: false, but control, east, west say cilium: managed; say "present" where someone else runs Cilium';
const PRESENT = Object.fromEntries(
  ["control", "east", "west"].flatMap((name) => [
    [`platform.clusters.${name}.cilium`, "present"],
    [`platform.clusters.${name}.network.mesh`, false],
  ]),
);

describe("settings: switching add-ons off", () => {
  accepts([
    ["cert-manager", { [`${CERTS}.enabled`]: false }],
    ["the Gateway API", { "platform.gatewayApi.enabled": false }],
    ["Cilium, where someone else runs it everywhere", { ...PRESENT, "platform.cilium.enabled": false }],
    ["Hubble's interface with its relay", { "platform.cilium.hubble": { relay: false, ui: false } }],
  ]);
  refuses([
    [
      "Cilium, which cert-manager needs",
      { "platform.cilium.enabled": false },
      "platform.cilium.enabled: false, but cert-manager needs it; switch cert-manager off too, or leave it on",
      MANAGED,
    ],
    ["Cilium, which clusters leave to it", { "platform.cilium.enabled": false, [`${CERTS}.enabled`]: false }, MANAGED],
    [
      "Hubble's relay, which its interface needs",
      { "platform.cilium.hubble.relay": false },
      "platform.cilium.hubble.ui: needs hubble.relay; switch it off too",
    ],
    [
      "an add-on by its key alone",
      { "platform.cilium": false },
      "platform.cilium: must be an object, but is true or false",
    ],
  ]);
});

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
      `${WIDGET}.needs: no add-on or extension "gizmo"; there are ${CATALOG.map((addon) => addon.name).join(", ")}`,
    ],
    [
      "a need that is switched off",
      { [WIDGET]: extension({ needs: ["cert-manager"] }), [`${CERTS}.enabled`]: false },
      `${CERTS}.enabled: false, but widget needs it; switch widget off too, or leave it on`,
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

describe("settings: a mirror of the charts", () => {
  const path = "platform.charts.mirror";
  const what = `${path}: a mirror is oci://…, https://… or a directory of packaged charts`;
  const { version, repository } = PINS.cilium;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mirror-"));
    const others = Object.values(PINS).filter(({ chart }) => chart !== "cilium" && chart !== "cert-manager");
    const files = [
      ...others.map(({ chart, version }) => `${chart}-${version}.tgz`),
      "cilium-0.1.0.tgz",
      "cilium-v0.2.0.tgz",
    ];
    for (const file of files) writeFileSync(join(folder, file), "");
    mkdirSync(join(folder, "cert-manager"));
    writeFileSync(
      join(folder, "cert-manager", "Chart.yaml"),
      `version: ${PINS["cert-manager"].version.replace("v", "")}`,
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  accepts([
    ["in a registry", { [path]: "oci://mirror.test/charts" }],
    ["in a repository", { [path]: "https://mirror.test/charts" }],
  ]);
  refuses([
    ["of an unknown scheme", { [path]: "ftp://mirror.test/charts" }, what],
    ["of an empty name", { [path]: "" }, what],
    [
      "that is missing",
      { [path]: "no/such/folder" },
      `${path}: no directory "no/such/folder"; give one that holds <chart>-<version>.tgz files`,
    ],
    [
      "that is a file",
      { [path]: "package.json" },
      `${path}: no directory "package.json"; give one that holds <chart>-<version>.tgz files`,
    ],
  ]);

  it("with one chart of other versions", () => {
    assert.deepEqual(lines(problemsAfter({ [path]: folder })), [
      `${path}: chart cilium ${version} is needed, and the directory has 0.1.0, v0.2.0; add cilium-${version}.tgz (from ${repository})`,
    ]);
  });

  it("without the chart of an extension", () => {
    writeFileSync(join(folder, `cilium-${version}.tgz`), "");
    assert.deepEqual(lines(problemsAfter({ [path]: folder, [WIDGET]: extension() })), [
      `${path}: chart widget 1.2.3 is needed, and the directory does not have it; add widget-1.2.3.tgz (from https://charts.choreo.test)`,
    ]);
  });
});

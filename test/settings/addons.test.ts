import { accepts, type Json, PRODUCTION, refuses } from "../support/settings";

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
    ["production with an issuer", { ...PRODUCTION, [ISSUER]: acme({}) }],
    ["self-signed in production, where it is said", { ...PRODUCTION, [ISSUER]: { kind: "self-signed" } }],
  ]);
  refuses([
    [
      "production without an issuer",
      { ...PRODUCTION, [ISSUER]: undefined },
      `${ISSUER}: required: kind is one of "self-signed", "acme"`,
    ],
    [
      "production with settings of cert-manager, but no issuer",
      { ...PRODUCTION, [ISSUER]: undefined, [`${CERTS}.replicas`]: 3 },
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
    [
      "ACME without a solver",
      { [ISSUER]: acme({ dns01: undefined }) },
      `${ISSUER}.dns01: required: who serves the zone, which no account of AWS does for control, east, west; give a solver, or aws.zone where all clusters are on EKS`,
    ],
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

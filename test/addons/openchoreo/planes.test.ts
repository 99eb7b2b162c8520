import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { accepts, type Edits, OIDC, PRODUCTION, refuses, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const ON = switchOn("openchoreo-control-plane");
const SIGNED_IN = { ...ON, "platform.openchoreo.oidc": OIDC };
const addon = (name: string) => CATALOG.find((one) => one.name === name) ?? assert.fail(name);

describe("settings of OpenChoreo", () => {
  accepts([
    ["nobody signs in, in development", ON],
    ["people sign in, in development", SIGNED_IN],
    ["people sign in, in production", { ...ON, ...PRODUCTION }],
    ["nobody signs in where it is off", { ...PRODUCTION, "platform.openchoreo": { enabled: false } }],
  ]);
  refuses([
    [
      "nobody signs in, in production",
      { ...ON, ...PRODUCTION, "platform.openchoreo.oidc": undefined },
      "platform.openchoreo.oidc: required in production: without it everybody may do everything",
    ],
    [
      "an endpoint that is no URL",
      { ...SIGNED_IN, "platform.openchoreo.oidc.tokenUrl": "id.choreo.test" },
      'platform.openchoreo.oidc.tokenUrl: not an http(s) URL such as "https://example.com/path"',
    ],
  ]);
});

/** The observability plane on a cluster of its own. */
const APART = {
  ...ON,
  "platform.clusters.control.planes": ["control", "workflow"],
  "platform.clusters.west.planes": ["data", "observability"],
};
const ACME = {
  kind: "acme",
  email: "platform@choreo.test",
  dns01: { cloudflare: { apiTokenSecretRef: { name: "dns", key: "token" } } },
};

describe("OpenChoreo's observer apart from the control plane", () => {
  const problem = (names: string) =>
    `platform.certManager.issuer: self-signed, but OpenChoreo's observer on ${names} calls the API on control by TLS, and its ` +
    "chart takes no roots to verify that by; give kind: acme, put the observability plane on control, or switch openchoreo off";
  const both = { "platform.clusters.east.planes": ["data", "observability"] };
  refuses([
    ["roots of the clusters' own", APART, problem("west")],
    ["roots of the clusters' own, twice", { ...APART, ...both }, problem("east and west")],
    [
      "one of two that is apart",
      { ...ON, "platform.clusters.west.planes": ["data", "observability"] },
      problem("west"),
    ],
  ]);
  accepts([
    ["certificates that everybody trusts", { ...APART, "platform.certManager": { issuer: ACME } }],
    ["where OpenChoreo is off", { ...APART, "platform.openchoreo": { enabled: false } }],
    [
      "where the control plane is another stack's, whose certificates are its own business",
      {
        ...APART,
        "platform.clusters.control": undefined,
        "platform.controlPlane": { stack: "example/openchoreo/control" },
      },
    ],
  ]);

  it("calls the API by the name that its certificate is for, and beside it without TLS", async () => {
    const url = async (cluster: string, edits: Edits) => {
      const { observer } = await valuesOn(cluster, addon("openchoreo-observability-plane"), edits);
      return object(observer).controlPlaneApiUrl;
    };
    assert.equal(await url("west", { ...APART, "platform.certManager": { issuer: ACME } }), "https://api.choreo.test");
    assert.equal(await url("control", ON), "http://openchoreo-api.openchoreo-control-plane.svc:8080");
  });
});

describe("values of OpenChoreo's control plane", () => {
  const values = (edits = ON) => valuesOn("control", addon("openchoreo-control-plane"), edits);

  it("switch security off where nobody signs in, and its Job with it", async () => {
    assert.deepEqual((await values()).security, { enabled: false, authz: { enabled: false } });
  });

  it("give roles to groups and to the platform's own clients, and to nobody else", async () => {
    const clients = { console: "console-id", observer: "observer-id", publisher: "publisher-id" };
    const { openchoreoApi, backstage } = await values({ ...SIGNED_IN, "platform.openchoreo.oidc.clients": clients });
    const { mappings } = object(
      object(object(object(object(openchoreoApi).config).security).authorization).bootstrap,
    ) as {
      mappings: { roleMappings: [{ roleRef: { name: string } }]; entitlement: { claim: string; value: string } }[];
    };
    assert.deepEqual(
      mappings.map(({ roleMappings: [{ roleRef }], entitlement }) => [
        roleRef.name,
        entitlement.claim,
        entitlement.value,
      ]),
      [
        ["admin", "groups", "admins"],
        ["platform-engineer", "groups", "platform-engineers"],
        ["developer", "groups", "developers"],
        ["sre", "groups", "sres"],
        ["backstage-catalog-reader", "sub", "console-id"],
        ["observer-resource-reader", "sub", "observer-id"],
        ["workload-publisher", "sub", "publisher-id"],
      ],
    );
    assert.deepEqual(object(backstage).auth, { clientId: "console-id" });
  });

  it("speak of names below the domain", async () => {
    const { openchoreoApi, backstage } = await values();
    assert.equal(object(backstage).baseUrl, "https://console.choreo.test");
    assert.deepEqual(object(openchoreoApi).config, { server: { publicUrl: "https://api.choreo.test" } });
  });

  it("keep the console's catalog in production", async () => {
    const database = async (edits = ON) => object(object((await values(edits)).backstage).database).sqlite;
    assert.deepEqual(await database(), { persistence: { enabled: false, size: "1Gi" } });
    assert.deepEqual(await database({ ...ON, ...PRODUCTION }), { persistence: { enabled: true, size: "1Gi" } });
  });
});

describe("OpenChoreo's planes", () => {
  it("hand on the clients' secrets that the stack has, and they stay secrets", async () => {
    const { graph } = await runFleet(SIGNED_IN);
    const secrets = (name: string) =>
      object(object(graph.get(name, "kubernetes:core/v1:Secret").inputs.stringData).secret);
    assert.equal(secrets("control.openchoreo-control-plane-console")["client-secret"], "(oidc)");
    const observer = secrets("control.openchoreo-observability-plane-observer");
    assert.deepEqual(observer, { UID_RESOLVER_OAUTH_CLIENT_SECRET: "(oidc)" });
  });

  it("are on the clusters that are for them, and gone when they are switched off", async () => {
    const releases = async (edits: object) => {
      const { graph } = await runFleet({ ...ON, ...edits });
      return graph.resources.flatMap(({ type, name }) => {
        return type === "kubernetes:helm.sh/v3:Release" && name.includes(".openchoreo-") ? [name] : [];
      });
    };
    assert.deepEqual((await releases({})).sort(), [
      "control.openchoreo-control-plane",
      "control.openchoreo-observability-plane",
      "control.openchoreo-workflow-plane",
      "east.openchoreo-data-plane",
      "west.openchoreo-data-plane",
    ]);
    const { graph } = await runFleet();
    assert.deepEqual(
      graph.resources.filter(({ name }) => /openchoreo-|identities/.test(name)).map(({ name }) => name),
      [],
    );
  });

  it("let the agent manage what the platform's types render", async () => {
    const { graph } = await runFleet(ON);
    const { rules } = graph.get(
      "east.openchoreo-data-plane-rendered",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    ).inputs as { rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[] };
    assert.ok(rules.every(({ verbs, resources, apiGroups }) => ![verbs, resources, apiGroups].flat().includes("*")));
    const groups = rules.flatMap(({ apiGroups }) => apiGroups);
    for (const group of ["gateway.envoyproxy.io", "security.istio.io", ""]) assert.ok(groups.includes(group), group);
  });
});

import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { addonOf, identitiesOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { edit, ON_EKS, PRODUCTION } from "../../support/settings";
import { object } from "../../support/stack";

describe("cert-manager's values", () => {
  const addon = CATALOG.find(({ name }) => name === "cert-manager") ?? assert.fail();

  it("in development are one replica, and kinds that go with it", async () => {
    assert.deepEqual(await valuesOn("east", addon), {
      crds: { enabled: true, keep: false },
      replicaCount: 1,
      podDisruptionBudget: { enabled: false },
      webhook: { replicaCount: 1 },
      cainjector: { replicaCount: 1 },
      prometheus: { enabled: true },
    });
  });

  it("in production are replicated, and kinds that stay", async () => {
    assert.deepEqual(await valuesOn("east", addon, PRODUCTION), {
      crds: { enabled: true, keep: true },
      replicaCount: 2,
      podDisruptionBudget: { enabled: true },
      webhook: { replicaCount: 2 },
      cainjector: { replicaCount: 2 },
      prometheus: { enabled: true },
    });
  });

  it("follow the settings", async () => {
    const settings = { "platform.certManager.replicas": 3, "platform.certManager.keepKinds": true };
    const values = await valuesOn("east", addon, settings);
    const expected = { replicaCount: 3, crds: { enabled: true, keep: true }, webhook: { replicaCount: 3 } };
    assert.deepEqual(
      edit(values, { cainjector: undefined, podDisruptionBudget: undefined, prometheus: undefined }),
      expected,
    );
  });
});

describe("the issuer by ACME", () => {
  const addon = addonOf("cert-manager");
  const acme = { kind: "acme", email: "platform@choreo.test" };
  const ISSUER = "platform.certManager.issuer";

  it("writes texts into the zone of the cluster's account, and nothing else", async () => {
    assert.deepEqual(await identitiesOn("east", addon, { ...ON_EKS, [ISSUER]: acme }), [
      {
        namespace: "cert-manager",
        serviceAccount: "cert-manager",
        statements: [
          { actions: ["route53:GetChange"], resources: ["arn:aws:route53:::change/*"] },
          {
            actions: ["route53:ChangeResourceRecordSets"],
            resources: ["arn:aws:route53:::hostedzone/Z1"],
            conditions: {
              "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
            },
          },
          { actions: ["route53:ListResourceRecordSets"], resources: ["arn:aws:route53:::hostedzone/Z1"] },
        ],
      },
    ]);
  });

  it("answers challenges in that zone", async () => {
    const { graph } = await runFleet({ ...ON_EKS, [ISSUER]: acme, tenants: {} });
    const { acme: spec } = object(graph.get("west.cert-manager-issuer").inputs.spec);
    assert.deepEqual(object(spec).solvers, [
      { dns01: { route53: { region: "us-east-2", hostedZoneID: "Z-of-zone" } } },
    ]);
    const { dependencies } = graph.get("west.cert-manager", "kubernetes-cert-manager:index:CertManager");
    assert.ok(dependencies.some((one) => one.startsWith("aws:eks/podIdentityAssociation")));
  });

  it("asks nothing of AWS where another solver is given, or none is needed", async () => {
    const dns01 = { cloudDNS: { project: "choreo" } };
    for (const issuer of [{ ...acme, dns01 }, { kind: "self-signed" }]) {
      assert.deepEqual(await identitiesOn("east", addon, { [ISSUER]: issuer }), []);
    }
  });
});

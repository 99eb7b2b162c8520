import assert from "node:assert/strict";
import { runFleet } from "../../support/fleet";
import { type Edits, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const ROUTE = "control.argo-cd-argocd-server";
const SSO = {
  issuer: "https://login.choreo.test",
  clientId: "argocd",
  clientSecret: "argoCdClientSecret",
  admins: ["platform-engineers"],
};

async function argoCd(edits: Edits) {
  const config = { "openchoreo:argoCdClientSecret": "secret" };
  const { graph } = await runFleet({ tenants: {}, ...edits }, { config, secrets: Object.keys(config) });
  const { values } = graph.get("control.argo-cd", "kubernetes:helm.sh/v3:Release").inputs;
  return { graph, domain: object(object(values).global).domain };
}

describe("Argo CD's interface", () => {
  for (const [what, more, host] of [
    ["at its default name", {}, "argocd.choreo.test"],
    [
      "at a name of its own, with single sign-on",
      { "platform.argoCd": { host: "cd.choreo.test", sso: SSO } },
      "cd.choreo.test",
    ],
  ] as const) {
    it(`is reached by the platform's gateway ${what}, to which logins come back`, async () => {
      const { graph, domain } = await argoCd({ ...switchOn("argo-cd", "envoy-gateway"), ...more });
      assert.equal(domain, host);
      const { inputs, provider, dependencies } = graph.get(ROUTE);
      assert.equal(provider, "control");
      assert.equal(object(inputs.metadata).namespace, "argocd");
      assert.deepEqual(inputs.spec, {
        parentRefs: [{ name: "choreo-gateway", namespace: "envoy-gateway-system", sectionName: "https" }],
        hostnames: [host],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
            timeouts: { request: "0s" },
            backendRefs: [{ name: "argocd-server", port: 80 }],
          },
        ],
      });
      assert.ok(dependencies.includes("kubernetes:helm.sh/v3:Release control.argo-cd"));
    });
  }

  it("has no route without the platform's gateway", async () => {
    const { graph } = await argoCd(switchOn("argo-cd"));
    assert.deepEqual(
      graph.resources.filter(({ name }) => name === ROUTE),
      [],
    );
  });
});

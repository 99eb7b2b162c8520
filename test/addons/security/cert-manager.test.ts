import assert from "node:assert/strict";
import { CATALOG } from "../../../components/addons";
import { valuesOn } from "../../support/addons";
import { edit, PRODUCTION } from "../../support/settings";

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

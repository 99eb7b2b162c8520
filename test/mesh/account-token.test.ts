import assert from "node:assert/strict";
import { keyOf } from "../../components/mesh/account-token";

const ARGS = { cluster: "east", namespace: "istio-system", secret: "istio-remote-reader" };

describe("the token of an account", () => {
  it("is what a controller wrote", () => {
    assert.equal(keyOf("token", { token: "dA==" }, ARGS), "dA==");
  });

  for (const key of ["token", "ca.crt"] as const) {
    it(`needs its ${key}`, () => {
      const message =
        `cluster east: Secret istio-system/istio-remote-reader has no ${key}; the controller that writes it ` +
        '(kube-controller-manager) does not answer, look at it and run "up" again';
      for (const data of [undefined, {}]) assert.throws(() => keyOf(key, data, ARGS), { message });
    });
  }
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { physicalName } from "../../../components/clusters/eks/names";

describe("a name in AWS", () => {
  it("is its parts where they fit", () => {
    assert.equal(
      physicalName(64, "prod-us-east", "kube-system", "cilium-operator"),
      "prod-us-east-kube-system-cilium-operator",
    );
  });

  it("has no character that AWS refuses", () => assert.equal(physicalName(64, "a.b", "c_d"), "a-b-c-d"));

  it("is never longer than it may be, and differs where its parts do", () => {
    const part = fc.stringMatching(/^[a-z0-9-]{1,40}$/);
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        const [one, other] = [physicalName(30, a, b), physicalName(30, a, c)];
        assert.ok(one.length <= 30 && /^[a-z0-9-]+$/.test(one), one);
        if (b !== c) assert.notEqual(one, other);
      }),
    );
  });
});

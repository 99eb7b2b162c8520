import assert from "node:assert/strict";
import { installOf } from "../../policy/lib/charts";

const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("the chart of a release", () => {
  const cases: readonly (readonly [chart: string, name: string, version: string | undefined])[] = [
    ["cilium", "cilium", undefined],
    ["oci://registry.test/charts/gateway-helm", "gateway-helm", undefined],
    ["/charts/cilium-1.19.6.tgz", "cilium", "1.19.6"],
    ["charts/cert-manager-v1.21.1", "cert-manager", "v1.21.1"],
    ["charts/aws-ebs-csi-driver-2.64.0/", "aws-ebs-csi-driver", "2.64.0"],
    ["./examples/extensions/catalogue", "catalogue", undefined],
  ];
  for (const [chart, name, version] of cases) {
    it(`at ${chart} is ${name}`, () => {
      const about = { type: RELEASE, name: "east.any", urn: "urn", protect: false, dependencies: [] };
      const found = installOf({ ...about, props: { chart } }) ?? assert.fail();
      assert.deepEqual([found.name, found.version], [name, version]);
    });
  }

  it("is on this machine where its repository is empty", () => {
    const props = { chart: "/charts/cert-manager-v1.21.1", repositoryOpts: { repo: "" } };
    const found = installOf({ type: RELEASE, name: "a", urn: "u", protect: false, dependencies: [], props });
    assert.equal(found?.local, true);
  });
});

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { fits } from "../../recovery/release-steps";
import { dataIn, decodeRelease, encodeRelease, liveRelease, newestOf } from "../../recovery/releases";
import { parseState, resourcesOf } from "../../recovery/state";
import { live, release } from "./support/situations";

/** Helm's record of a revision. */
function secret(version: number, status: string, manifest = "") {
  const record = {
    name: "cilium",
    info: { status, first_deployed: "2026" },
    chart: { metadata: { name: "cilium", version: "1.2.3" }, files: [] },
    manifest,
  };
  const inner = gzipSync(JSON.stringify(record)).toString("base64");
  return {
    type: "helm.sh/release.v1",
    metadata: { namespace: "system", labels: { name: "cilium", version: String(version), status, owner: "helm" } },
    data: { release: Buffer.from(inner).toString("base64") },
  };
}

describe("recovery: releases of a cluster", () => {
  it("are the newest revisions, by number", () => {
    const secrets = [
      secret(10, "pending-upgrade"),
      secret(9, "deployed"),
      { ...secret(11, "deployed"), type: "Opaque" },
    ];
    assert.deepEqual(newestOf(secrets).map(liveRelease), [live("pending-upgrade", { revision: 10 })]);
  });

  it("are written as Helm reads them, with all that is not looked at", () => {
    const decoded = decodeRelease(secret(1, "pending-install").data.release);
    const failed = { ...decoded, info: { ...decoded.info, status: "failed" } };
    assert.deepEqual(decodeRelease(encodeRelease(failed)), failed);
    assert.equal(Reflect.get(failed.info, "first_deployed"), "2026");
    assert.deepEqual(Reflect.get(failed.chart, "files"), []);
  });

  const manifests: readonly (readonly [title: string, manifest: string, ...data: string[]])[] = [
    ["nothing", ""],
    [
      "what runs and holds nothing",
      "kind: Deployment\nmetadata: { name: a }\n---\nkind: Secret\nmetadata: { name: b }\n---\n",
    ],
    ["a stateful set without claims", "kind: StatefulSet\nmetadata: { name: a }\nspec: { replicas: 1 }\n"],
    [
      "a stateful set with claims",
      "kind: StatefulSet\nmetadata: { name: store }\nspec: { volumeClaimTemplates: [{ metadata: { name: data } }] }\n",
      "StatefulSet store",
    ],
    [
      "a claim",
      "kind: Service\nmetadata: { name: a }\n---\nkind: PersistentVolumeClaim\nmetadata: { name: c }\n",
      "PersistentVolumeClaim c",
    ],
    [
      "a kind, with which its objects go",
      "kind: CustomResourceDefinition\nmetadata: { name: k }\n",
      "CustomResourceDefinition k",
    ],
    ["a namespace", "kind: Namespace\nmetadata: { name: n }\n", "Namespace n"],
    ["a database of an operator", "kind: Cluster\nmetadata: { name: db }\n", "Cluster db"],
  ];
  for (const [title, manifest, ...data] of manifests) {
    it(`may hold data: ${title}`, () => assert.deepEqual(dataIn(manifest), data));
  }

  const wanted: readonly (readonly [chart: string, version: string | undefined, fits: boolean])[] = [
    ["cilium", "1.2.3", true],
    ["cilium", "v1.2.3", true],
    ["cilium", undefined, true],
    ["/charts/cilium", "1.2.3", true],
    ["/charts/cilium-1.2.3.tgz", undefined, true],
    ["/charts/cilium-1.2.3", "1.2.3", true],
    ["/charts/cilium-1.2.2", undefined, false],
    ["oci://mirror.example.com/charts/cilium", "1.2.3", true],
    ["cilium", "1.2.4", false],
    ["/charts/cilium-1.2.2.tgz", undefined, false],
    ["cilium-operator", "1.2.3", false],
  ];
  for (const [chart, version, expected] of wanted) {
    it(`${expected ? "fit" : "do not fit"} ${chart} ${version ?? ""}`, () => {
      const one = release("cilium", { inputs: { chart, version } });
      const [resource] = resourcesOf(parseState(JSON.stringify({ version: 3, deployment: { resources: [one] } })));
      assert.ok(resource);
      assert.equal(fits(resource, live("deployed")), expected);
    });
  }
});

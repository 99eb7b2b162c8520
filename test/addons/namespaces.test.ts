import assert from "node:assert/strict";
import type { AddonNamespace } from "../../components/addons/contract";
import { mergeNamespaces } from "../../components/addons/namespaces";

describe("mergeNamespaces", () => {
  const cases: readonly (readonly [
    title: string,
    wanted: readonly AddonNamespace[],
    merged: readonly AddonNamespace[],
  ])[] = [
    ["leaves out the cluster's own", [{ name: "kube-system" }], []],
    [
      "makes each namespace once, with the most permissive level",
      [
        { name: "istio-system", podSecurity: "baseline" },
        { name: "other", podSecurity: "restricted" },
        { name: "istio-system", podSecurity: "privileged" },
        { name: "istio-system", podSecurity: "restricted" },
      ],
      [
        { name: "istio-system", podSecurity: "privileged", labels: {} },
        { name: "other", podSecurity: "restricted", labels: {} },
      ],
    ],
    [
      "joins labels",
      [
        { name: "a", podSecurity: "restricted", labels: { one: "1" } },
        { name: "a", podSecurity: "restricted", labels: { two: "2" } },
      ],
      [{ name: "a", podSecurity: "restricted", labels: { one: "1", two: "2" } }],
    ],
  ];
  for (const [title, wanted, merged] of cases) {
    it(title, () => assert.deepEqual(mergeNamespaces(wanted), merged));
  }
});

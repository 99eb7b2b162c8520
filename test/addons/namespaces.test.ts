import assert from "node:assert/strict";
import type { AddonNamespace } from "../../components/addons/contract";
import { mergeNamespaces } from "../../components/addons/namespaces";
import { targetOn } from "../support/addons";

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
        { name: "istio-system", podSecurity: "privileged", labels: {}, cleanedBy: [] },
        { name: "other", podSecurity: "restricted", labels: {}, cleanedBy: [] },
      ],
    ],
    [
      "joins labels",
      [
        { name: "a", podSecurity: "restricted", labels: { one: "1" } },
        { name: "a", podSecurity: "restricted", labels: { two: "2" } },
      ],
      [{ name: "a", podSecurity: "restricted", labels: { one: "1", two: "2" }, cleanedBy: [] }],
    ],
    [
      "asks for the labels of the cluster",
      [{ name: "a", podSecurity: "restricted", labels: { one: "1" }, labelsOn: ({ name }) => ({ cluster: name }) }],
      [{ name: "a", podSecurity: "restricted", labels: { one: "1", cluster: "east" }, cleanedBy: [] }],
    ],
    [
      "names each add-on that cleans up once",
      [
        { name: "a", podSecurity: "restricted", cleanedBy: ["balancer"] },
        { name: "a", podSecurity: "restricted", cleanedBy: ["balancer", "disks"] },
      ],
      [{ name: "a", podSecurity: "restricted", labels: {}, cleanedBy: ["balancer", "disks"] }],
    ],
  ];
  const { cluster } = targetOn("east");
  for (const [title, wanted, merged] of cases) {
    it(title, () => assert.deepEqual(mergeNamespaces(wanted, cluster), merged));
  }
});

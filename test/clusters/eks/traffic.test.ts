import assert from "node:assert/strict";
import { TRAFFIC, trafficTo } from "../../../components/clusters";

const CONTROL = { planes: ["control", "observability"] } as const;
const DATA = { planes: ["data"] } as const;

const names = (traffic: readonly { readonly name: string }[]) => traffic.map(({ name }) => name);

describe("the table of traffic between networks", () => {
  it("has a name of its own for each kind, and ports that there are", () => {
    assert.equal(new Set(names(TRAFFIC)).size, TRAFFIC.length);
    for (const { name, protocol, from, to } of TRAFFIC) {
      assert.ok(protocol === "icmp" ? from === 8 && to === 0 : from === to && from > 0 && from < 65536, name);
    }
  });

  it("speaks of all that DESIGN names", () => {
    const ports = TRAFFIC.map(({ protocol, from, target }) => `${protocol} ${from} ${target}`);
    for (const needed of [
      "tcp 4240 nodes",
      "icmp 8 nodes",
      "udp 51871 nodes",
      "tcp 2379 nodes",
      "tcp 15008 nodes",
      "tcp 443 api",
    ]) {
      assert.ok(ports.includes(needed), needed);
    }
  });

  const mesh = ["cilium-health", "cilium-ping", "wireguard", "cluster-mesh", "hbone", "istiod"];
  for (const [title, receiver, sender, expected] of [
    ["data cluster to data cluster: the mesh", DATA, DATA, mesh],
    ["control cluster to data cluster: metrics too", DATA, CONTROL, [...mesh, "metrics"]],
    [
      "data cluster to control cluster: agents, logs and traces too",
      CONTROL,
      DATA,
      [...mesh, "cluster-agents", "logs", "traces"],
    ],
    ["the runner: the API server and nothing else", DATA, "runner", ["runner"]],
  ] as const) {
    it(title, () => assert.deepEqual(names(trafficTo(receiver, sender)), expected));
  }

  it("admits Argo CD also where istiod did not", () => {
    const [argo] = TRAFFIC.filter(({ name }) => name === "argo-cd");
    assert.deepEqual([argo?.target, argo?.from, argo?.sender], ["api", 443, "control"]);
  });
});

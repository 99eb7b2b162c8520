import assert from "node:assert/strict";
import { chainLine, longestChain, type Span } from "../../rehearsal/chain";

const urn = (name: string) => `urn:pulumi:test::openchoreo::kubernetes:helm.sh/v3:Release::${name}`;
const times = (spans: Readonly<Record<string, readonly [number, number]>>): ReadonlyMap<string, Span> =>
  new Map(Object.entries(spans).map(([name, [start, end]]) => [urn(name), { start, end }]));

const LINKS = [
  { name: "cilium", needs: [] },
  { name: "cert-manager", needs: ["cilium"] },
  { name: "otel", needs: ["cilium"] },
  { name: "otel-agent", needs: ["otel", "cert-manager", "absent"] },
];

describe("the longest chain of needs", () => {
  it("goes from the add-on that was done last back to its latest needs", () => {
    const spans = times({
      "east.cilium": [1000, 4000],
      "east.cert-manager": [4000, 6000],
      "east.otel": [4000, 5000],
      "east.otel-agent": [6000, 7000],
      "east.otel-agent-tls": [6500, 9000],
      "west.cilium": [1000, 5000],
    });
    const chain = longestChain(spans, new Map([["east", LINKS]])) ?? assert.fail();
    assert.deepEqual(chain, {
      cluster: "east",
      steps: [
        { addon: "cilium", seconds: 3 },
        { addon: "cert-manager", seconds: 2 },
        { addon: "otel-agent", seconds: 3 },
      ],
      seconds: 8,
    });
    assert.equal(
      chainLine(chain),
      "Longest chain of needs (east, 8.0 s): cilium 3.0 s → cert-manager 2.0 s → otel-agent 3.0 s",
    );
  });

  it("is that of the cluster where it takes longest", () => {
    const spans = times({ "east.cilium": [0, 1000], "west.cilium": [0, 2000], "west.otel": [2000, 2500] });
    const chain = longestChain(
      spans,
      new Map([
        ["east", LINKS],
        ["west", LINKS],
      ]),
    );
    assert.deepEqual([chain?.cluster, chain?.seconds], ["west", 2.5]);
  });

  it("counts the resources of the add-on with the longest name that fits", () => {
    const chain = longestChain(times({ "east.otel-agent-x": [0, 500] }), new Map([["east", LINKS]]));
    assert.deepEqual(chain?.steps, [{ addon: "otel-agent", seconds: 0.5 }]);
  });

  it("is none where no add-on was made", () => {
    assert.equal(longestChain(times({ other: [0, 1] }), new Map([["east", LINKS]])), undefined);
    assert.equal(longestChain(new Map(), new Map()), undefined);
  });
});

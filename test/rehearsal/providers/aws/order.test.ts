import assert from "node:assert/strict";
import { ESTATE } from "./estate";
import { type Made, World } from "./world";

/** What fails at AWS when the program does not say that one waits for the other. */
const WAITS: readonly (readonly [piece: string, without: string, message: RegExp])[] = [
  ["nat", "gateway", /Gateway\.NotAttached: Network vpc-\w+ has no Internet gateway attached/],
  ["options", "accepter", /OperationNotPermitted: .* is not active; accept it first/],
  ["identity", "agent", /has no add-on eks-pod-identity-agent/],
  ["dns", "workers", /InsufficientNumberOfReplicas.*coredns.*the cluster has no node group/],
  ["replication", "versions", /Versioning must be 'Enabled' on the bucket/],
  ["replication", "copyVersions", /Destination bucket must have versioning enabled/],
  ["tgwRoute", "linked", /IncorrectState: .* accept the peering first/],
  ["admin", "entry", /has no access entry/],
];

/** Makes the estate up to `piece`, all but `without` and what needs that; what `piece` then fails with. */
async function failureOf(world: World, piece: string, without: string): Promise<string> {
  const made: Record<string, Made> = {};
  const failures = new Map<string, string>();
  for (const [type, name, inputs, region] of ESTATE.filter(([, name]) => name !== without)) {
    try {
      made[name] = await world.make(type, name, inputs(made), region);
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error));
    }
    // What one takes from the other, it could also say by itself.
    if (name === "pods") made.entry = { ...made.pods, state: { principalArn: made.pods?.state.arn } } as Made;
    if (name === piece) break;
  }
  return failures.get(piece) ?? "";
}

describe("stand-in aws: what has to wait", () => {
  for (const [piece, without, message] of WAITS) {
    it(`${piece} for ${without}`, async () => {
      const world = new World();
      try {
        assert.match(await failureOf(world, piece, without), message);
      } finally {
        world.end();
      }
    });
  }

  it("logs of a cluster for their group: without it EKS makes one that the program then finds taken", async () => {
    const world = new World();
    try {
      const made: Record<string, Made> = {};
      for (const [type, name, inputs, region] of ESTATE) {
        if (name === "logs") continue;
        made[name] = await world.make(type, name, inputs(made), region);
        if (name === "cluster") break;
      }
      const [type, , inputs] = ESTATE.find(([, name]) => name === "logs") ?? assert.fail();
      await assert.rejects(world.make(type, "logs", inputs(made)), /ResourceAlreadyExistsException/);
    } finally {
      world.end();
    }
  });
});

import assert from "node:assert/strict";
import { parse } from "yaml";
import { runFleet, tryFleet } from "../../support/fleet";
import { fakeProbe } from "../../support/program";
import { ON_EKS } from "../../support/settings";

/** Names of the clusters whose API servers were asked whether they admit who runs `up`. */
const namesOf = (kubeconfigs: readonly string[]) =>
  kubeconfigs.map((text) => String(parse(text)["current-context"])).sort();

describe("the first use of a cluster on EKS", () => {
  it("waits until its API server admits who runs `up`", async () => {
    const probe = fakeProbe();
    await runFleet(ON_EKS, { probe });
    assert.deepEqual(namesOf(probe.asked.admitted), ["test-control", "test-east", "test-west"]);
  });

  it("asks nothing in a preview", async () => {
    const probe = fakeProbe();
    await runFleet(ON_EKS, { probe, preview: true });
    assert.deepEqual(probe.asked.admitted, []);
  });

  it("does not come where the API server goes on refusing, which names the way out", async () => {
    const good = fakeProbe();
    const admitted = async (kubeconfig: string) => {
      if (namesOf([kubeconfig])[0] === "test-east") throw new Error("credentials are not admitted after 300 s: 401");
    };
    const { errors, graph } = await tryFleet(ON_EKS, { probe: { ...good, admitted } });
    assert.match(
      errors[0]?.message ?? "",
      /cluster east: credentials are not admitted after 300 s: 401; check that the role that runs "up" has an entry with policy: admin in aws\.access/,
    );
    assert.deepEqual(
      graph.resources.filter(({ provider }) => provider === "east").map(({ name }) => name),
      [],
    );
  });
});

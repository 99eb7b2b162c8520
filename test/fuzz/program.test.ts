import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { addonContract } from "../../components/addons";
import { checkSettings } from "../../components/settings";
import { tryFleet } from "../support/fleet";
import { CASES, RUNS } from "./support/court";
import { mutate, mutations } from "./support/mutate";
import { one, part, TREES, which } from "./support/seeds";

/** A whole graph takes a second or two. */
const RUN = { ...RUNS, numRuns: Math.ceil(CASES / 100) };

/** What settings let through, the rest of the program takes: charts' values, objects, trust and links. */
describe("fuzz: settings without a problem become a whole graph", function () {
  this.timeout(20_000 * RUN.numRuns);

  it("where values are changed", async () => {
    const tree = fc
      .tuple(which(TREES), mutations(part))
      .map(([at, changes]) => mutate(one(TREES, at), changes))
      .filter(({ platform, tenants }) => checkSettings({ platform, tenants }, addonContract).settings !== undefined);
    const property = fc.asyncProperty(tree, async ({ platform, tenants }) => {
      const { errors } = await tryFleet({ platform, tenants });
      // What only shows when the program runs, such as a secret that is not there, is refused in words.
      const others = errors.filter((error) => !pulumi.RunError.isInstance(error));
      assert.deepEqual(
        others.map(({ stack }) => stack),
        [],
      );
    });
    await fc.assert(property, RUN);
  });
});

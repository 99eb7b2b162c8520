import { deepEqual } from "node:assert/strict";
import { troubleOf } from "../../../recovery/trouble/events";
import { clusterIn, deployment, event } from "./support";

describe("what a cluster's events say", () => {
  it("is nothing where everything runs", async () => {
    const events = [event("web-1", "FailedCreate", "it was so for a while")];
    deepEqual(await troubleOf(clusterIn({ deployments: [deployment("web", 1)], events })), []);
  });

  it("is the newest message of each reason, by workload", async () => {
    const events = [
      event("web-1", "FailedCreate", "old", 1),
      event("web-1", "FailedCreate", "(combined from similar events): new", 2),
      event("web-1", "BackOff", "pulling\nfails", 1),
    ];
    deepEqual(await troubleOf(clusterIn({ deployments: [deployment("web", 0)], events })), [
      "east: Deployment apps/web: FailedCreate: new",
      "east: Deployment apps/web: BackOff: pulling fails",
    ]);
  });

  it("says so where no event tells", async () => {
    deepEqual(await troubleOf(clusterIn({ deployments: [deployment("web", 0)] })), [
      "east: Deployment apps/web: is not ready, and no event says why",
    ]);
  });
});

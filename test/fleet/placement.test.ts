import assert from "node:assert/strict";
import { planFleet } from "../../components/fleet";
import { type Edits, settingsAfter } from "../support/settings";

const API = "tenants.shop.projects.store.components.api";

function placed(edits: Edits): Record<string, readonly string[]> {
  const { placements } = planFleet(settingsAfter(edits), "test");
  return Object.fromEntries(placements.map(({ component, clusters }) => [component, clusters]));
}

describe("placement", () => {
  const api = "shop/store/api";
  const cases: readonly (readonly [title: string, edits: Edits, clusters: readonly string[]])[] = [
    ["on every data cluster", {}, ["east", "west"]],
    ["on the one that it names", { [`${API}.clusters`]: ["west"] }, ["west"]],
    ["in the fleet's order, not the component's", { [`${API}.clusters`]: ["west", "east"] }, ["east", "west"]],
    ["once on a cluster that it names twice", { [`${API}.clusters`]: ["east", "east"] }, ["east"]],
    [
      "on the control cluster, where that has the data plane too",
      { "platform.clusters.control.planes": ["control", "data"] },
      ["control", "east", "west"],
    ],
    ["by wave", { "platform.clusters.east.wave": 2 }, ["west", "east"]],
  ];
  for (const [title, edits, clusters] of cases) {
    it(`is ${title}`, () => assert.deepEqual(placed(edits)[api], clusters));
  }

  it("names every component of every tenant", () => {
    const news = {
      owners: ["n"],
      projects: { press: { components: { feed: { image: "i", port: 1, clusters: ["east"] } } } },
    };
    assert.deepEqual(placed({ "tenants.news": news }), {
      "shop/store/web": ["east", "west"],
      "shop/store/api": ["east", "west"],
      "shop/store/nightly": ["east", "west"],
      "news/press/feed": ["east"],
    });
  });

  it("is nothing without tenants", () => assert.deepEqual(placed({ tenants: {} }), {}));
});

import assert from "node:assert/strict";
import type { AddonTarget } from "../../../components/addons";
import { dashboardsDocuments } from "../../../components/addons/logs/opensearch-dashboards";
import { platformObjects, type SavedObject, tenantObjects } from "../../../components/addons/logs/saved-objects";
import { targetOn } from "../../support/addons";
import { switchOn } from "../../support/settings";

/** What an object refers to that is not among `objects`. */
function dangling(objects: readonly SavedObject[]): string[] {
  const known = new Set(objects.map(({ type, id }) => `${type} ${id}`));
  const wanted = objects.flatMap(({ references }) => references.map(({ type, id }) => `${type} ${id}`));
  return wanted.filter((reference) => !known.has(reference));
}

describe("objects of OpenSearch Dashboards", () => {
  const sets: readonly (readonly [title: string, objects: readonly SavedObject[]])[] = [
    ["of the platform", platformObjects()],
    ["of a tenant", tenantObjects("shop")],
  ];
  for (const [title, objects] of sets) {
    it(`${title} have names of their own, and refer to one another alone`, () => {
      const names = objects.map(({ type, id }) => `${type} ${id}`);
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(dangling(objects), []);
    });

    it(`${title} hold JSON where Dashboards reads JSON, with the references by name`, () => {
      for (const { attributes, references } of objects) {
        const texts = JSON.stringify(attributes).match(/"(panelRefName|indexRefName)\\?":\\?"([^"\\]+)/g) ?? [];
        for (const key of ["visState", "uiStateJSON", "panelsJSON", "optionsJSON"]) {
          if (key in attributes) assert.doesNotThrow(() => JSON.parse(String(attributes[key])), key);
        }
        assert.ok(
          references.length === 0 || JSON.stringify(attributes).includes(references[0]?.name ?? ""),
          String(texts),
        );
      }
    });
  }

  it("of a tenant are about that tenant's streams alone", () => {
    const patterns = tenantObjects("shop").flatMap(({ type, attributes }) =>
      type === "index-pattern" ? [attributes.title] : [],
    );
    assert.deepEqual(patterns, ["logs-shop.*"]);
  });

  it("go where everyone finds them, and a tenant's into the part that its readers have", () => {
    const edits = {
      ...switchOn("opensearch-dashboards"),
      "platform.opensearch.tenants": { shop: { readers: ["shop-developers"] }, bank: { retention: "9d" } },
      "platform.opensearch.sso": {
        issuer: "https://id.choreo.test",
        clientId: "dashboards",
        clientSecret: "dashboardsClient",
      },
    };
    const documents = dashboardsDocuments(targetOn("control", edits) as AddonTarget);
    assert.deepEqual(
      documents.map(({ verb, name }) => [verb, name]),
      [
        ["import", "global"],
        ["import", "shop"],
      ],
    );
  });
});

import assert from "node:assert/strict";
import { CATALOG, type SelectedAddon } from "../../components/addons";
import { reasons } from "../../rehearsal/clusters/kept";

describe("why an object stays after a destroy", () => {
  const why = reasons(
    [
      selected("cilium", {}),
      selected("external-secrets", { keepKinds: true }),
      selected("argo-cd", { keepKinds: false }),
    ],
    new Set(["Secret shop-data/user", "CustomResourceDefinition pushsecrets.external-secrets.io"]),
  );

  const cases: [string, RegExp | undefined][] = [
    ["CustomResourceDefinition externalsecrets.external-secrets.io", /externalSecrets.keepKinds/],
    ["CustomResourceDefinition pushsecrets.external-secrets.io", /externalSecrets.keepKinds/],
    ["CustomResourceDefinition fakes.generators.external-secrets.io", /externalSecrets.keepKinds/],
    ["CustomResourceDefinition fakes.other-external-secrets.io", undefined],
    ["CustomResourceDefinition applications.argoproj.io", undefined],
    ["ExternalSecret shop/external-secrets.io", undefined],
    ["Secret shop-data/user", /data of a tenant/],
    ["Secret shop-data/other", undefined],
  ];
  for (const [object, expected] of cases) {
    it(`${object}: ${expected === undefined ? "nothing says that it may" : expected.source}`, () => {
      if (expected === undefined) assert.equal(why(object), undefined);
      else assert.match(why(object) ?? "", expected);
    });
  }
});

function selected(name: string, config: object): SelectedAddon {
  const addon = CATALOG.find((one) => one.name === name);
  assert.ok(addon, name);
  return { addon, config };
}

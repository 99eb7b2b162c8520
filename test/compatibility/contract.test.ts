import assert from "node:assert/strict";
import { objectAt } from "../../plan/program/json";
import { type KeptContract, misreadings, ownContract } from "../../scripts/compatibility/contract";
import { keptContract, keptVersions } from "../../scripts/compatibility/versions";

describe("the outputs' contract", () => {
  for (const version of keptVersions())
    it(`is one that ${version} reads and is read by, or says that it is another`, () => {
      const kept = keptContract(version);
      if (kept !== undefined) assert.deepEqual(misreadings(kept, ownContract()), []);
    });

  it("is kept of the first release", () => assert.notEqual(keptContract(keptVersions()[0] ?? ""), undefined));

  /** The contract after a change of one output's schema. */
  const changed = (
    output: string,
    change: (schema: Record<string, unknown>) => void,
    contract?: number,
  ): KeptContract => {
    const own = structuredClone(ownContract());
    change(objectAt(own.outputs, output));
    return { ...own, ...(contract !== undefined && { contract }) };
  };
  const found = (now: KeptContract) => misreadings(ownContract(), now);
  const zone = (schema: object) => objectAt(schema, "properties", "zone", "properties");

  const cases: readonly (readonly [string, KeptContract, readonly string[]])[] = [
    [
      "a new key that may be absent",
      changed("platform", (schema) => Object.assign(objectAt(schema, "properties"), { colour: { type: "string" } })),
      [],
    ],
    [
      "a new key that has to be there",
      changed("platform", (schema) => {
        Object.assign(objectAt(schema, "properties"), { colour: { type: "string" } });
        Object.assign(schema, { required: [...(schema.required as string[]), "colour"] });
      }),
      ["platform.colour is needed by this reader, and an older stack may not put it out"],
    ],
    [
      "a key that is gone",
      changed("platform", (schema) => {
        Reflect.deleteProperty(objectAt(schema, "properties"), "domain");
        Object.assign(schema, { required: (schema.required as string[]).filter((key) => key !== "domain") });
      }),
      ["platform.domain is not always put out any more, and an older reader needs it"],
    ],
    [
      "another type, deep inside",
      changed("platform", (schema) => Object.assign(zone(schema), { name: { type: "number" } })),
      ["platform.zone.name was string and is number"],
    ],
    [
      "another value",
      changed("platform", (schema) =>
        Object.assign(objectAt(schema, "properties", "profile"), { enum: ["development", "production", "staging"] }),
      ),
      ["platform.profile may be staging, which an older reader refuses"],
    ],
    [
      "a value less, in a list",
      changed("sharing", (schema) =>
        Object.assign(objectAt(schema, "properties", "workloads", "items", "properties", "kind"), {
          enum: ["component"],
        }),
      ),
      ["sharing.workloads[].kind may not be database any more, which an older stack puts out"],
    ],
    [
      "another type by name",
      changed("kubeconfigs", (schema) => Object.assign(schema, { additionalProperties: { type: "object" } })),
      ["kubeconfigs.<name> was string and is object"],
    ],
    [
      "an output less",
      { ...ownContract(), outputs: { platform: ownContract().outputs.platform } },
      [
        "kubeconfigs is not put out any more",
        "tenancySecrets is not put out any more",
        "sharing is not put out any more",
      ],
    ],
    ["another version", changed("platform", (schema) => Object.assign(schema, { type: "array" }), 99), []],
  ];
  for (const [title, now, expected] of cases)
    it(`${expected.length === 0 ? "goes on" : "is broken"} with ${title}`, () =>
      assert.deepEqual(found(now), expected));
});

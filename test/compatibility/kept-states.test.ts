import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { MODELS } from "../../rehearsal/providers/aws/types";
import { type Finding, findingsIn, findingText } from "../../scripts/compatibility/findings";
import { worthOf } from "../../scripts/compatibility/held";
import { type Registering, registeredBy } from "../../scripts/compatibility/program";
import {
  acceptedLosses,
  compareVersions,
  FOLDER,
  keptStates,
  keptVersions,
  ownVersion,
} from "../../scripts/compatibility/versions";

/** What a version may have beside its states and their settings. */
const OPTIONAL = ["accepted.json", "contract.json"];

/** A file of a kept state may be no larger. */
const LARGEST = 300_000;

for (const version of keptVersions())
  for (const state of keptStates(version))
    describe(`the state of ${state.stack} that ${version} wrote`, () => {
      let program: Registering[];
      let findings: Finding[];
      before(async () => {
        program = await registeredBy(join(FOLDER, version), state.stack);
        findings = findingsIn(state, program);
      });

      const accepted = acceptedLosses(version);
      const nameOf = ({ id, what }: Finding) => `${state.stack} ${id} ${what}`;

      it("has what is protected or stays, and much else", () => {
        const worths = state.resources.map(worthOf);
        assert.ok(worths.filter((worth) => worth === "kept").length > 50);
        assert.ok(worths.filter((worth) => worth === "costly").length > 200);
        if (state.stack === "prod") assert.ok(state.resources.filter(({ protect }) => protect).length > 80);
      });

      it("keeps all that is protected or stays: nothing goes, is made anew, or loses its protection", () => {
        const lost = findings.filter(({ worth }) => worth === "kept");
        assert.deepEqual(lost.map(findingText), []);
      });

      it("keeps what else nobody wants to lose, but what the release says that it loses", () => {
        const lost = findings.filter((one) => one.worth === "costly" && accepted[nameOf(one)] === undefined);
        assert.deepEqual(lost.map(findingText), []);
      });

      it("is of types whose inputs that cannot change are known", () => {
        const types = state.resources.filter((one) => worthOf(one) !== "nothing").map(({ type }) => type);
        const unknown = types.filter((type) => type.startsWith("aws:") && !MODELS.has(type));
        assert.deepEqual([...new Set(unknown)], []);
        const named = state.resources.filter((one) =>
          /^aws:s3\/bucket:|^kubernetes:core\/v1:Namespace$/.test(one.type),
        );
        for (const { id, fixed } of named) assert.ok((fixed.bucket ?? fixed["metadata.name"]) !== undefined, id);
      });

      it("is small, and holds no secret", () => {
        const file = join(FOLDER, version, `${state.stack}.json`);
        assert.ok(statSync(file).size < LARGEST, `${statSync(file).size} bytes`);
        const text = readFileSync(file, "utf8");
        assert.doesNotMatch(text, /PRIVATE KEY|ciphertext|plaintext|"(data|stringData|password|result|kubeconfig)":/);
      });
    });

describe("kept states", () => {
  it("are of released versions, both stacks of each, and none is newer than the program", () => {
    const versions = keptVersions();
    assert.ok(versions.length > 0);
    for (const version of versions) {
      assert.deepEqual(
        keptStates(version).map(({ stack, version: said }) => [stack, said]),
        [
          ["dev", version],
          ["prod", version],
        ],
      );
      assert.ok(compareVersions(version, ownVersion()) <= 0, `${version} is newer than package.json says`);
    }
  });

  it("have nothing beside them that nobody reads", () => {
    for (const version of keptVersions()) {
      const files = readdirSync(join(FOLDER, version)).filter((file) => !OPTIONAL.includes(file));
      assert.deepEqual(files.sort(), ["Pulumi.dev.yaml", "Pulumi.prod.yaml", "dev.json", "prod.json", "tenants"]);
    }
  });

  it("name a reason for each loss that a release accepts", () => {
    for (const version of keptVersions())
      for (const [loss, reason] of Object.entries(acceptedLosses(version))) {
        assert.match(loss, /^\S+ \S+ (is gone|is replaced|has another provider)$/);
        assert.ok(reason.length > 20, `${loss}: ${reason}`);
      }
  });
});

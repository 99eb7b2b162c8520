import assert from "node:assert/strict";
import fc from "fast-check";
import { Court, RUNS } from "./support/court";
import { mutate, mutateText, mutations, textMutations } from "./support/mutate";
import { BOOTSTRAP, bootstrap, FILES, one, part, platformKey, TREES, tenant, which } from "./support/seeds";

const object = (value: unknown) => value as Record<string, unknown>;

/** Whatever is written, it becomes a plan or a list of problems with their paths; never a stack trace, never a hang. */
describe("fuzz: settings become a plan or problems", function () {
  this.timeout(1000 * RUNS.numRuns);
  let court: Court;
  beforeEach(() => {
    court = new Court();
  });
  afterEach(() => court.close());

  /** Both outcomes have to happen, or the cases would show little. */
  const bothWays = () => assert.ok(Math.min(court.count.planned, court.count.refused) > 0, JSON.stringify(court.count));

  it("where values are changed", async () => {
    const property = fc.asyncProperty(which(TREES), mutations(part), (at, changes) => {
      const { platform, tenants } = mutate(one(TREES, at), changes);
      return court.judge({ kind: "settings", platform, tenants });
    });
    await fc.assert(property, RUNS);
    bothWays();
  });

  it("where keys and tenants are generated", async () => {
    const generated = fc.tuple(which(TREES), fc.array(platformKey, { maxLength: 3 }), fc.option(tenant));
    const property = fc.asyncProperty(generated, ([at, keys, own]) => {
      const platform = { ...object(one(TREES, at).platform), ...Object.fromEntries(keys) };
      return court.judge({ kind: "settings", platform, tenants: own === null ? {} : { own } });
    });
    await fc.assert(property, RUNS);
    bothWays();
  });

  it("where the text of the stack's and the tenants' files is changed", async () => {
    const property = fc.asyncProperty(which(FILES), fc.nat(), textMutations, (stack, file, changes) => {
      const files = one(FILES, stack);
      const name = one(Object.keys(files), file % Object.keys(files).length);
      return court.judge({ kind: "files", files: { ...files, [name]: mutateText(files[name] ?? "", changes) } });
    });
    await fc.assert(property, RUNS);
    bothWays();
  });

  it("of the bootstrap stack, changed and generated", async () => {
    const changed = mutations(part).map((changes) => object(mutate(BOOTSTRAP, changes)).bootstrap);
    const property = fc.asyncProperty(fc.oneof(changed, bootstrap), (value) =>
      court.judge({ kind: "bootstrap", bootstrap: value }),
    );
    await fc.assert(property, RUNS);
    bothWays();
  });
});

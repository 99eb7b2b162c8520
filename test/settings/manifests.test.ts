import assert from "node:assert/strict";
import { resolveManifests } from "../../components/settings/manifests";
import { temporaryFolder } from "../support/stack";

describe("manifests of extensions", () => {
  const folder = temporaryFolder();
  before(() => {
    folder.write("two.yaml", "kind: A\n---\nkind: B\n---\n");
    folder.write("empty.yaml", "\n");
    folder.write("bad.yaml", "kind: A\n---\nkind: [\n");
  });
  const read = (manifests: unknown, objects?: unknown) =>
    resolveManifests({ platform: { extensions: { own: { manifests, objects } } } }, folder.path);

  it("join the objects, in the order of the files", () => {
    const { platform, problems } = read(["two.yaml"], [{ kind: "C" }]);
    assert.deepEqual(problems, []);
    const own = { manifests: ["two.yaml"], objects: [{ kind: "C" }, { kind: "A" }, { kind: "B" }] };
    assert.deepEqual(platform, { extensions: { own } });
  });

  it("are left alone where there are none", () => {
    const raw = { platform: { domain: "choreo.test" } };
    assert.equal(resolveManifests(raw, folder.path), raw);
  });

  const AT = "platform.extensions.own.manifests";
  const bad: readonly (readonly [title: string, manifests: unknown, ...problems: string[]])[] = [
    ["a file that is not there", ["none.yaml"], `${AT}[0]: no file "none.yaml" below the project's root`],
    ["a folder", ["."], `${AT}[0]: no file "." below the project's root`],
    ["an empty file", ["two.yaml", "empty.yaml"], `${AT}[1]: empty.yaml holds no object`],
  ];
  for (const [title, manifests, ...expected] of bad) {
    it(`are not ${title}`, () => {
      const { problems = [] } = read(manifests);
      assert.deepEqual(
        problems.map(({ path, message }) => `${path}: ${message}`),
        expected,
      );
    });
  }

  it("are named with the line of a mistake in YAML", () => {
    const { problems = [] } = read(["bad.yaml"]);
    assert.ok(problems.length > 0);
    for (const { path } of problems) assert.match(path, /^bad\.yaml:[34]$/);
  });
});

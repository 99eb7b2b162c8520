import assert from "node:assert/strict";
import { IMAGES, tagOf } from "../../components/addons/images";
import { componentFiles, keysRead, sourceOf } from "../support/sources";

/** Where images and their tags stand. */
const DATA = "components/addons/images.json";

/** A reference with a repository and a tag, not a part of a longer word, path or address. */
const REFERENCE = /(?<![\w/:.@-])[a-z0-9][\w.-]*(?::\d+)?(?:\/[a-z0-9][\w.-]*)+:(?:latest|v?\d[\w.-]*)/;

/** The same of an image without a registry or owner; a port is no tag. */
const SHORT = /["'`][a-z][a-z0-9-]*:(?:latest|v?\d+\.[\w.-]+)["'`]/;

/** A tag on its own, as Helm values have it. */
const TAG = /\btag: ?["'`](?:latest|v?\d)/;

function holdsImage(line: string): boolean {
  return [REFERENCE, SHORT, TAG].some((form) => form.test(line));
}

describe("images", () => {
  for (const [name, image] of Object.entries(IMAGES)) {
    it(`of ${name} are at one exact version`, () => {
      assert.match(image, /^[\w.-]+(\/[\w.-]+)+:v?\d[\w.-]*$/);
      assert.ok(holdsImage(`"${image}"`), "the search below would not find it");
    });
  }

  it("stand nowhere else among the components", () => {
    const others = componentFiles().filter((file) => file !== DATA);
    assert.ok(others.length > 200, `${others.length} files`);
    const found = others.flatMap((file) => {
      const lines = sourceOf(file).split("\n");
      return lines.flatMap((line, index) => (holdsImage(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
    });
    assert.deepEqual(found, []);
  });

  it("are all used", () => {
    const used = keysRead("IMAGES");
    assert.deepEqual(
      Object.keys(IMAGES).filter((name) => !used.has(name)),
      [],
    );
  });

  const cases: readonly (readonly [line: string, found: boolean])[] = [
    ['image: "docker.io/library/redis:8.2.1-alpine"', true],
    ['image: "velero/velero-plugin-for-aws:v1.14.2"', true],
    ['const IMAGE = "registry.test:5000/tools/git:latest";', true],
    ["image: registry.test/tools/git:2", true],
    ['image: "redis:8.2.1"', true],
    ['busybox: { tag: "1.38.0" }', true],
    ['const IMAGE = "ghcr.io/open-telemetry/collector";', false],
    ['endpoint: "0.0.0.0:4318"', false],
    ['"--es.uri=https://localhost:9200"', false],
    ['"https://kubernetes.default.svc:443/api"', false],
    ['type: "kubernetes:helm.sh/v3:Release"', false],
    ['"argocd.test/path:one"', false],
  ];
  for (const [line, found] of cases) {
    it(`are ${found ? "" : "not "}found in ${line}`, () => assert.equal(holdsImage(line), found));
  }
});

describe("tagOf", () => {
  it("is what follows the repository, also behind a port", () => {
    assert.equal(tagOf("docker.io/busybox:1.38.0"), "1.38.0");
    assert.equal(tagOf("registry.test:5000/tools/git:v2"), "v2");
  });
});

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INSTALL_SCRIPTS, lockedPackages } from "../../../scripts/supply-chain/lock";
import { ROOT } from "../../support/stack";

const PACKAGES = lockedPackages();

describe("package-lock.json", () => {
  it("has a digest of every package, and takes none from Git, a file or an unencrypted address", () => {
    assert.ok(PACKAGES.length > 300);
    for (const { place, integrity } of PACKAGES) assert.match(integrity ?? "", /^sha512-[A-Za-z0-9+/]{86}==$/, place);
    assert.deepEqual(
      PACKAGES.filter(({ resolved }) => resolved !== undefined && !/^https:\/\//.test(resolved)),
      [],
    );
  });

  it("has install scripts of those packages alone of which it is known that they are not needed", () => {
    const names = PACKAGES.filter(({ script }) => script).map(({ name }) => name);
    assert.deepEqual([...new Set(names)].sort(), Object.keys(INSTALL_SCRIPTS).sort());
  });

  it("is what package.json asks for, by exact versions", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      assert.match(String(version), /^\d+\.\d+\.\d+$/, name);
      assert.equal(PACKAGES.find(({ place }) => place === `node_modules/${name}`)?.version, version, name);
    }
  });

  it("says of install scripts what the installed packages say", () => {
    const installed = PACKAGES.filter(({ place }) => existsSync(join(ROOT, place, "package.json")));
    assert.ok(installed.length > 250);
    for (const { place, script } of installed) {
      const { scripts = {} } = JSON.parse(readFileSync(join(ROOT, place, "package.json"), "utf8"));
      assert.equal(
        ["preinstall", "install", "postinstall"].some((name) => name in scripts),
        script,
        place,
      );
    }
  });
});

/** Files in which commands stand that install something. */
const CALLERS = [
  ".ci/run",
  "README.md",
  "scripts/run.mjs",
  ...["workflows", "scripts"].flatMap((folder) =>
    readdirSync(join(ROOT, ".github", folder)).map((file) => `.github/${folder}/${file}`),
  ),
];

describe("packages of npm", () => {
  for (const file of CALLERS) {
    const text = readFileSync(join(ROOT, file), "utf8");
    it(`are installed by ${file} from the lock file, without their scripts, or not at all`, () => {
      for (const [, rest = ""] of text.matchAll(/\bnpm (?:ci|clean-install)\b([^`\n]*)/g)) {
        // Words about the command name it alone.
        if (/^[ "]*(--|\|)/.test(rest)) assert.match(rest, /--ignore-scripts/);
      }
      assert.doesNotMatch(text, /\bnpm (install|i|add|update|exec)\b|\bnpx\b|\byarn\b|\bpnpm\b/);
    });
  }

  it("are installed so by CI, by every workflow that runs the program, and on a fresh checkout", () => {
    const installs = CALLERS.filter((file) =>
      /npm ci --ignore-scripts|"ci", "--ignore-scripts"/.test(readFileSync(join(ROOT, file), "utf8")),
    );
    const workflows = ["audit", "ci", "drift", "plan", "preview", "up"].map((name) => `.github/workflows/${name}.yml`);
    assert.deepEqual(installs.sort(), [".ci/run", ...workflows, "README.md", "scripts/run.mjs"].sort());
  });
});

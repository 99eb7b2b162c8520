import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ALLOWED, allows, EXCEPTIONS, licenceProblems, licencesPage } from "../../../scripts/supply-chain/licences";
import { type LockedPackage, lockedPackages } from "../../../scripts/supply-chain/lock";
import { ROOT } from "../../support/stack";

const PACKAGES = lockedPackages();

describe("licences", () => {
  it("of all packages are allowed, or an exception with its reason", () => {
    assert.deepEqual(licenceProblems(PACKAGES), []);
    for (const [name, { why }] of Object.entries(EXCEPTIONS)) assert.ok(why.length > 20, name);
  });

  it("are those that the installed packages say", () => {
    const installed = PACKAGES.filter(({ place }) => existsSync(join(ROOT, place, "package.json")));
    for (const { place, licence } of installed) {
      const { license } = JSON.parse(readFileSync(join(ROOT, place, "package.json"), "utf8"));
      assert.equal(typeof license === "object" ? license.type : license, licence, place);
    }
  });

  it("of which a package says no more than a file have that file's text", () => {
    const text = readFileSync(join(ROOT, "node_modules/@logdna/tail-file/LICENSE"), "utf8");
    assert.match(text, /Permission is hereby granted, free of charge, to any person obtaining a copy/);
  });

  it("stand on their page, each package once", () => {
    const page = licencesPage();
    for (const { name, version, licence = "" } of PACKAGES) {
      const row = new RegExp(
        `^\\| \`${name.replaceAll("/", "\\/")}\` +\\| ${version} +\\| ${licence.replace(/[()]/g, "\\$&")} +\\|`,
        "gm",
      );
      assert.ok(page.match(row), name);
    }
    assert.equal(page, licencesPage([...PACKAGES].reverse()));
  });

  const some = (name: string, licence: string | undefined): LockedPackage => {
    const exceptions = Object.entries(EXCEPTIONS).map(([other, own]) => ({
      ...facts,
      name: other,
      licence: own.licence,
    }));
    return { ...(exceptions.find((one) => one.name === name) ?? facts), name, licence };
  };
  const facts = { version: "1.0.0", place: "", script: false, dev: false, optional: false };
  const known = Object.entries(EXCEPTIONS).map(([name, { licence }]) => some(name, licence));

  const cases: readonly (readonly [string, LockedPackage, RegExp | undefined])[] = [
    ["a permissive one", some("a", "MIT"), undefined],
    ["one that asks for the source of all", some("a", "AGPL-3.0-only"), /^a 1\.0\.0: AGPL-3\.0-only is not allowed/],
    ["none", some("a", undefined), /no licence is not allowed/],
    ["the exception's at another package", some("a", "CC-BY-3.0"), /is not allowed/],
  ];
  for (const [title, one, problem] of cases)
    it(`${problem === undefined ? "take" : "refuse"} ${title}`, () => {
      const found = licenceProblems([...known, one]);
      if (problem === undefined) assert.deepEqual(found, []);
      else assert.match(found.join("\n"), problem);
    });

  it("refuse an exception that nobody needs any more, or that has another licence now", () => {
    const [first, ...others] = known;
    const { name = "" } = first ?? {};
    assert.match(licenceProblems(others).join(), new RegExp(`^${name}: is an exception and is not installed`));
    assert.equal(licenceProblems([...others, some(name, "GPL-3.0-only")]).length, 2);
  });

  const expressions: readonly (readonly [string, boolean])[] = [
    ["MIT", true],
    ["MIT OR GPL-3.0-only", true],
    ["GPL-3.0-only OR MIT", true],
    ["MIT AND GPL-3.0-only", false],
    ["GPL-3.0-only AND MIT", false],
    ["(BSD-3-Clause AND Apache-2.0)", true],
    ["(GPL-2.0 OR MIT) AND ISC", true],
    ["GPL-2.0 OR (MIT AND SSPL-1.0)", false],
    ["GPL-2.0 OR MIT AND ISC", true],
    ["Apache-2.0 WITH LLVM-exception", false],
    ["(MIT", false],
    ["", false],
  ];
  for (const [expression, met] of expressions)
    it(`${met ? "allow" : "do not allow"} "${expression}"`, () => assert.equal(allows(expression), met));

  it("that are allowed are used by some package", () => {
    const used = PACKAGES.map(({ licence = "" }) => licence).join(" ");
    assert.deepEqual(
      ALLOWED.filter((licence) => !used.includes(licence)),
      [],
    );
  });
});

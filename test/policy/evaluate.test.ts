import assert from "node:assert/strict";
import { evaluate } from "../../policy/evaluate";
import { recorded } from "../support/recorded";
import { type Made, REMEDIES } from "./cases";
import { object } from "./cases/case";

const DEFAULT = "namespaces-not-default";
const BAD: Made = {
  ...object("core/v1:ConfigMap", { data: { mode: "fast" } }, { namespace: "default" }),
  name: "shop.mode",
};
const EXEMPTION = { rule: DEFAULT, resource: "shop.*", reason: "an old tool reads it there", expires: "2027-01-31" };

function withExemptions(exemptions: unknown, today = "2027-01-31") {
  return evaluate(recorded([BAD]), { config: { "exemptions-current": { exemptions } }, today });
}

describe("an exemption", () => {
  it("excuses what it names, and is told of with its reason and its end", () => {
    const { violations, exempted } = withExemptions([EXEMPTION]);
    assert.deepEqual(violations, []);
    assert.deepEqual(
      exempted.map(({ rule, reason, expires }) => [rule, reason, expires]),
      [[DEFAULT, EXEMPTION.reason, EXEMPTION.expires]],
    );
    assert.match(exempted[0]?.urn ?? "", /::shop\.mode$/);
  });

  it("names a resource by its name or its URN, with * for any text", () => {
    const urn = recorded([BAD]).at(-1)?.urn ?? "";
    for (const resource of ["shop.mode", "shop*", urn, "urn:*ConfigMap::shop.mode"])
      assert.deepEqual(withExemptions([{ ...EXEMPTION, resource }]).violations, [], resource);
    for (const resource of ["mode", "shop", "shop?mode", "hop.mode"])
      assert.equal(withExemptions([{ ...EXEMPTION, resource }]).violations.length, 1, resource);
  });

  it("excuses from no other rule", () => {
    const { violations } = withExemptions([{ ...EXEMPTION, rule: "helm-pinned" }]);
    assert.deepEqual(
      violations.map(({ rule }) => rule),
      [DEFAULT],
    );
  });

  const bad: Readonly<Record<string, readonly [unknown, RegExp]>> = {
    "has expired": [[{ ...EXEMPTION, expires: "2027-01-30" }], /exemptions\[0\]: expired on 2027-01-30/],
    "never ends": [[{ ...EXEMPTION, expires: undefined }], /exemptions\[0\]\.expires: required/],
    "ends on no day": [[{ ...EXEMPTION, expires: "31.01.2027" }], /exemptions\[0\]\.expires: not a day/],
    "ends on a day that there is not": [
      [{ ...EXEMPTION, expires: "2027-02-30" }],
      /exemptions\[0\]\.expires: not a day/,
    ],
    "has no reason": [[{ ...EXEMPTION, reason: "" }], /exemptions\[0\]\.reason: required/],
    "has a word for a reason": [[{ ...EXEMPTION, reason: "legacy" }], /exemptions\[0\]\.reason: say why/],
    "is of no rule": [[{ ...EXEMPTION, rule: "no-such-rule" }], /exemptions\[0\]\.rule: there is no rule/],
    "excuses exemptions": [[{ ...EXEMPTION, rule: "exemptions-current" }], /exemptions\[0\]\.rule: /],
    "excuses everything": [[{ ...EXEMPTION, resource: "*" }], /exemptions\[0\]\.resource: name the resource/],
    "has an unknown key": [[{ ...EXEMPTION, until: "x" }], /exemptions\[0\]\.until: unknown key/],
    "is no object": [["shop.mode"], /exemptions\[0\]: must have/],
    "is in no list": [EXEMPTION, /exemptions: must be a list/],
  };
  for (const [what, [exemptions, message]] of Object.entries(bad))
    it(`that ${what} is a violation itself, and excuses nothing`, () => {
      const { violations, exempted } = withExemptions(exemptions);
      assert.deepEqual(violations.map(({ rule }) => rule).sort(), ["exemptions-current", DEFAULT]);
      const [own] = violations.filter(({ rule }) => rule === "exemptions-current");
      assert.match(own?.message ?? "", message);
      assert.equal(own?.enforcement, "mandatory");
      assert.deepEqual(exempted, []);
    });
});

describe("an enforcement", () => {
  const of = (config: Readonly<Record<string, unknown>>) => evaluate(recorded([BAD]), { config });

  it("is that of the rule, of a configuration, or of one for all", () => {
    assert.deepEqual(
      of({}).violations.map(({ enforcement }) => enforcement),
      ["mandatory"],
    );
    for (const config of [{ [DEFAULT]: "advisory" }, { all: "advisory" }, { all: { enforcementLevel: "advisory" } }])
      assert.deepEqual(
        of(config).violations.map(({ enforcement }) => enforcement),
        ["advisory"],
      );
    const { enforcement } = of({ all: "advisory", [DEFAULT]: "mandatory" }).violations[0] ?? {};
    assert.equal(enforcement, "mandatory");
  });

  it("may be to ask nothing, which is told", () => {
    const { violations, rules } = of({ [DEFAULT]: "disabled" });
    assert.deepEqual(violations, []);
    assert.ok(!rules.some(({ name }) => name === DEFAULT));
    assert.ok(of({}).rules.some(({ name }) => name === DEFAULT));
  });
});

describe("an option", () => {
  const privileged = object(
    "core/v1:Namespace",
    {},
    {
      name: "own",
      namespace: undefined,
      labels: { "pod-security.kubernetes.io/enforce": "privileged", "pod-security.kubernetes.io/warn": "restricted" },
    },
  );
  const found = (namespaces: unknown) =>
    evaluate(recorded([privileged]), { config: { "namespaces-privileged": { namespaces } } }).violations.length;

  it("changes what a rule finds", () => {
    assert.equal(found(undefined), 1);
    assert.equal(found(["own"]), 0);
    assert.equal(found([]), 1);
  });

  it("of a wrong form changes nothing", () => {
    assert.equal(found("own"), 1);
    assert.equal(found([1]), 1);
  });
});

describe("an object of a chart or of a published manifest", () => {
  for (const parent of ["helm.sh/v4:Chart", "yaml/v2:ConfigFile"])
    it(`of a ${parent} is not asked about, as one of a release is not`, () => {
      const [provider, one] = recorded([BAD]);
      assert.ok(provider !== undefined && one !== undefined);
      const urn = one.urn.replace("::kubernetes:", `::openchoreo:addons:Addon$kubernetes:${parent}$kubernetes:`);
      assert.deepEqual(evaluate([provider, { ...one, urn }]).violations, []);
      assert.equal(evaluate([provider, one]).violations.length, 1);
    });
});

describe("a remedy", () => {
  for (const { rule, good, bad } of REMEDIES)
    it(`of ${rule} adds what is lacking, changes nothing else, and leaves nothing to find`, () => {
      for (const { at = [], what } of bad) {
        const before = recorded(good);
        const lacking = before.map((one) => ({ ...one, wire: without(one.wire, at) }));
        const { violations, remediated } = evaluate(lacking);
        assert.deepEqual([violations, remediated.map((one) => one.rule)], [[], [rule]], what);
      }
      const { remediated } = evaluate(recorded(good));
      assert.deepEqual(remediated, []);
    });
});

function without(value: unknown, [key, ...rest]: readonly string[]): Readonly<Record<string, unknown>> {
  const fields = value as Readonly<Record<string, unknown>>;
  if (key === undefined || !(key in fields)) return fields;
  if (rest.length > 0) return { ...fields, [key]: without(fields[key], rest) };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

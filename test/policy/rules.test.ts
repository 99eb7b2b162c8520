import assert from "node:assert/strict";
import { evaluate } from "../../policy/evaluate";
import { RULES } from "../../policy/rules";
import { recorded } from "../support/recorded";
import { afterBad, blamedBy, broken, CASES, type Made, REMEDIES, UNKNOWN_WIRE } from "./cases";
import { SIGNATURE } from "./cases/case";

/** Remedies are tested apart: here the rules only look. */
const CONFIG = Object.fromEntries(REMEDIES.map(({ rule }) => [rule, "mandatory"]));

function violations(made: readonly Made[]) {
  return evaluate(recorded(made), { config: CONFIG }).violations;
}

const shown = (made: readonly Made[]) => violations(made).map(({ rule, urn, message }) => `${rule} ${urn}: ${message}`);

/** Every path to a value, and to what it is in. */
function* paths(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  // Without its mark a secret is none.
  if (path.at(-1) === SIGNATURE) return;
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* paths(inner, [...path, key]);
}

describe("the rules of the policy pack", () => {
  for (const rule of RULES)
    it(`${rule.name} says what it wants, why, and what to change`, () => {
      assert.match(rule.name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.match(rule.description, /^\S.+\.$/);
      assert.match(rule.fix, /^[A-Z].+\.$/s);
      assert.ok(rule.reason.length > 20 && !rule.reason.endsWith("."), rule.reason);
      assert.ok(["low", "medium", "high", "critical"].includes(rule.severity));
      assert.ok(["mandatory", "remediate"].includes(rule.enforcement));
      for (const [key, option] of Object.entries(rule.options)) {
        assert.match(key, /^[a-z][A-Za-z]*$/);
        assert.ok(option.description.length > 10, `${key}: ${option.description}`);
        assert.deepEqual(option.read(option.byDefault), option.byDefault);
      }
    });

  it("have names of their own, and each has a case with something bad in it", () => {
    const names = RULES.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    const tested = CASES.filter(({ bad }) => bad.length > 0).map(({ rule }) => rule);
    assert.deepEqual([...tested, "exemptions-current"].sort(), [...names].sort());
  });
});

for (const one of CASES)
  describe(`the rule ${one.rule}`, () => {
    it("finds nothing in what is good, nor does any other", () => {
      assert.deepEqual(shown(one.good), []);
    });

    for (const bad of one.bad)
      it(`finds ${bad.what}`, () => {
        const made = afterBad(one, bad);
        const found = violations(made).filter(({ rule }) => rule === one.rule);
        const blamed = found.map(({ urn }) => urn.split("::").at(-1));
        assert.ok(blamed.includes(blamedBy(bad)), `${JSON.stringify(blamed)} of ${JSON.stringify(shown(made))}`);
        const { fix } = RULES.find(({ name }) => name === one.rule) ?? {};
        for (const { message, enforcement } of found) {
          assert.ok(fix !== undefined && message.includes(fix), message);
          assert.equal(enforcement, "mandatory");
          assert.doesNotMatch(message, /correct-horse|MHc|MIG|AKIA|ghp_|eyJ/, "a value is shown");
        }
      });

    it("finds nothing in what is good and not known yet", () => {
      for (const [index, made] of one.good.entries())
        for (const path of paths(made.props)) {
          const props = broken(made.props, path, UNKNOWN_WIRE) as Made["props"];
          const resources = one.good.map((other, at) => (at === index ? { ...other, props } : other));
          const found = violations(resources);
          assert.deepEqual(
            found.map(({ rule, message }) => `${path.join(".")}: ${rule}: ${message}`),
            [],
          );
        }
    });
  });

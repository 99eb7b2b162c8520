import assert from "node:assert/strict";
import { configProblems } from "../../policy/check-config";
import { RULES } from "../../policy/rules";

const LEVELS = "one of advisory, mandatory, remediate, disabled";

describe("a configuration of the policy pack", () => {
  const good: readonly object[] = [
    {},
    { all: "advisory" },
    { all: { enforcementLevel: "disabled" } },
    { "aws-logs-kept": { enforcementLevel: "advisory", days: 90 }, "helm-pinned": "remediate" },
    { "helm-known-repository": { repositories: ["oci://registry.test/charts"] } },
    // What is wrong with an exemption is a violation of its rule.
    { "exemptions-current": { exemptions: [{ rule: "nothing" }] } },
    Object.fromEntries(RULES.map(({ name, enforcement }) => [name, enforcement])),
  ];
  for (const config of good)
    it(`is taken: ${JSON.stringify(config).slice(0, 80)}`, () => assert.deepEqual(configProblems({ ...config }), []));

  const bad: readonly (readonly [config: object, problem: string])[] = [
    [{ "helm-pin": "advisory" }, "helm-pin: there is no such rule; did you mean helm-pinned?"],
    [{ al: "advisory" }, "al: there is no such rule; did you mean all?"],
    [{ all: "off" }, `all: there is no such enforcement: ${LEVELS}; did you mean disabled?`],
    [{ all: 1 }, `all: there is no such enforcement: ${LEVELS}`],
    [
      { "helm-pinned": { enforcementLevel: "mandatoy" } },
      `helm-pinned.enforcementLevel: there is no such enforcement: ${LEVELS}; did you mean mandatory?`,
    ],
    [{ "aws-logs-kept": { dayz: 90 } }, "aws-logs-kept.dayz: there is no such option; did you mean days?"],
    [{ "aws-logs-kept": { days: "90" } }, "aws-logs-kept.days: must be a whole number from 0"],
    [{ "helm-known-repository": { repositories: "a" } }, "helm-known-repository.repositories: must be a list of texts"],
    [{ all: { days: 90 } }, "all.days: there is no such option; did you mean enforcementLevel?"],
  ];
  for (const [config, problem] of bad)
    it(`is refused: ${JSON.stringify(config)}`, () => assert.deepEqual(configProblems({ ...config }), [problem]));
});

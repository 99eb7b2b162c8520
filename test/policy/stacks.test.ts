import assert from "node:assert/strict";
import { evaluate } from "../../policy/evaluate";
import { runStack } from "../support/fleet";
import { recordedOf } from "../support/policy";

for (const stack of ["dev", "prod"])
  for (const preview of [true, false])
    describe(`the policy pack on ${preview ? "a preview" : "an up"} of ${stack}`, () => {
      it("finds nothing, with no exemption", async () => {
        const { graph } = await runStack(stack, { preview });
        const { violations, exempted, remediated } = evaluate(recordedOf(graph));
        const shown = violations.map(
          ({ rule, urn, message }) => `${rule} ${urn.split("::").slice(-2).join(" ")}: ${message}`,
        );
        assert.deepEqual(shown, []);
        assert.deepEqual([exempted, remediated], [[], []]);
      });
    });

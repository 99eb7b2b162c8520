import assert from "node:assert/strict";
import { CATALOG } from "../../components/addons";
import { identitiesOn } from "../support/addons";
import { type Edits, everything, type Json, ON_EKS, PULUMI_OPERATOR } from "../support/settings";

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Json;
}

/** Settings with everything on, and the names that certificates and records are made for in the account's own zone. */
const EDITS: Edits = {
  ...everything(),
  ...ON_EKS,
  "platform.certManager.issuer": { kind: "acme", email: "platform@choreo.test" },
  "platform.externalDns.provider": undefined,
  "platform.pulumiOperator": {
    ...PULUMI_OPERATOR,
    credentials: undefined,
    role: "arn:aws:iam::111122223333:role/deployer",
  },
};

/** Actions that change nothing. */
const READS = /:(Describe|Get|List)|^pricing:GetProducts$/;

/** AWS' limit of all inline policies of a role together; white space does not count. */
const INLINE_POLICY_CHARACTERS = 10_240;

function sizeOf(statements: readonly Statement[]): number {
  const entries = statements.map(({ actions, resources, conditions }) => {
    return { Effect: "Allow", Action: actions, Resource: resources, Condition: conditions };
  });
  return JSON.stringify({ Version: "2012-10-17", Statement: entries }).length;
}

describe("what add-ons may do in AWS", () => {
  for (const addon of CATALOG.filter(({ identities }) => identities !== undefined)) {
    it(`${addon.name}: is no more than it names, and writes to nothing but what it names`, async () => {
      const identities = await identitiesOn("control", addon, EDITS);
      for (const { serviceAccount, statements } of identities as readonly Json[]) {
        for (const { actions, resources } of statements as readonly Statement[]) {
          const wild = actions.filter((action) => action.includes("*"));
          assert.deepEqual(wild, [], `${serviceAccount}: actions by pattern`);
          if (!resources.includes("*")) continue;
          const writes = actions.filter((action) => !READS.test(action));
          assert.deepEqual(writes, [], `${serviceAccount}: writes to every resource`);
        }
        const size = sizeOf(statements as readonly Statement[]);
        assert.ok(size <= INLINE_POLICY_CHARACTERS, `${serviceAccount}: a policy of ${size} characters`);
      }
    });
  }

  it("is asked for by those that call it", () => {
    const names = CATALOG.filter(({ identities }) => identities !== undefined).map(({ name }) => name);
    for (const name of ["cert-manager", "external-dns", "external-secrets", "karpenter"])
      assert.ok(names.includes(name));
  });
});

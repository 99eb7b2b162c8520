import { refuse } from "./errors";
import type { Call } from "./model";
import { isKnown } from "./references";
import { roleArn } from "./targets";
import { isObject, objects, type Props, text, texts, valuesAt } from "./values";

/** What kind of document it is: what an identity may do, who may take on a role, or who may use a resource. */
export type PolicyKind = "identity" | "trust" | "resource";

/** What a document is checked against. */
export interface PolicyRules {
  readonly kind: PolicyKind;
  /** Code of the service's error. */
  readonly code?: string;
  /** Most characters, without white space. */
  readonly longest?: number;
  readonly call: Call;
}

/** Refuses a policy document that AWS refuses. An empty text is none. */
export function requirePolicy(policy: string, rules: PolicyRules): void {
  if (policy === "") return;
  const fail = (reason: string): never => refuse(rules.code ?? "MalformedPolicyDocument", reason);
  const document = parse(policy) ?? fail("Syntax errors in policy: it is no JSON object.");
  if (!isObject(document)) return;
  const size = JSON.stringify(document).length;
  if (rules.longest !== undefined && size > rules.longest) {
    refuse("LimitExceeded", `Cannot exceed quota for PolicySize: ${rules.longest} (it has ${size})`);
  }
  const strange = Object.keys(document).find((name) => !["Version", "Id", "Statement"].includes(name));
  if (strange !== undefined) fail(`Syntax errors in policy: unknown element ${strange}.`);
  if (!["2012-10-17", "2008-10-17"].includes(text(document, "Version")))
    fail("Policy document version must be 2012-10-17 or 2008-10-17.");
  const statements = objects(document, "Statement");
  if (statements.length === 0) fail("Syntax errors in policy: it has no statement.");
  for (const statement of statements) requireStatement(statement, rules, fail);
}

const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

function requireStatement(statement: Props, rules: PolicyRules, fail: (reason: string) => never): void {
  const strange = Object.keys(statement).find((name) => !ELEMENTS.includes(name));
  if (strange !== undefined) fail(`Syntax errors in policy: unknown element ${strange}.`);
  if (!["Allow", "Deny"].includes(text(statement, "Effect"))) fail(`Invalid effect: ${text(statement, "Effect")}`);
  const actions = [...texts(statement, "Action"), ...texts(statement, "NotAction")];
  if (actions.length === 0) fail("Policy statement must contain actions.");
  const action = actions.find((one) => one !== "*" && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(one));
  if (action !== undefined)
    fail(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: ${action}`);
  requireResources(statement, rules, fail);
  requirePrincipals(statement, rules, fail);
}

function requireResources(statement: Props, { kind }: PolicyRules, fail: (reason: string) => never): void {
  const resources = [...texts(statement, "Resource"), ...texts(statement, "NotResource")];
  if (kind === "trust" && resources.length > 0) fail("Has prohibited field Resource");
  if (kind === "identity" && resources.length === 0) fail("Policy statement must contain resources.");
  const resource = resources.find(
    (one) => one !== "*" && !/^arn:(aws[\w-]*|\*):[\w*?-]+:[\w*?-]*:(\d{12}|\*|aws)?:.+$/.test(one),
  );
  if (resource !== undefined) fail(`Resource ${resource} must be in ARN format or "*".`);
}

function requirePrincipals(statement: Props, rules: PolicyRules, fail: (reason: string) => never): void {
  const has = "Principal" in statement || "NotPrincipal" in statement;
  if (rules.kind === "identity") {
    if (has) fail("Policy document should not specify a principal.");
    return;
  }
  if (!has) fail("Missing required field Principal");
  const named = [...principals(statement.Principal), ...principals(statement.NotPrincipal)];
  const service = valuesAt(statement, "Principal.Service").find(
    (one) => !/^[a-z0-9.-]+\.(amazonaws\.com|amazon\.com)$/.test(String(one)),
  );
  if (service !== undefined) fail(`Invalid principal in policy: "SERVICE":"${service}"`);
  const gone = named.find((arn) => isUnknownRole(arn, rules));
  if (gone !== undefined) fail(`Invalid principal in policy: "AWS":"${gone}"`);
}

function principals(value: unknown): string[] {
  return isObject(value) ? texts(value, "AWS") : [];
}

/** A role of this account that is not there. */
function isUnknownRole(arn: string, { call }: PolicyRules): boolean {
  return arn.startsWith(`arn:aws:iam::${call.accountId}:role/`) && !isKnown(roleArn, arn, call);
}

function parse(policy: string): Props | undefined {
  try {
    const document: unknown = JSON.parse(policy);
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

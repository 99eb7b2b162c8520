import { isObject, objects, type Props, text, texts } from "../values";

/** `iam.getPolicyDocument`: statements in Terraform's form become a document. */
export function policyDocument(args: Props): Props {
  const sources = [text(args, "sourceJson"), ...texts(args, "sourcePolicyDocuments")].flatMap(statementsOf);
  const overrides = [text(args, "overrideJson"), ...texts(args, "overridePolicyDocuments")].flatMap(statementsOf);
  const own = objects(args, "statements").map(statement);
  const all = [...sources, ...own].filter((one) => !overrides.some(({ Sid }) => Sid !== undefined && Sid === one.Sid));
  const id = text(args, "policyId");
  const document = {
    Version: text(args, "version") || "2012-10-17",
    ...(id === "" ? {} : { Id: id }),
    Statement: [...all, ...overrides],
  };
  return { ...args, id: "document", json: JSON.stringify(document, null, 2), minifiedJson: JSON.stringify(document) };
}

function statementsOf(document: string): Props[] {
  return document === "" ? [] : objects(JSON.parse(document), "Statement");
}

function statement(from: Props): Props {
  const sid = text(from, "sid");
  const lists = Object.entries({
    Action: texts(from, "actions"),
    NotAction: texts(from, "notActions"),
    Resource: texts(from, "resources"),
    NotResource: texts(from, "notResources"),
  }).filter(([, values]) => values.length > 0);
  return {
    ...(sid === "" ? {} : { Sid: sid }),
    Effect: text(from, "effect") || "Allow",
    ...Object.fromEntries(lists.map(([name, values]) => [name, single(values)])),
    ...principals("Principal", objects(from, "principals")),
    ...principals("NotPrincipal", objects(from, "notPrincipals")),
    ...conditions(objects(from, "conditions")),
  };
}

function principals(name: string, list: readonly Props[]): Props {
  if (list.length === 0) return {};
  if (list.some((one) => text(one, "type") === "*")) return { [name]: "*" };
  return { [name]: Object.fromEntries(list.map((one) => [text(one, "type"), single(texts(one, "identifiers"))])) };
}

function conditions(list: readonly Props[]): Props {
  const tests: Record<string, Record<string, unknown>> = {};
  for (const one of list) {
    tests[text(one, "test")] = { ...tests[text(one, "test")], [text(one, "variable")]: single(texts(one, "values")) };
  }
  return isObject(tests) && list.length > 0 ? { Condition: tests } : {};
}

/** One value stands alone, as in the real provider's documents. */
function single(values: readonly string[]): unknown {
  return values.length === 1 ? values[0] : [...values].sort().reverse();
}

import type { Call } from "../model";
import { roleArn } from "../targets";
import { isObject, objects, text, texts } from "../values";

/** Calls `otherwise` unless the role of this account lets a service take it on. */
export function requireTrust(call: Call, role: string, service: string, otherwise: () => never): void {
  const found = roleArn.find?.(role, call);
  if (found !== undefined && !trusted(text(found.state, "assumeRolePolicy"), service).includes("sts:AssumeRole"))
    otherwise();
}

/** The actions by which a trust policy lets a service take on its role. */
export function trusted(policy: string, service: string): string[] {
  const document = parse(policy);
  return objects(document, "Statement")
    .filter(
      (statement) => text(statement, "Effect") === "Allow" && texts(statement, "Principal.Service").includes(service),
    )
    .flatMap((statement) => texts(statement, "Action"))
    .flatMap((action) => (action === "sts:*" ? ["sts:AssumeRole", "sts:TagSession"] : [action]));
}

function parse(policy: string): unknown {
  try {
    const document: unknown = JSON.parse(policy);
    return isObject(document) ? document : {};
  } catch {
    return {};
  }
}

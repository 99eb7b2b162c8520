import { argumentsOf } from "../declarations";
import { refuse } from "../errors";
import { shortName } from "../model";
import { shapeProblems } from "../shape";
import { type Props, text } from "../values";
import { eksFunctions } from "./eks";
import type { Context, Functions } from "./function";
import { identityFunctions } from "./identity";
import { networkFunctions } from "./network";
import { policyDocument } from "./policy-document";

const FUNCTIONS: Functions = {
  ...identityFunctions,
  ...networkFunctions,
  ...eksFunctions,
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
};

/** Tokens of the functions that the stand-in knows. */
export const FUNCTION_TOKENS: readonly string[] = Object.keys(FUNCTIONS);

/** Answers a function of the SDK. */
export function invoke(token: string, args: Props, context: Context): Props {
  const answer = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
  if (answer === undefined) throw new Error(`the stand-in for aws has no function ${token}`);
  const problems = shapeProblems(args, argumentsOf(token));
  if (problems.length > 0) {
    const list = problems.map(({ path, reason }) => `${path}: ${reason}`).join("; ");
    refuse("ValidationException", `aws.${shortName(token)}: ${list}`);
  }
  const region = text(args, "region") || context.region;
  return { region, ...answer(args, { ...context, region }) };
}

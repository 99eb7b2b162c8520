import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../cloud";

/** A statement of a policy that hangs on a resource or a role, and so names whom it is for. */
export interface GrantStatement extends PolicyStatement {
  readonly effect?: "Allow" | "Deny";
  readonly principal:
    | { readonly Service: string | readonly string[] }
    | { readonly AWS: pulumi.Input<string> | readonly string[] }
    | { readonly AWS: "*" };
}

/** An IAM policy document of statements that allow something to whom they are attached to. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return document(statements.map((statement) => ({ Effect: "Allow", ...common(statement) })));
}

/** A policy document of a resource. */
export function resourcePolicy(statements: readonly GrantStatement[]): pulumi.Output<string> {
  return document(
    statements.map(({ effect = "Allow", principal, ...rest }) => ({
      Effect: effect,
      Principal: principal,
      ...common(rest),
    })),
  );
}

/** Who may take a role: a service of AWS, for this account only. */
export function trustPolicy(
  service: string,
  conditions?: PolicyStatement["conditions"],
  actions: readonly string[] = ["sts:AssumeRole"],
): pulumi.Output<string> {
  return document([
    { Effect: "Allow", Principal: { Service: service }, Action: actions, ...(conditions && { Condition: conditions }) },
  ]);
}

function common({ actions, resources, conditions }: PolicyStatement) {
  return { Action: actions, Resource: resources, ...(conditions === undefined ? {} : { Condition: conditions }) };
}

function document(statements: readonly object[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

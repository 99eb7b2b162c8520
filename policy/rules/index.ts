import { exemptionsRule } from "../lib/exemptions";
import type { Rule } from "../lib/rule";
import * as awsClusters from "./aws-clusters";
import * as awsIdentity from "./aws-identity";
import * as awsNetwork from "./aws-network";
import * as awsStorage from "./aws-storage";
import * as awsTags from "./aws-tags";
import * as data from "./data";
import * as gateway from "./gateway";
import * as helm from "./helm";
import * as helmPlatform from "./helm-platform";
import * as mesh from "./mesh";
import * as namespaces from "./namespaces";
import * as network from "./network";
import * as rbac from "./rbac";
import * as secrets from "./secrets";
import * as stack from "./stack";
import * as workloads from "./workloads";

/** This day, as YYYY-MM-DD in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

let names: ReadonlySet<string> | undefined;

/** Names of all rules. */
export function ruleNames(): ReadonlySet<string> {
  names ??= new Set(RULES.map(({ name }) => name));
  return names;
}

/** Rules by topic, in the order of their files. */
const BY_TOPIC: readonly Readonly<Record<string, unknown>>[] = [
  awsClusters,
  awsIdentity,
  awsNetwork,
  awsStorage,
  awsTags,
  data,
  gateway,
  helm,
  helmPlatform,
  mesh,
  namespaces,
  network,
  rbac,
  secrets,
  stack,
  workloads,
];

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "kind" in value && "severity" in value;
}

/** Every rule of the pack. That about exemptions is first, as it tells the others of them. */
export const RULES: readonly Rule[] = [
  exemptionsRule(ruleNames),
  ...BY_TOPIC.flatMap((topic) => Object.values(topic).filter(isRule)),
];

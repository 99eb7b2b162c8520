import type { CheckResult } from "@pulumi/pulumi/provider";
import { z } from "zod";
import { isSame, type PropertyMap, plain } from "../wire";
import { configurationFields } from "./declarations";
import { isRegion } from "./regions";
import { shapeProblems } from "./shape";
import { isObject, isUnknown, type Props, text } from "./values";

/** The account where a provider names none: the one of AWS's own examples. */
const EXAMPLE_ACCOUNT = "123456789012";
/** Settings whose change makes another provider of it, and so everything anew. */
const IDENTITY: readonly string[] = ["region"];

/** What a provider is configured with, as far as the stand-in acts on it. */
export interface Settings {
  readonly region: string;
  readonly accountId: string;
  readonly defaultTags: Props;
  /** Ids and ARNs of what the account had before the program. */
  readonly existing: ReadonlySet<string>;
}

/** Variable with a JSON list of the ids and ARNs that the stack's settings name. */
export const EXISTING = "OPENCHOREO_REHEARSAL_AWS_EXISTING";

export function checkSettings(news: PropertyMap): CheckResult {
  const values = decoded(news);
  const problems = shapeProblems(values, configurationFields()).filter(({ path }) => path !== "version");
  const region = values.region;
  if (isUnknown(region)) return { inputs: news, failures: [] };
  if (typeof region !== "string" || region === "") {
    problems.push({ path: "region", reason: "Missing region information: give each aws.Provider its region" });
  } else if (!isRegion(region)) problems.push({ path: "region", reason: `Invalid AWS Region: ${region}` });
  return { inputs: news, failures: problems.map(({ path, reason }) => ({ property: path, reason })) };
}

export function changedIdentity(olds: PropertyMap, news: PropertyMap): readonly string[] {
  return IDENTITY.filter((name) => !isSame(olds[name], news[name]));
}

export function settingsOf(news: PropertyMap): Settings {
  const values = decoded(news);
  const { defaultTags } = values;
  const tags = isObject(defaultTags) ? defaultTags.tags : undefined;
  const assumed = text(values, "assumeRoles.roleArn").split(":")[4] ?? "";
  return {
    region: text(values, "region"),
    accountId: [text(values, "allowedAccountIds"), assumed].find((id) => id !== "") ?? EXAMPLE_ACCOUNT,
    defaultTags: isObject(tags) ? tags : {},
    existing: new Set(z.array(z.string()).parse(JSON.parse(process.env[EXISTING] ?? "[]"))),
  };
}

/** The SDK hands a provider everything that is no text as JSON. */
function decoded(news: PropertyMap): Props {
  const values = plain(news);
  if (!isObject(values)) return {};
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, decode(value)]));
}

function decode(value: unknown): unknown {
  if (typeof value !== "string" || !/^(\[|\{|true$|false$|\d+$)/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse, stringify, YAMLParseError } from "yaml";
import { z } from "zod";
import { problemsOf, wording } from "../settings";

/** Where an API server listens. */
export interface Endpoint {
  /** Host name or address, without a scheme. */
  readonly host: string;
  readonly port: number;
}

const serverUrl = z.url({ error: 'not a URL such as "https://10.0.0.5:6443"' });

/** The part of a kubeconfig that is looked at; everything else is passed on as it is. */
const kubeconfig = z.looseObject({
  "current-context": z.string().optional(),
  contexts: z.array(
    z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string().optional() }) }),
  ),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({ server: serverUrl, "proxy-url": z.string().optional() }),
    }),
  ),
  users: z.array(z.looseObject({ name: z.string(), user: z.record(z.string(), z.unknown()) })).default([]),
});

/** A kubeconfig that is no good, with what to do about it; `message` begins in the middle of a sentence. */
export class KubeconfigError extends Error {}

/** One context of a kubeconfig, alone: what a provider needs and nothing more. */
export interface SelectedContext {
  /** A kubeconfig of this context only; certificates that were files are inline. */
  readonly text: string;
  readonly endpoint: Endpoint;
  /** Whether the server is reached through a proxy of the kubeconfig's. */
  readonly proxied: boolean;
}

/**
 * Selects one context of a kubeconfig.
 * @param folder What relative file names in it start from. Absent for a text that came from a secret: files are refused.
 * @throws KubeconfigError when the text is no kubeconfig or has no such context.
 */
export function selectContext(text: string, context?: string, folder?: string): SelectedContext {
  const config = parseKubeconfig(text);
  const name = context ?? config["current-context"];
  if (name === undefined || name === "") throw new KubeconfigError("has no current context; name one with `context`");
  const found = byName(config.contexts, name);
  if (found === undefined) {
    const names = config.contexts.map((entry) => entry.name).join(", ") || "none";
    throw new KubeconfigError(`has no context "${name}"; it has ${names}`);
  }
  const chosen = found.context;
  const cluster = byName(config.clusters, chosen.cluster);
  if (cluster === undefined)
    throw new KubeconfigError(`has no cluster "${chosen.cluster}", which context "${name}" names`);
  const user = chosen.user === undefined ? undefined : byName(config.users, chosen.user);
  // Without its user every request would be anonymous, and refused with a message that does not say why.
  if (chosen.user !== undefined && user === undefined) {
    throw new KubeconfigError(`has no user "${chosen.user}", which context "${name}" names`);
  }
  const server = cluster.cluster;
  const alone = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [found],
    clusters: [{ ...cluster, cluster: inline(server, CLUSTER_FILES, folder) }],
    users: user === undefined ? [] : [{ ...user, user: inline(user.user, USER_FILES, folder) }],
  };
  return { text: stringify(alone), endpoint: endpointOf(server.server), proxied: server["proxy-url"] !== undefined };
}

const CLUSTER_FILES = ["certificate-authority"] as const;
const USER_FILES = ["client-certificate", "client-key"] as const;
/** Files that a kubeconfig cannot hold inline. */
const OTHER_FILES = ["tokenFile"] as const;

function parseKubeconfig(text: string): z.output<typeof kubeconfig> {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new KubeconfigError(`is no YAML: ${placeOf(error)}`);
  }
  const parsed = kubeconfig.safeParse(value, { error: wording, reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error, []).map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`,
  );
  throw new KubeconfigError(`is no kubeconfig: ${problems.join("; ")}`);
}

/** Where YAML cannot be read. What the parser says of it may be a part of the text, and so a token. */
function placeOf(error: unknown): string {
  const [start] = (error instanceof YAMLParseError && error.linePos) || [];
  if (start !== undefined) return `look at line ${start.line}, column ${start.col}`;
  return "it has an alias without its anchor; put a value that begins with * into quotes";
}

function byName<T extends { name: string }>(entries: readonly T[], name: string): T | undefined {
  return entries.find((entry) => entry.name === name);
}

/** Replaces `<key>: file` by `<key>-data: base64`, as state and other machines do not have the file. */
function inline(entry: object, keys: readonly string[], folder?: string): object {
  const result: Record<string, unknown> = { ...entry };
  for (const key of OTHER_FILES) {
    if (key in result)
      throw new KubeconfigError(`has a ${key}, which other machines do not have; use an exec credential`);
  }
  for (const key of keys) {
    const file = result[key];
    if (typeof file !== "string") continue;
    if (folder === undefined)
      throw new KubeconfigError(`names the file ${file}; put its content in ${key}-data instead`);
    result[`${key}-data`] = readBase64(resolve(folder, file));
    delete result[key];
  }
  return result;
}

function readBase64(file: string): string {
  try {
    return readFileSync(file).toString("base64");
  } catch {
    throw new KubeconfigError(`names the file ${file}, which cannot be read`);
  }
}

/** The endpoint in a server's URL; https without a port is 443. */
export function endpointOf(server: string): Endpoint {
  const url = new URL(server);
  const port = url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port };
}

/** Reads a kubeconfig file and selects a context of it. */
export function selectFromFile(file: string, context?: string): SelectedContext {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new KubeconfigError("cannot be read; check the path");
  }
  return selectContext(text, context, dirname(file));
}

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type KubeconfigReference, type Problem, pathOf } from "../settings";
import type { PlatformReferences } from "../stacks";
import { KubeconfigError, type SelectedContext, selectContext, selectFromFile } from "./kubeconfig";

/** A kubeconfig that is found, or the problem that stood in the way. */
export type Found = { readonly context: SelectedContext } | { readonly problem: Problem };

/**
 * Finds the kubeconfig of an `existing` cluster: in a file, a secret of this stack, or another stack's outputs.
 * @param root What relative paths start from.
 */
export async function findKubeconfig(
  cluster: string,
  reference: KubeconfigReference,
  root: string,
  stacks: PlatformReferences,
): Promise<Found> {
  const at = (key: keyof KubeconfigReference) => pathOf("platform", "clusters", cluster, "provider", "kubeconfig", key);
  if (reference.stack !== undefined)
    return fromStack(stacks, reference.stack, at("stack"), reference.cluster ?? cluster);
  if (reference.secret !== undefined) return fromSecret(reference.secret, reference.context, at("secret"));
  if (reference.path === undefined) return fromDefaultFiles(reference.context, at("context"));
  const file = resolve(root, reference.path);
  return find(at("path"), reference.path, () => selectFromFile(file, reference.context));
}

/** Runs `select`; a kubeconfig that is no good becomes a problem that begins with `what`. */
function find(path: string, what: string, select: () => SelectedContext): Found {
  try {
    return { context: select() };
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    return { problem: { path, message: `${what} ${error.message}` } };
  }
}

/** As kubectl does: the first of the files in KUBECONFIG, else ~/.kube/config, that has the context. */
function fromDefaultFiles(context: string | undefined, path: string): Found {
  const listed = (process.env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
  const files = listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
  const tried = files.filter(existsSync).map((file) => find(path, file, () => selectFromFile(file, context)));
  const none = {
    problem: { path, message: `there is no kubeconfig at ${files.join(", ")}; give a path, or set KUBECONFIG` },
  };
  return tried.find((one) => "context" in one) ?? tried[0] ?? none;
}

/** The kubeconfig that another stack puts out. @param cluster Default: the one with its control plane. */
export async function fromStack(
  stacks: PlatformReferences,
  stack: string,
  path: string,
  cluster?: string,
): Promise<Found> {
  const text = await stacks.to(stack).kubeconfig(cluster);
  return find(path, `the kubeconfig that stack ${stack} puts out`, () => selectContext(text));
}

async function fromSecret(key: string, context: string | undefined, path: string): Promise<Found> {
  const set = `pulumi config set --secret ${key} < kubeconfig`;
  const secret = new pulumi.Config().getSecret(key);
  if (secret === undefined) return { problem: { path, message: `the stack has no secret "${key}"; set it: ${set}` } };
  // A value of the stack's configuration is always known.
  const text = await new Promise<string>((known) => secret.apply(known));
  return find(path, `the secret "${key}"`, () => selectContext(text, context));
}

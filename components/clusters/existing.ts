import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedCluster } from "../fleet";
import { type KubeconfigReference, type Problem, pathOf, SettingsError } from "../settings";
import type { PlatformReferences } from "../stacks";
import { KubeconfigError, type SelectedContext, selectContext, selectFromFile } from "./kubeconfig";

/** A kubeconfig that is found, or the problems that stood in the way. */
export type Found = { readonly context: pulumi.Output<SelectedContext> } | { readonly problem: Problem };

/**
 * Finds the kubeconfig of an `existing` cluster. Files and contexts are read at once; secrets and other stacks'
 * outputs arrive later.
 * @param root What relative paths start from.
 */
export function findKubeconfig(cluster: PlannedCluster, root: string, stacks: PlatformReferences): Found {
  const reference = cluster.provider.kubeconfig;
  const at = (key: keyof KubeconfigReference) =>
    pathOf("platform", "clusters", cluster.name, "provider", "kubeconfig", key);
  if (reference.stack !== undefined) return fromStack(stacks, reference.stack, reference.cluster ?? cluster.name);
  if (reference.secret !== undefined) return fromSecret(reference.secret, reference.context, at("secret"));
  const [file, key] =
    reference.path === undefined
      ? [defaultKubeconfig(), "context" as const]
      : [resolve(root, reference.path), "path" as const];
  try {
    return { context: pulumi.secret(selectFromFile(file, reference.context)) };
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    return { problem: { path: at(key), message: `${reference.path ?? file} ${error.message}` } };
  }
}

/** The first file of KUBECONFIG, else ~/.kube/config. */
function defaultKubeconfig(): string {
  const first = (process.env.KUBECONFIG ?? "").split(process.platform === "win32" ? ";" : ":")[0];
  return first === undefined || first === "" ? join(homedir(), ".kube", "config") : first;
}

/** The kubeconfig that another stack puts out. @param cluster Default: the one with its control plane. */
export function fromStack(stacks: PlatformReferences, stack: string, cluster?: string): Found {
  return {
    context: stacks
      .to(stack)
      .kubeconfig(cluster)
      .apply((text) => selectContext(text)),
  };
}

function fromSecret(key: string, context: string | undefined, path: string): Found {
  const secret = new pulumi.Config().getSecret(key);
  if (secret === undefined) {
    const message = `the stack has no secret "${key}"; set it: pulumi config set --secret ${key} < kubeconfig`;
    return { problem: { path, message } };
  }
  return {
    context: secret.apply((text) => {
      try {
        return selectContext(text, context);
      } catch (error) {
        if (!(error instanceof KubeconfigError)) throw error;
        throw new SettingsError([{ path, message: `the secret "${key}" ${error.message}` }]);
      }
    }),
  };
}

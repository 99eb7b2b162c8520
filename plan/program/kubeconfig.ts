import { stringify } from "yaml";

/** A kubeconfig of one context, whose API server has an address of its own for each name. */
export function kubeconfigOf(name: string, server = `https://${name}.api.test:6443`): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: `token-of-${name}` } }],
  });
}

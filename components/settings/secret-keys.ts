import * as runtimeConfig from "@pulumi/pulumi/runtime/config";

/**
 * Whether a configuration value is encrypted in the stack's file, in whole or in part. The SDK knows, but leaves the
 * function out of its types; where a version does not have it, nothing is said to be secret.
 * @param key Full key, such as `openchoreo:platform`.
 */
export function isSecretKey(key: string): boolean {
  const isConfigSecret: unknown = Reflect.get(runtimeConfig, "isConfigSecret");
  return typeof isConfigSecret === "function" && isConfigSecret(key) === true;
}

/** Where builds run: `privileged` by Pod Security, and narrowed to rootless BuildKit by a policy (build-policy.ts). */
export const BUILD_NAMESPACE = "choreo-builds";

/** Who builds are; Secrets for the registry and for Git hang on it. */
export const BUILD_ACCOUNT = "choreo-builder";

/** Names that the source document gives. */
export const BUILDER = "choreo-builder";
export const BUILD_TEMPLATE = "choreo-build-deploy";

/** Secrets that builds mount. */
export const REGISTRY_LOGIN = "registry-login";
export const SIGNING_KEY = "signing-key";

/** Secret with the login of one of Git's hosts, which may have a port. */
export function gitLogin(host: string): string {
  return `git-login-${host.replace(":", "-")}`;
}

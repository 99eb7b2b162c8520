import type { AddonVariants } from "../../support/settings";

/** Settings of this area's add-ons, by name, that between them take every way through their values. */
export const DELIVERY_VARIANTS: AddonVariants = {
  "argo-cd": {
    "with single sign-on": {
      "platform.argoCd.sso": {
        issuer: "https://login.choreo.test",
        clientId: "argocd",
        clientSecret: "argoCdClientSecret",
        admins: ["platform-engineers"],
      },
    },
    "with a host name of its own, and replicated": {
      "platform.argoCd.host": "cd.choreo.test",
      "platform.argoCd.replicas": 3,
    },
  },
  "argo-workflows": { replicated: { "platform.argoWorkflows.replicas": 3 } },
  kpack: { "with another registry": { "platform.registry.host": "registry.choreo.test/team" } },
  builds: {
    "with Git's credentials": {
      "platform.builds.gitCredentials": { "git.choreo.test": "git", "code.choreo.test:8443": "code" },
    },
    "with another registry": { "platform.registry": { host: "registry.choreo.test/team", credentials: "registry" } },
  },
  registry: { "with a larger volume": { "platform.registry.storage": "50Gi" } },
};

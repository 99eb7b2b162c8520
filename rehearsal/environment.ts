import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Folders } from "./folders";
import { ACCOUNT } from "./providers/aws/account-file";
import { FAULTS } from "./providers/aws/faults";
import { LOCAL_CLUSTERS } from "./providers/aws/local-clusters";
import { EXISTING } from "./providers/aws/settings";

/** What a rehearsal takes of the user's environment; credentials and their files are not among it. */
const KEPT = new RegExp(`^(PATH|LANG|LC_[A-Z]+|TZ|TERM|TMPDIR|CI|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|${FAULTS})$`);

/** Lines up to here may be logged with the engine's own noise switched off. */
const PASSPHRASE = "rehearsal";

/** Variable that marks every process of a rehearsal with its folder, for the guard that ends them. */
export const MARK = "OPENCHOREO_REHEARSAL";

/**
 * How long a request to an API server may take, in seconds. Three API servers on one small machine need longer than the
 * provider's 32 to describe the kinds of all charts at once.
 */
const REQUEST_SECONDS = "300";

/** What the environment of a rehearsal says beside its folders. */
export interface EnvironmentArgs {
  readonly path: string;
  /** Ids and ARNs of AWS that the stack's settings name. Default: none. */
  readonly existing?: readonly string[];
  /** Whether the state is written at every step, so that a rehearsal that was killed can be gone on with. Default: false. */
  readonly checkpoints?: boolean;
}

/** The environment of everything that a rehearsal runs: its own HOME, state, caches, and no credential. */
export function rehearsalEnvironment(
  folders: Folders,
  { path, existing = [], checkpoints = false }: EnvironmentArgs,
  from = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(from).filter(([name]) => KEPT.test(name)));
  const below = (name: string) => join(folders.home, name);
  return {
    ...kept,
    PATH: path,
    HOME: folders.home,
    XDG_CONFIG_HOME: below("config"),
    XDG_CACHE_HOME: below("cache"),
    XDG_DATA_HOME: below("data"),
    HELM_CONFIG_HOME: below("helm/config"),
    HELM_CACHE_HOME: below("helm/cache"),
    HELM_DATA_HOME: below("helm/data"),
    // Never ~/.kube/config: a provider without a kubeconfig fails instead.
    KUBECONFIG: below("no-kubeconfig"),
    AWS_EC2_METADATA_DISABLED: "true",
    PULUMI_HOME: below("pulumi"),
    PULUMI_BACKEND_URL: `file://${folders.state}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // The state is written when an operation ends, not at every step, whose cost grows with the square of the resources.
    // What a crash leaves is removed by the guard, so that nothing is lost with it; what is to be kept is written.
    ...(checkpoints ? {} : { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" }),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_K8S_CLIENT_TIMEOUT: REQUEST_SECONDS,
    [MARK]: folders.base,
    [ACCOUNT]: folders.account,
    [LOCAL_CLUSTERS]: folders.localClusters,
    [EXISTING]: JSON.stringify(existing),
  };
}

/** Makes `environment` this process's own, for what runs in it: the program and its clients. */
export function adopt(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

export function makeFolders(folders: Folders): void {
  for (const folder of [folders.project, folders.state, folders.home, folders.bin, folders.log]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}

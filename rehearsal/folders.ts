import { join } from "node:path";

/** Where a rehearsal of one stack keeps what it makes; all of it below the project's ignored `.rehearsal/`. */
export interface Folders {
  readonly root: string;
  /** Everything of the stack. */
  readonly base: string;
  /** A Pulumi project of the rehearsal's own, so that the stack's real files are never written to. */
  readonly project: string;
  /** State backend. */
  readonly state: string;
  /** HOME of every process that is started, so that no credential of this machine's user is found. */
  readonly home: string;
  /** Local clusters. */
  readonly clusters: string;
  /** Kubeconfigs of the local clusters, mode 0600. */
  readonly kubeconfigs: string;
  /** The account of the stand-in for AWS, one line a change. */
  readonly account: string;
  /** What the rehearsal tells the stand-in for AWS of the local clusters. */
  readonly localClusters: string;
  /** What `aws eks get-token` answers for each EKS cluster, mode 0600. */
  readonly credentials: string;
  /** Generated charts. */
  readonly charts: string;
  /** Wrappers of stand-in providers; first on PATH. */
  readonly bin: string;
  /** Output of the engine and of the clusters. */
  readonly log: string;
  readonly report: string;
  /** Who is rehearsing the stack now. */
  readonly lock: string;
  /** Process id of the guard. */
  readonly guard: string;
}

export function foldersOf(root: string, stack: string): Folders {
  const base = join(root, ".rehearsal", stack);
  const below = (name: string) => join(base, name);
  return {
    root,
    base,
    project: below("project"),
    state: below("state"),
    home: below("home"),
    clusters: below("clusters"),
    kubeconfigs: below("kubeconfigs"),
    account: below("aws/account.jsonl"),
    localClusters: below("aws/clusters.json"),
    credentials: below("aws/credentials"),
    charts: below("charts"),
    bin: below("bin"),
    log: below("log"),
    report: below("report.json"),
    lock: below("lock.json"),
    guard: below("guard.pid"),
  };
}

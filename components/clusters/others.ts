import { refuse } from "../settings";
import type { PlatformReference } from "../stacks";
import type { ClusterConnection } from "./connection";
import { selectContext } from "./kubeconfig";
import { connect, reachProblems } from "./open";
import { type ClusterProbe, liveProbe } from "./probe";

/** Arguments of {@link openOthers}. */
export interface OpenOthersArgs {
  /** Where settings speak of the other stack. */
  readonly path: string;
  /** Names of clusters. Default: all that the stack has. */
  readonly names?: readonly string[];
  /** What the names of connections begin with; for clusters whose names the own stack may have too. Default: nothing. */
  readonly prefix?: string;
  /** What asks running clusters. Default: {@link liveProbe}. */
  readonly probe?: ClusterProbe;
}

/**
 * Opens clusters that another stack made, by the kubeconfigs that it puts out. Each API server is knocked at before
 * anything is registered.
 * @returns Connections by the clusters' names there.
 * @throws SettingsError with every API server that cannot be reached.
 */
export async function openOthers(
  reference: PlatformReference,
  { path, names, prefix = "", probe = liveProbe }: OpenOthersArgs,
): Promise<ReadonlyMap<string, ClusterConnection>> {
  const { stack, clusters, tenancy } = await reference.platform();
  const wanted = names ?? Object.keys(clusters);
  const found = await Promise.all(
    wanted.map(async (name) => ({ name, context: selectContext(await reference.kubeconfig(name)) })),
  );
  const knocked = found.map(async ({ name, context }) => {
    const problems = await reachProblems({ path, ...context }, probe);
    return problems.map(({ message }) => ({ path, message: `cluster ${name} of ${reference.stack}: ${message}` }));
  });
  refuse((await Promise.all(knocked)).flat(), "fleet");
  const apiServer = (name: string) => tenancy?.clusters.find((cluster) => cluster.name === name)?.apiServer;
  return new Map(
    found.map(({ name, context }) => {
      const own = { name: `${prefix}${name}`, cluster: name, context, apiServer: apiServer(name) };
      // Objects belong to the cluster, whichever stack puts them there: none is replaced when it changes stacks.
      return [name, connect(own, { stack, clusters: [] }, probe)] as const;
    }),
  );
}

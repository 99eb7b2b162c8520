import type { Engine } from "../engine";
import { RehearsalError, run } from "../process";
import type { LocalCluster } from "./kwok";

/** Objects that a cluster makes by itself, some of them a while after its start, and in every namespace. */
const OWN =
  /^(Node|APIService|FlowSchema|IPAddress|PriorityLevelConfiguration|ServiceCIDR) |^ConfigMap \S+\/kube-root-ca\.crt$|^ServiceAccount \S+\/default$/;

const COLUMNS = "KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name";

/** Every object of a cluster as `Kind namespace/name`, of every kind that the API server lists. */
export async function inventory(cluster: LocalCluster, engine: Engine): Promise<Set<string>> {
  const kinds = (await kubectl(cluster, engine, ["api-resources", "--verbs=list", "-o", "name"]))
    .split("\n")
    .filter(
      (kind) =>
        kind !== "" &&
        !/^(events|leases\.|endpoints$|endpointslices\.|controllerrevisions\.|componentstatuses$)/.test(kind),
    );
  const listed = await kubectl(cluster, engine, [
    "get",
    [...new Set(kinds)].join(","),
    "--all-namespaces",
    "--no-headers",
    "--ignore-not-found",
    "-o",
    `custom-columns=${COLUMNS}`,
  ]);
  const objects = listed
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length === 3)
    .map(([kind, namespace, name]) => `${kind} ${namespace === "<none>" ? "" : `${namespace}/`}${name}`);
  return new Set(objects.filter((object) => !OWN.test(object)));
}

/** What is there now and was not before. */
export function added(before: ReadonlySet<string>, now: ReadonlySet<string>): string[] {
  return [...now].filter((object) => !before.has(object)).sort();
}

async function kubectl({ name, kubeconfig }: LocalCluster, engine: Engine, args: readonly string[]): Promise<string> {
  const { code, output } = await run(engine.file("kubectl"), [`--kubeconfig=${kubeconfig}`, ...args], {
    env: process.env,
  });
  if (code !== 0)
    throw new RehearsalError(`${name}: kubectl ${args[0]} failed: ${output.trim().split("\n").slice(-3).join(" ")}`);
  return output;
}

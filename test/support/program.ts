import type { AwaitedObject, ClusterProbe } from "../../components/clusters";

export { type Run, type RunArgs, runProgram, tryProgram } from "../../plan/program/run";

/** What a probe was asked. */
export interface Asked {
  readonly endpoints: string[];
  /** Kubeconfigs whose credentials had to be admitted. */
  readonly admitted: string[];
  readonly kinds: string[];
  /** As `Kind namespace/name`. */
  readonly workloads: string[];
  /** As `plural/name: Condition=Status, …`. */
  readonly objects: string[];
}

function awaitedText({ plural, name, True = [], False = [] }: AwaitedObject): string {
  const conditions = [...True.map((type) => `${type}=True`), ...False.map((type) => `${type}=False`)];
  return `${plural}/${name}: ${conditions.join(", ")}`;
}

/** A probe that reaches everything but the hosts in `unreachable`, and finds everything there; it keeps what it was asked. */
export function fakeProbe(
  unreachable: Readonly<Record<string, string>> = {},
): ClusterProbe & { readonly asked: Asked } {
  const asked: Asked = { endpoints: [], admitted: [], kinds: [], workloads: [], objects: [] };
  return {
    asked,
    unreachable: async ({ host, port }) => {
      asked.endpoints.push(`${host}:${port}`);
      return unreachable[host];
    },
    admitted: async (kubeconfig) => {
      asked.admitted.push(kubeconfig);
    },
    established: async (_kubeconfig, names) => {
      asked.kinds.push(...names);
    },
    ready: async (_kubeconfig, workloads) => {
      asked.workloads.push(...workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`));
    },
    met: async (_kubeconfig, objects) => {
      asked.objects.push(...objects.map(awaitedText));
    },
  };
}

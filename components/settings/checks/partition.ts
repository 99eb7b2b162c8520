import { partitionOf } from "../aws-regions";
import type { PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";

/** A region, or an ARN with its partition, and where settings name it. */
interface Place {
  readonly path: string;
  readonly text: string;
  readonly partition: string;
}

/**
 * Partitions of AWS (commercial, for governments) share neither accounts nor networks, so that one stack is in one of them:
 * that of its first cluster. Paths begin with `platform`.
 */
export function partitionProblems(platform: PlatformBase): Problem[] {
  const [first, ...others] = placesOf(platform);
  if (first === undefined) return [];
  return others
    .filter(({ partition }) => partition !== first.partition)
    .map(({ path, text, partition }) => ({
      path,
      message: `${text} is in the partition ${partition}, but ${first.text} (${first.path}) in ${first.partition}; a stack is in one of them`,
    }));
}

function placesOf({ clusters, aws }: PlatformBase): Place[] {
  const named = Object.entries(clusters).flatMap(([name, { provider }]): Place[] => {
    if (provider.kind === "existing" || provider.region === undefined) return [];
    const at = (...path: readonly string[]) => pathOf("platform", "clusters", name, "provider", ...path);
    const own = region(at("region"), provider.region);
    if (provider.kind === "cluster-api") {
      return [...own, ...(provider.volumeKey === undefined ? [] : [arn(at("volumeKey"), provider.volumeKey)])];
    }
    const access = Object.entries(provider.access).map(([entry, one]) =>
      arn(at("access", entry, "principal"), one.principal),
    );
    return [...own, ...region(at("replicaRegion"), provider.replicaRegion), ...access];
  });
  const at = (...path: readonly string[]) => pathOf("platform", "aws", ...path);
  const common = Object.entries(aws?.access ?? {}).map(([entry, one]) =>
    arn(at("access", entry, "principal"), one.principal),
  );
  return [
    ...named,
    ...region(at("replicaRegion"), aws?.replicaRegion),
    ...region(at("runner", "region"), aws?.runner?.region),
    ...common,
  ];
}

function region(path: string, name: string | undefined): Place[] {
  return name === undefined ? [] : [{ path, text: name, partition: partitionOf(name) }];
}

function arn(path: string, text: string): Place {
  return { path, text, partition: text.split(":")[1] ?? "" };
}

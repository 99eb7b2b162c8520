import { selectAddons } from "../../components/addons";
import type { FleetPlan, PlannedCluster } from "../../components/fleet";
import type { Settings } from "../../components/settings";
import type { PlanCluster, PlanLink, PlanObjectStore, PlanResource } from "../model";

/** The fleet's clusters, with what is installed on them. */
export function planClusters(fleet: FleetPlan, { platform }: Settings): PlanCluster[] {
  const selected = selectAddons(platform);
  return fleet.clusters.map((cluster) => {
    const { name, planes, provider, wave, mesh, drained } = cluster;
    const region = regionOf(cluster);
    const kubernetes = (cluster.eks ?? cluster.clusterApi)?.kubernetes;
    return {
      name,
      planes,
      provider: provider.kind,
      region: region ?? null,
      wave,
      ...(mesh !== undefined && { meshId: mesh.id }),
      drained,
      ...(kubernetes !== undefined && { kubernetes }),
      objectStore: storeOf(cluster, fleet),
      addons: selected.filter(({ addon }) => addon.on(cluster)).map(({ addon }) => addon.name),
    };
  });
}

function storeOf({ objectStore: place, eks, clusterApi }: PlannedCluster, fleet: FleetPlan): PlanObjectStore {
  if (place === "server") return { place };
  if (place === "settings") return { place, ...(fleet.objectStore && { region: fleet.objectStore.region }) };
  const region = eks?.region ?? clusterApi?.region;
  const replicaRegion = eks?.replicaRegion;
  return { place, ...(region !== undefined && { region }), ...(replicaRegion !== undefined && { replicaRegion }) };
}

function regionOf({ eks, clusterApi }: PlannedCluster): string | undefined {
  return eks?.region ?? clusterApi?.region;
}

/** Every pair of clusters that something joins: what the program registers says what. */
export function planLinks(fleet: FleetPlan, resources: readonly PlanResource[]): PlanLink[] {
  const named = new Set(resources.map(({ type, name }) => `${type} ${name}`));
  const has = (type: string, ...names: readonly string[]) => names.every((name) => named.has(`${type} ${name}`));
  const peered = (a: string, b: string) =>
    [`link.${a}.${b}`, `link.${b}.${a}`].some((name) => has("openchoreo:mesh:NetworkLink", name));
  const hubs = resources.some(({ type }) => type === "openchoreo:mesh:NetworkHubs");
  const regions = new Map(fleet.clusters.map(({ name, eks }) => [name, eks !== undefined]));
  return fleet.mesh.links.map(([from, to]) => {
    const inAws = regions.get(from) === true && regions.get(to) === true;
    const kinds = [
      ...(has("openchoreo:mesh:ClusterMeshLinks", `${from}.mesh`, `${to}.mesh`) ? ["cluster mesh"] : []),
      ...(has("openchoreo:mesh:IstioMember", `${from}.istio`, `${to}.istio`) ? ["istio"] : []),
      ...(peered(from, to) ? ["VPC peering"] : []),
      ...(hubs && inAws ? ["transit gateway"] : []),
    ];
    return { from, to, kinds };
  });
}

/**
 * Spreads a workload's pods over zones, but not at the price of not running at all. For charts that take a list of
 * constraints; with one replica there is nothing to spread.
 */
export function spreadOverZones(replicas: number, labels: Readonly<Record<string, string>>) {
  return spread("topology.kubernetes.io/zone", replicas, labels);
}

/** The same over nodes: whoever has a constraint of its own does without the scheduler's, which has both. */
export function spreadOverNodes(replicas: number, labels: Readonly<Record<string, string>>) {
  return spread("kubernetes.io/hostname", replicas, labels);
}

function spread(topologyKey: string, replicas: number, labels: Readonly<Record<string, string>>) {
  if (replicas < 2) return [];
  const labelSelector = { matchLabels: labels };
  return [{ maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector }];
}

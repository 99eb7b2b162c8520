/**
 * Spreads a workload's pods over zones, but not at the price of not running at all. For charts that take a list of
 * constraints; with one replica there is nothing to spread.
 */
export function spreadOverZones(replicas: number, labels: Readonly<Record<string, string>>) {
  if (replicas < 2) return [];
  return [
    {
      maxSkew: 1,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: labels },
    },
  ];
}

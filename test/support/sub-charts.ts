/**
 * Values of charts within charts, whose values.yaml is not among the charts' data: each was looked up in the packaged
 * chart of the pinned version, and every one that is set has to be listed here. A path that ends in `*` takes any key:
 * what is below it the chart hands on as it is, and another API says what may be there.
 */
const SUB_CHARTS: Readonly<Record<string, readonly string[]>> = {
  // Istio's MeshConfig, and patches of the objects that istiod makes of a Gateway.
  istiod: ["meshConfig.*", "gatewayClasses.*"],
};

/** Whether a chart's sub-chart is known to take a value. */
export function namedBySubChart(chart: string, path: readonly string[]): boolean {
  const dotted = path.join(".");
  return (SUB_CHARTS[chart] ?? []).some((known) =>
    known.endsWith(".*") ? dotted.startsWith(known.slice(0, -1)) : known === dotted,
  );
}

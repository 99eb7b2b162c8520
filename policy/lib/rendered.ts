/** What makes objects of what somebody else publishes: a chart, or a manifest. */
const RENDERERS = ["kubernetes:helm.sh/v4:Chart$", "kubernetes:yaml/v2:ConfigFile$", "kubernetes:yaml/v2:ConfigGroup$"];

/**
 * Whether a resource is an object of a chart or of a published manifest. Rules are not asked about those: of a release
 * Pulumi sees none either, and nobody here can mend them. What is pinned, and with which values, is asked of the chart.
 */
export function isRendered({ urn }: { readonly urn: string }): boolean {
  return RENDERERS.some((type) => urn.includes(type));
}

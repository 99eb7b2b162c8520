import { EKS_VERSIONS } from "../../components/settings";
import type { Compared } from "./compare";
import type { Difference, Differences, PropertyDifference } from "./model";
import { shortValue } from "./properties";
import { type Release, Renderer } from "./render";

const CHARTS = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"];

interface Side extends Compared {
  readonly clusters: readonly { readonly name: string; readonly kubernetes?: string }[];
}

const NEWEST = EKS_VERSIONS.at(-1) ?? "1.35";

/** What rendering needs. */
export interface RenderCall {
  readonly charts: string;
  readonly root: string;
  readonly before: Side;
  readonly after: Side;
}

/** Of releases that changed, shows what differs in the objects that they render instead of in their values. */
export async function withRendered(differences: Differences, call: RenderCall): Promise<Differences> {
  const renderer = Renderer.find(call.charts, call.root);
  if (typeof renderer === "string") return { ...differences, limits: `values of charts only: ${renderer}` };
  const [old, now] = [releases(call.before), releases(call.after)];
  const limits: string[] = [];
  const resources: Difference[] = [];
  // One after the other: each is three processes already.
  for (const difference of differences.resources) {
    const [before, after] = [old(difference.urn), now(difference.urn)];
    if (before === undefined || after === undefined || !CHARTS.includes(difference.type)) {
      resources.push(difference);
      continue;
    }
    const found = await rendered(renderer, difference, before, after);
    if (typeof found === "string") limits.push(`${difference.name}: ${found}`);
    resources.push(typeof found === "string" ? difference : found);
  }
  const level = "rendered objects" as const;
  return { ...differences, level, resources, ...(limits.length > 0 && { limits: limits.join("; ") }) };
}

/** Releases by URN, each for the Kubernetes of its cluster; where settings do not say which, for the newest known. */
function releases({ resources, clusters }: Side): (urn: string) => Release | undefined {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const versions = new Map(clusters.map(({ name, kubernetes }) => [name, kubernetes]));
  return (urn) => {
    const found = byUrn.get(urn);
    return found && { inputs: found.inputs, kubernetes: versions.get(found.cluster ?? "") ?? NEWEST };
  };
}

const UNMOVED: PropertyDifference = {
  path: "(values differ, and no rendered object does)",
  replaces: false,
};

/** The difference with objects, or why there are none. */
async function rendered(
  renderer: Renderer,
  difference: Difference,
  before: Release,
  after: Release,
): Promise<Difference | string> {
  for (const { inputs } of [before, after]) {
    if (!renderer.has(inputs)) return `no packaged chart ${String(inputs.chart)} ${String(inputs.version)}`;
  }
  try {
    const objects = await renderer.differences(before, after);
    // What is not in the values, such as a release's name, stays as it was found.
    const others = difference.properties.filter(({ path }) => !/^(values|chart|version)\b/.test(path));
    if (objects.length === 0) return { ...difference, properties: [...others, UNMOVED] };
    const properties = objects.map(({ path, before: was, after: is }) => {
      const whole = !path.includes(": ");
      return {
        path,
        ...(was !== undefined && { before: whole ? "an object" : shortValue(was) }),
        ...(is !== undefined && { after: whole ? "an object" : shortValue(is) }),
        replaces: false,
      };
    });
    return { ...difference, properties: [...others, ...properties] };
  } catch (error) {
    const said =
      error instanceof Error
        ? (error.message.split("\n").find((line) => line.startsWith("Error")) ?? error.message)
        : String(error);
    return `helm: ${said.slice(0, 300)}`;
  }
}

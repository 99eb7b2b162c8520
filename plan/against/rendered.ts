import type { Plan, PlanResource } from "../model";
import type { Difference, Differences } from "./model";
import { shortValue } from "./properties";
import { Renderer } from "./render";

const CHARTS = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"];

/** What rendering needs. */
export interface RenderCall {
  readonly charts: string;
  readonly root: string;
  readonly before: Pick<Plan, "resources">;
  readonly after: Pick<Plan, "resources">;
}

/** Of releases that changed, shows what differs in the objects that they render instead of in their values. */
export async function withRendered(differences: Differences, call: RenderCall): Promise<Differences> {
  const renderer = Renderer.find(call.charts, call.root);
  if (typeof renderer === "string") return { ...differences, limits: `values of charts only: ${renderer}` };
  const [old, now] = [byUrn(call.before), byUrn(call.after)];
  const limits: string[] = [];
  const resources: Difference[] = [];
  // One after the other: each is three processes already.
  for (const difference of differences.resources) {
    const [before, after] = [old.get(difference.urn), now.get(difference.urn)];
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

function byUrn({ resources }: Pick<Plan, "resources">): ReadonlyMap<string, PlanResource> {
  return new Map(resources.map((one) => [one.urn, one]));
}

/** The difference with objects, or why there are none. */
async function rendered(
  renderer: Renderer,
  difference: Difference,
  before: PlanResource,
  after: PlanResource,
): Promise<Difference | string> {
  for (const { inputs } of [before, after]) {
    if (!renderer.has(inputs)) return `no packaged chart ${String(inputs.chart)} ${String(inputs.version)}`;
  }
  try {
    const objects = await renderer.differences(before.inputs, after.inputs);
    // What is not in the values, such as a release's name, stays as it was found.
    const others = difference.properties.filter(({ path }) => !/^(values|chart|version)\b/.test(path));
    const properties = objects.map(({ path, before: was, after: is }) => ({
      path,
      ...(was !== undefined && { before: shortValue(was) }),
      ...(is !== undefined && { after: shortValue(is) }),
      replaces: false,
    }));
    return { ...difference, properties: [...others, ...properties] };
  } catch (error) {
    const said =
      error instanceof Error
        ? (error.message.split("\n").find((line) => line.startsWith("Error")) ?? error.message)
        : String(error);
    return `helm: ${said.slice(0, 300)}`;
  }
}

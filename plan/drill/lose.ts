import { Refusal } from "../../components/settings";
import { idOf, type PlanComponent } from "../model";
import { databaseFates } from "./databases";
import type { Drilled } from "./drilled";
import type { ComponentFate, Drill, LostPlane } from "./model";
import { takeover } from "./takeover";

/**
 * Says what is lost with a cluster, or with every cluster of a region.
 * @throws Refusal where the fleet has neither of that name.
 */
export function drill(plan: Drilled, lose: string): Drill {
  const { clusters } = plan;
  const gone = clusters.filter(({ name, region }) => name === lose || region === lose);
  if (gone.length === 0) throw new Refusal(`--lose ${lose}: ${choices(plan)}`);
  const lost = gone.map(({ name }) => name);
  const remaining = clusters.map(({ name }) => name).filter((name) => !lost.includes(name));
  const databases = databaseFates(plan, lost, gone.some(({ region }) => region === lose) ? lose : undefined);
  const components = componentFates(
    plan,
    lost,
    databases
      .filter(({ fate }) => fate !== "loses its replica")
      .map(({ database, environment }) => idOf({ name: database, environment })),
  );
  const before = {
    lose,
    lost,
    remaining,
    planes: lostPlanes(plan, lost),
    services: lostServices(plan, lost),
    components,
    databases,
    links: linksAfter(plan, lost),
    hosts: lostHosts(plan, lost),
  };
  return { ...before, takeover: takeover(before, plan) };
}

function choices({ clusters }: Drilled): string {
  const regions = [...new Set(clusters.flatMap(({ region }) => region ?? []))];
  const known = regions.length === 0 ? "" : `, regions ${regions.join(", ")}`;
  return `neither a cluster nor a region of the fleet; there are clusters ${clusters.map(({ name }) => name).join(", ")}${known}`;
}

const MEANS: Readonly<Record<string, string>> = {
  control: "what runs goes on, but nothing can be deployed, promoted or changed, and the console and the API are away",
  data: "its components run elsewhere, or nowhere",
  workflow: "no component is built; images that are there stay usable while their registry is",
  observability: "metrics, logs and traces are not searched centrally; agents buffer only for a while",
};

function lostPlanes({ clusters }: Drilled, lost: readonly string[]): LostPlane[] {
  const planes = new Set(clusters.filter(({ name }) => lost.includes(name)).flatMap((cluster) => cluster.planes));
  return [...planes].map((plane) => {
    const left = clusters.filter(({ name, planes: own }) => !lost.includes(name) && own.includes(plane));
    const means = left.length > 0 ? "others of the kind go on" : (MEANS[plane] ?? "it is away");
    return { plane, left: left.map(({ name }) => name), means };
  });
}

/** Services that every cluster has for itself are no loss to the others. */
function lostServices({ clusters }: Drilled, lost: readonly string[]): Drill["services"] {
  const left = new Set(clusters.filter(({ name }) => !lost.includes(name)).flatMap(({ addons }) => addons));
  return clusters
    .filter(({ name }) => lost.includes(name))
    .flatMap(({ name, addons }) =>
      addons.filter((addon) => !left.has(addon)).map((addon) => ({ addon, cluster: name })),
    );
}

function linksAfter({ links }: Drilled, lost: readonly string[]): Drill["links"] {
  const text = ({ from, to, kinds }: Drilled["links"][number]) => `${from} ↔ ${to} (${kinds.join(", ")})`;
  const isCut = ({ from, to }: Drilled["links"][number]) => lost.includes(from) || lost.includes(to);
  return { cut: links.filter(isCut).map(text), left: links.filter((link) => !isCut(link)).map(text) };
}

/** A route's host name is served where the route is. */
function lostHosts({ endpoints, clusters }: Drilled, lost: readonly string[]): string[] {
  const names = new Set(clusters.map(({ name }) => name));
  const served = endpoints.filter(({ reach, cluster }) => reach === "clients" && names.has(cluster ?? ""));
  const left = new Set(served.filter(({ cluster }) => !lost.includes(cluster ?? "")).map(({ host }) => host));
  return [...new Set(served.map(({ host }) => host).filter((host) => !left.has(host)))];
}

/** Components that lose something, those that lose most first; what is called is looked up through all that calls it. */
function componentFates({ tenants }: Drilled, lost: readonly string[], databases: readonly string[]): ComponentFate[] {
  const components = tenants.flatMap((tenant) => tenant.components);
  const away = new Set([
    ...databases,
    ...components
      .filter((one) => leftOf(one, lost).length === 0)
      .map(({ component, environment }) => idOf({ name: component, environment })),
  ]);
  const fates = components.flatMap((one): ComponentFate[] => {
    const left = leftOf(one, lost);
    const missing = one.uses.filter((used) => away.has(used));
    if (left.length === one.clusters.length && missing.length === 0) return [];
    const fate = left.length === 0 ? "lost" : missing.length > 0 ? "broken" : "fewer replicas";
    const replicasBefore = one.replicas * one.clusters.length;
    const own = {
      component: one.component,
      fate,
      replicasBefore,
      replicasLeft: one.replicas * left.length,
      left,
      missing,
    } as const;
    return [one.environment === undefined ? own : { ...own, environment: one.environment }];
  });
  const order = ["lost", "broken", "fewer replicas"];
  return fates.sort((a, b) => order.indexOf(a.fate) - order.indexOf(b.fate));
}

function leftOf({ clusters }: PlanComponent, lost: readonly string[]): string[] {
  return clusters.filter((cluster) => !lost.includes(cluster));
}

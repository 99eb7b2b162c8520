import { idOf } from "../model";
import type { Drilled } from "./drilled";
import type { Drill, Step } from "./model";

const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

/** What happens by itself after a loss, and what somebody has to do, in the order in which it is done. */
export function takeover(drill: Omit<Drill, "takeover">, plan: Drilled): Step[] {
  return [
    ...trafficSteps(drill, plan),
    ...meshSteps(drill),
    ...databaseSteps(drill),
    ...planeSteps(drill, plan),
    ...componentSteps(drill),
    ...afterwards(drill, plan),
  ];
}

/** Gateways of data planes have health checks where the internet reaches them; records of a sick one are not given out. */
function trafficSteps({ lost }: Omit<Drill, "takeover">, { clusters, resources }: Drilled): Step[] {
  const serving = clusters.filter(({ name, planes }) => lost.includes(name) && planes.includes("data"));
  const watched = new Set(resources.filter(({ type }) => type === HEALTH_CHECK).map(({ cluster }) => cluster));
  return serving.map(({ name }) =>
    watched.has(name)
      ? {
          who: "by itself",
          what: `the health check of the gateway on ${name} fails, and its DNS records are not given out`,
        }
      : {
          who: "operator",
          what: `no health check watches the gateway on ${name}: set clusters.${name}.drained: true, so that clients go elsewhere`,
        },
  );
}

function meshSteps({ lost, remaining, links }: Omit<Drill, "takeover">): Step[] {
  if (links.cut.length === 0 || remaining.length === 0) return [];
  return [
    {
      who: "by itself",
      what: `endpoints on ${lost.join(", ")} leave the mesh's services; callers use those on ${remaining.join(", ")}, where there are any`,
    },
  ];
}

function databaseSteps({ databases }: Omit<Drill, "takeover">): Step[] {
  return databases
    .filter(({ fate }) => fate !== "loses its replica")
    .map(({ database, environment, fate, means }) => {
      const name = idOf({ name: database, environment });
      return {
        who: "operator",
        what: `${name}: ${fate === "no reachable backup" ? `cannot be brought back; ${means}` : means}`,
      };
    });
}

function planeSteps({ planes, remaining }: Omit<Drill, "takeover">, { control }: Drilled): Step[] {
  const gone = planes.filter(({ left }) => left.length === 0).map(({ plane }) => plane);
  const without = gone.filter((plane) => plane !== "control" && plane !== "data");
  const moved = without.map((plane): Step => {
    const to = remaining[0] ?? "a new cluster";
    return {
      who: "operator",
      what: `give the ${plane} plane to another cluster: add ${plane} to its planes (such as ${to}), and run up`,
    };
  });
  if (!gone.includes("control") || control.cluster === undefined) return moved;
  return [
    {
      who: "operator",
      what: `make the control cluster ${control.cluster} anew (up stops until it can be reached), and restore it with Velero; agents of the other planes connect again`,
    },
    ...moved,
  ];
}

function componentSteps({ components }: Omit<Drill, "takeover">): Step[] {
  const lost = components
    .filter(({ fate }) => fate === "lost")
    .map(({ component, environment }) => idOf({ name: component, environment }));
  const fewer = components
    .filter(({ fate }) => fate === "fewer replicas")
    .map(({ component, environment }) => idOf({ name: component, environment }));
  return [
    ...(fewer.length === 0
      ? []
      : [
          {
            who: "by itself",
            what: `${fewer.join(", ")}: replicas elsewhere take the load; check that they have room for it`,
          } as const,
        ]),
    ...(lost.length === 0
      ? []
      : [
          {
            who: "operator",
            what: `${[...new Set(lost)].join(", ")}: name another cluster in clusters of the tenant's file`,
          } as const,
        ]),
  ];
}

/** `up` knocks at every API server before it does anything. */
function afterwards({ lost }: Omit<Drill, "takeover">, { clusters }: Drilled): Step[] {
  const made = clusters.filter(({ name, provider }) => lost.includes(name) && provider !== "existing");
  const how =
    made.length > 0 ? "up makes it anew, or remove it from clusters" : "bring it back, or remove it from clusters";
  return [
    {
      who: "operator",
      what: `until ${lost.join(", ")} can be reached or is out of the settings, up changes nothing: ${how} (docs/day-2.md)`,
    },
  ];
}

import type { Description } from "./model";

const SECONDS = { key: "seconds", label: "seconds" };
const MEMORY = { key: "memory", label: "peak memory, MiB" };
const RESOURCES = { key: "resources", label: "resources" };
const GROWTH = [
  RESOURCES,
  SECONDS,
  { key: "perResource", label: "ms a resource" },
  MEMORY,
  { key: "memoryPerResource", label: "KiB a resource" },
] as const;

const PER_COMPONENT = { key: "perComponent", label: "ms a component" };
const COMPONENT_GROWTH = [
  RESOURCES,
  { key: "resourcesPerComponent", label: "resources a component" },
  SECONDS,
  PER_COMPONENT,
  ...GROWTH.slice(2),
] as const;

const GROWTH_VALUES = "ms a resource";

/** Every benchmark, in the order in which they run and are reported. */
export const CATALOG: readonly Description[] = [
  {
    name: "plan",
    summary: "planning prod, against a bare program on mocks that registers as much",
    engine: false,
    rounds: 7,
    columns: [RESOURCES, SECONDS, MEMORY],
    plots: [{ kind: "bars", title: "A whole process, on mocks", columns: ["seconds"], values: "seconds" }],
  },
  {
    name: "components",
    summary:
      "plans of tenants with 100 to 10,000 components, and a bare program on mocks that registers as much as one",
    engine: false,
    rounds: 3,
    columns: COMPONENT_GROWTH,
    plots: [
      {
        kind: "lines",
        title: "Time a component",
        columns: [PER_COMPONENT.key],
        sizes: "components",
        values: PER_COMPONENT.label,
      },
      {
        kind: "lines",
        title: "Time a resource, by the tenants' components",
        columns: ["perResource"],
        sizes: "components",
        values: GROWTH_VALUES,
      },
    ],
  },
  {
    name: "clusters",
    summary: "plans of fleets of 3, 10 and 30 clusters",
    engine: false,
    rounds: 3,
    columns: GROWTH,
    plots: [
      {
        kind: "lines",
        title: "Time a resource, by the fleet's clusters",
        columns: ["perResource"],
        sizes: "clusters",
        values: GROWTH_VALUES,
      },
    ],
  },
  {
    name: "start",
    summary: "loading the program, against loading the three SDKs, and what each import costs",
    engine: false,
    rounds: 7,
    columns: [{ key: "seconds", label: "seconds" }, { key: "files", label: "files" }, MEMORY],
    plots: [{ kind: "bars", title: "Loading, by what is loaded", columns: ["seconds"], values: "seconds" }],
  },
  {
    name: "engine",
    summary: "preview and up on the real engine, against a bare program with the same resources",
    engine: true,
    rounds: 3,
    columns: [RESOURCES, SECONDS, MEMORY],
    plots: [{ kind: "bars", title: "The real engine, stand-in charts", columns: ["seconds"], values: "seconds" }],
  },
  {
    name: "helm",
    summary: "a rehearsal's up with real charts, against the helm CLI, chart after chart",
    engine: true,
    rounds: 1,
    columns: [{ key: "releases", label: "releases" }, SECONDS, MEMORY],
    plots: [{ kind: "bars", title: "The same real charts", columns: ["seconds"], values: "seconds" }],
  },
  {
    name: "policy",
    summary: "a preview of the running prod with the policy pack, against one without it",
    engine: true,
    rounds: 3,
    columns: [RESOURCES, SECONDS, MEMORY],
    plots: [{ kind: "bars", title: "Preview of prod, the real engine", columns: ["seconds"], values: "seconds" }],
  },
  {
    name: "shards",
    summary: "up of the same tenants in the platform's stack, and in 4 and 16 shards",
    engine: true,
    rounds: 1,
    columns: [RESOURCES, SECONDS, { key: "perResource", label: "ms a resource" }, MEMORY],
    plots: [{ kind: "lines", title: "up, by stacks", columns: ["seconds"], sizes: "stacks", values: "seconds" }],
  },
  {
    name: "build",
    summary: "building the engine's binaries from their Go modules",
    engine: true,
    rounds: 1,
    columns: [SECONDS, { key: "size", label: "size, MiB" }],
    plots: [{ kind: "bars", title: "Building the engine", columns: ["seconds"], values: "seconds" }],
  },
];

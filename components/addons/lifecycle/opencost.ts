import { z } from "zod";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonTarget } from "../contract";
import { METRICS } from "../metrics/names";
import type { Monitoring } from "../monitoring";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../restricted";

const price = z.number().min(0).optional();

const config = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      prices: z
        .strictObject({
          cpu: price.describe("One CPU for a month."),
          memory: price.describe("One GiB of memory for a month."),
          storage: price.describe("One GiB of storage for a month."),
        })
        .optional()
        .describe(
          "What machines of your own cost, in US dollars, for clusters that are not on EKS. Default: OpenCost's own " +
            "estimates; on EKS the prices that AWS publishes.",
        ),
    })
    .describe("OpenCost: what nodes, volumes and workloads cost, by namespace and label.");
export type OpenCostConfig = z.output<ReturnType<typeof config>>;

/** Its web interface has no sign-in and is left out: its figures are metrics, which dashboards show. */
export function openCostValues({ cluster, connection }: AddonTarget, { prices }: OpenCostConfig) {
  const { namespace, prometheus } = METRICS;
  const { service: serviceName, port } = prometheus;
  const own = connection.cloud === undefined && prices !== undefined;
  return {
    podSecurityContext: { ...RESTRICTED_POD, runAsUser: 1001, fsGroup: 1001 },
    opencost: {
      exporter: { defaultClusterId: cluster.name, securityContext: RESTRICTED_CONTAINER },
      prometheus: { internal: { enabled: true, serviceName, namespaceName: namespace, port } },
      ui: { enabled: false },
      mcp: { enabled: false },
      ...(own ? { customPricing: { enabled: true, costModel: costModel(prices) } } : {}),
    },
  };
}

/** OpenCost counts a month as 730 hours itself. Source: the chart's values.yaml and OpenCost's custom pricing. */
function costModel({ cpu, memory, storage }: NonNullable<OpenCostConfig["prices"]>) {
  const given = { CPU: cpu, RAM: memory, storage };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function monitoring(): Monitoring {
  const perMonth = (hourly: string) => `730 * ${hourly}`;
  const cpu = "sum by (namespace) (container_cpu_allocation * on (cluster, node) group_left node_cpu_hourly_cost)";
  const memory =
    "sum by (namespace) (container_memory_allocation_bytes / 1024^3 * on (cluster, node) group_left node_ram_hourly_cost)";
  return {
    scrapes: [{ name: "opencost", of: "services", labels: { "app.kubernetes.io/name": "opencost" }, port: "http" }],
    alerts: [
      {
        alert: "OpenCostDown",
        expr: 'absent(up{namespace="opencost"} == 1)',
        for: "1h",
        severity: "info",
        summary: "OpenCost gives no figures; costs of this time are missing from dashboards.",
      },
    ],
    dashboards: {
      costs: {
        title: "Costs",
        panels: [
          { title: "Nodes, a month", unit: "currencyUSD", queries: { "{{node}}": perMonth("node_total_hourly_cost") } },
          { title: "CPU by namespace, a month", unit: "currencyUSD", queries: { "{{namespace}}": perMonth(cpu) } },
          {
            title: "Memory by namespace, a month",
            unit: "currencyUSD",
            queries: { "{{namespace}}": perMonth(memory) },
          },
          {
            title: "Volumes, a month",
            unit: "currencyUSD",
            queries: {
              "{{persistentvolume}}": perMonth(
                "sum by (persistentvolume) (pv_hourly_cost * on (cluster, persistentvolume) group_left kube_persistentvolume_capacity_bytes / 1024^3)",
              ),
            },
          },
        ],
      },
    },
  };
}

export const openCost = defineAddon({
  name: "opencost",
  key: "openCost",
  title: "Costs of clusters and workloads",
  chart: PINS.opencost,
  namespace: { name: "opencost", podSecurity: "restricted" },
  on: () => true,
  needs: [METRICS.prometheus.addon],
  kinds: [],
  config,
  values: openCostValues,
  monitoring,
});

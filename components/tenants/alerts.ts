import type { Manifest } from "../addons";
import type { Cell } from "./cells";
import type { PlannedComponent } from "./plan";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: "critical" | "warning" | "info";
  readonly summary: string;
  readonly component?: string;
}

/** The alert rules of a cell: what every component is watched for, and what its settings add. */
export function alertRules(cell: Cell): Manifest | undefined {
  const watched = cell.components.filter(({ settings }) => settings.monitoring.enabled);
  if (watched.length === 0) return undefined;
  const { namespace, tenant, project, environment } = cell;
  const rules = [
    ...podRules(cell),
    ...watched.flatMap((component) => [...errorRules(component), ...ownRules(component)]),
  ];
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "tenant", namespace },
    spec: {
      groups: [
        {
          name: namespace,
          rules: rules.map(({ alert, expr, for: duration, severity, summary, component }) => ({
            alert,
            expr,
            for: duration,
            labels: { severity, tenant, project, environment, ...(component === undefined ? {} : { component }) },
            annotations: { summary },
          })),
        },
      ],
    },
  };
}

/** What pods say of themselves, of all components that are watched. Metrics: kube-state-metrics and the kubelet. */
function podRules({ namespace, components }: Cell): Rule[] {
  const silent = components.filter(({ settings }) => !settings.monitoring.enabled).map(({ name }) => name);
  const pods = `namespace="${namespace}"${silent.length === 0 ? "" : `,pod!~"(${silent.join("|")})-.*"`}`;
  const memory = `container!="",${pods}`;
  return [
    {
      alert: "ComponentRestarts",
      expr: `increase(kube_pod_container_status_restarts_total{${pods}}[15m]) > 3`,
      for: "5m",
      severity: "critical",
      summary: "{{ $labels.pod }} starts again and again",
    },
    {
      alert: "ComponentNotReady",
      expr: `kube_pod_status_ready{condition="true",${pods}} == 0 and on (namespace, pod) kube_pod_status_phase{phase=~"Running|Pending",${pods}} == 1`,
      for: "10m",
      severity: "critical",
      summary: "{{ $labels.pod }} is not ready",
    },
    {
      alert: "ComponentMemoryFull",
      expr: `max by (namespace, pod) (container_memory_working_set_bytes{${memory}}) / max by (namespace, pod) (kube_pod_container_resource_limits{resource="memory",${pods}}) > 0.9`,
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory",
    },
    {
      alert: "TaskFailed",
      expr: `kube_job_status_failed{namespace="${namespace}"} > 0`,
      for: "1m",
      severity: "warning",
      summary: "{{ $labels.job_name }} failed",
    },
    {
      alert: "QuotaNearlyUsed",
      expr: `kube_resourcequota{type="used",namespace="${namespace}"} / on (namespace, resourcequota, resource) (kube_resourcequota{type="hard",namespace="${namespace}"} > 0) > 0.9`,
      for: "30m",
      severity: "warning",
      summary: "{{ $value | humanizePercentage }} of the namespace's {{ $labels.resource }} is used",
    },
  ];
}

/** Errors of what is exposed, as the gateway sees them: its names of backends begin with the route's. */
function errorRules({ name, namespace, host }: PlannedComponent): Rule[] {
  if (host === undefined) return [];
  const backends = `envoy_cluster_name=~"httproute/${namespace}/${name}/.+"`;
  const all = `sum(rate(envoy_cluster_upstream_rq_xx{${backends}}[5m]))`;
  const failed = `sum(rate(envoy_cluster_upstream_rq_xx{${backends},envoy_response_code_class="5"}[5m]))`;
  return [
    {
      alert: "ComponentErrors",
      expr: `${failed} / ${all} > 0.05`,
      for: "10m",
      severity: "critical",
      summary: `{{ $value | humanizePercentage }} of the requests to ${host} end with a 5xx status`,
      component: name,
    },
  ];
}

function ownRules({ name, settings }: PlannedComponent): Rule[] {
  return Object.entries(settings.monitoring.alerts).map(([alert, { expression, ...rest }]) => {
    return { alert, expr: expression, ...rest, component: name };
  });
}

import { logStream, PLATFORM_LOGS } from "./names";
import type { RestDocument } from "./rest-documents";

/** What a tenant decides of its logs. */
export interface TenantLogs {
  /** How long they are kept, in days or hours. Default: the platform's `retention.tenants`. */
  readonly retention?: string;
  /** Groups that read them in Dashboards. */
  readonly readers: readonly string[];
}

/** How long logs are kept, each in days or hours such as `30d`. */
export interface LogRetention {
  /** Of tenants that say nothing themselves. */
  readonly tenants: string;
  /** Of platform services, the gateway's access logs and the audit log. */
  readonly platform: string;
  /** Of traces; absent where there are none. */
  readonly traces?: string;
}

const HOURS = { d: 24, h: 1 } as const;

function hoursOf(retention: string): number {
  return Number.parseInt(retention, 10) * HOURS[retention.endsWith("h") ? "h" : "d"];
}

/** A stream goes on in a new index after a part of its retention, as whole indices are what is deleted. */
export function rolloverAge(retention: string): string {
  const hours = Math.min(7 * 24, Math.max(1, Math.ceil(hoursOf(retention) / 8)));
  return hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}

/** An index state policy for some streams. */
interface StreamPolicy {
  readonly id: string;
  readonly patterns: readonly string[];
  readonly retention: string;
  /** The policy with the highest priority of those that match a stream is the one that it gets. */
  readonly priority: number;
}

/**
 * The policies that end logs and traces: one for all tenants, one for the platform, one for each tenant that keeps its
 * logs for another time.
 */
export function retentionDocuments(
  { tenants, platform, traces }: LogRetention,
  own: Readonly<Record<string, TenantLogs>>,
): RestDocument[] {
  const streams: StreamPolicy[] = [
    { id: "choreo-logs", patterns: ["logs-*"], retention: tenants, priority: 100 },
    {
      id: "choreo-logs-of-platform",
      patterns: [logStream(PLATFORM_LOGS, "*")],
      retention: platform,
      priority: 200,
    },
    ...Object.entries(own).flatMap(([tenant, { retention }]) =>
      retention === undefined
        ? []
        : [{ id: `choreo-logs-of-tenant-${tenant}`, patterns: [logStream(tenant, "*")], retention, priority: 200 }],
    ),
  ];
  return [
    ...streams.flatMap((policy) => [streamPolicy(policy), adoption(policy)]),
    dailyPolicy("choreo-audit", "security-auditlog-*", platform),
    ...(traces === undefined ? [] : [dailyPolicy("choreo-traces", "jaeger-*", traces)]),
  ];
}

const RETRY = { count: 5, backoff: "exponential", delay: "10m" };

function streamPolicy({ id, patterns, retention, priority }: StreamPolicy): RestDocument {
  const write = {
    name: "write",
    actions: [{ retry: RETRY, rollover: { min_index_age: rolloverAge(retention), min_primary_shard_size: "20gb" } }],
    // Counted from the last record, so that no record goes before its time.
    transitions: [{ state_name: "end", conditions: { min_rollover_age: retention } }],
  };
  return policyDocument(id, {
    description: `Logs of ${patterns.join(", ")} end after ${retention}`,
    default_state: "write",
    states: [write, END],
    ism_template: [{ index_patterns: [...patterns], priority }],
  });
}

/** For indices that are made a day each. */
function dailyPolicy(id: string, pattern: string, retention: string): RestDocument {
  const keep = {
    name: "keep",
    actions: [],
    transitions: [{ state_name: "end", conditions: { min_index_age: retention } }],
  };
  return policyDocument(id, {
    description: `Indices ${pattern} end after ${retention}`,
    default_state: "keep",
    states: [keep, END],
    ism_template: [{ index_patterns: [pattern], priority: 100 }],
  });
}

const END = { name: "end", actions: [{ retry: RETRY, delete: {} }], transitions: [] };

function policyDocument(id: string, policy: object): RestDocument {
  return { verb: "put-versioned", path: `/_plugins/_ism/policies/${id}`, body: { policy } };
}

/**
 * A policy is given to an index when that is made; one that is there already has to be told of the change. Policies come
 * from the general to the special, so the last one that takes an index is the right one.
 */
function adoption({ id, patterns }: StreamPolicy): RestDocument {
  const indices = patterns.map((pattern) => `.ds-${pattern}`).join(",");
  return { verb: "post", path: `/_plugins/_ism/change_policy/${indices}`, body: { policy_id: id } };
}

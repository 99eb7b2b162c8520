import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { type AddonTarget, isOn } from "../contract";
import { LOGS_NAMESPACE, logStream, OPENSEARCH, USERS } from "./names";
import type { OpenSearchConfig, SignIn } from "./opensearch-config";
import type { RestDocument } from "./rest-documents";
import type { TenantLogs } from "./retention";

type UserUse = keyof typeof USERS;

/** The password of one of OpenSearch's users; the same on every cluster. */
export function opensearchPassword({ trust }: Pick<AddonTarget, "trust">, use: UserUse) {
  return trust.sharedPassword(`opensearch-${use}`);
}

/** Common name of the nodes' certificate, and of the administrator's. */
export const NODE = "opensearch-node";
export const ADMINISTRATOR = "opensearch-administrator";

/** The subject of a certificate of this program, as the security plugin spells it. */
export function subjectOf(commonName: string): string {
  return `CN=${commonName},O=openchoreo`;
}

/** Every name that nodes and clients reach OpenSearch by. */
export function nodeNames(outside: readonly string[]): string[] {
  const { service } = OPENSEARCH;
  const within = [service, `${service}.${LOGS_NAMESPACE}`, `${service}.${LOGS_NAMESPACE}.svc`];
  const headless = `${service}-headless.${LOGS_NAMESPACE}.svc`;
  return ["localhost", ...within, `${within[2]}.cluster.local`, headless, `*.${headless}`, ...outside];
}

interface User {
  readonly hash: pulumi.Output<string>;
  readonly reserved: true;
  readonly opendistro_security_roles: readonly string[];
  readonly description: string;
}

interface Role {
  readonly reserved: true;
  readonly cluster_permissions: readonly string[];
  readonly index_permissions: readonly {
    readonly index_patterns: readonly string[];
    readonly allowed_actions: readonly string[];
  }[];
  readonly tenant_permissions?: readonly {
    readonly tenant_patterns: readonly string[];
    readonly allowed_actions: readonly string[];
  }[];
}

/** What each user may do. Names of actions and groups: the security plugin's static_action_groups.yml. */
const ROLES: Readonly<Record<"choreo_log_writer" | "choreo_trace_writer" | "choreo_monitor", Role>> = {
  choreo_log_writer: {
    reserved: true,
    cluster_permissions: ["cluster_monitor", "indices:data/write/bulk"],
    index_permissions: [
      {
        index_patterns: ["logs-*"],
        // Appends, and makes a stream with its first record; neither reads nor deletes.
        allowed_actions: [
          "indices:data/write/bulk*",
          "indices:data/write/index*",
          "indices:admin/auto_create",
          "indices:admin/create",
          "indices:admin/data_stream/create",
          "indices:admin/mapping/put",
          "indices:admin/mapping/auto_put",
        ],
      },
    ],
  },
  choreo_trace_writer: {
    reserved: true,
    cluster_permissions: [
      "cluster_monitor",
      "cluster_composite_ops",
      "indices:admin/template/*",
      "indices:admin/index_template/*",
    ],
    index_permissions: [{ index_patterns: ["jaeger-*"], allowed_actions: ["indices_all"] }],
  },
  choreo_monitor: {
    reserved: true,
    cluster_permissions: ["cluster_monitor"],
    index_permissions: [{ index_patterns: ["*"], allowed_actions: ["indices_monitor", "indices:admin/aliases/get"] }],
  },
};

/** The users that there is someone for. */
function users(target: AddonTarget): Record<string, User> {
  const user = (use: UserUse, role: string, description: string) => {
    const { bcrypt } = opensearchPassword(target, use);
    const one: User = { hash: bcrypt, reserved: true, opendistro_security_roles: [role], description };
    return { [USERS[use]]: one };
  };
  return {
    ...user("admin", "all_access", "The platform's administrator"),
    ...user("logs", "choreo_log_writer", "Fluent Bit of every cluster"),
    ...user("metrics", "choreo_monitor", "The metrics exporter of each node"),
    ...(isOn(target, "opensearch-dashboards") ? user("dashboards", "kibana_server", "OpenSearch Dashboards") : {}),
    ...(isOn(target, "jaeger") ? user("traces", "choreo_trace_writer", "Jaeger") : {}),
  };
}

/** Who reads a tenant's logs: groups of the identity provider, or backend roles of users that OpenSearch knows itself. */
function readerRole(tenant: string): Role {
  return {
    reserved: true,
    cluster_permissions: ["cluster_composite_ops_ro"],
    index_permissions: [{ index_patterns: [logStream(tenant, "*")], allowed_actions: ["read", "indices_monitor"] }],
    tenant_permissions: [{ tenant_patterns: [tenant], allowed_actions: ["kibana_all_write"] }],
  };
}

const readerRoleName = (tenant: string) => `choreo_logs_${tenant}`;

/** Everything of the security plugin that the platform decides. */
function securityObjects(target: AddonTarget, tenants: Readonly<Record<string, TenantLogs>>) {
  const read = Object.entries(tenants).filter(([, { readers }]) => readers.length > 0);
  const readers = [...new Set(read.flatMap(([, { readers: groups }]) => groups))];
  const mapping = (groups: readonly string[]) => ({ reserved: true, backend_roles: [...groups] });
  const roles: Record<string, Role> = {
    ...ROLES,
    ...Object.fromEntries(read.map(([tenant]) => [readerRoleName(tenant), readerRole(tenant)])),
  };
  return {
    users: users(target),
    roles,
    mappings: {
      ...(readers.length === 0 ? {} : { kibana_user: mapping(readers) }),
      ...Object.fromEntries(read.map(([tenant, { readers: groups }]) => [readerRoleName(tenant), mapping(groups)])),
    },
    tenants: Object.fromEntries(
      read.map(([tenant]) => [tenant, { reserved: true, description: `Dashboards of tenant ${tenant}` }]),
    ),
  };
}

/**
 * The files that a new cluster's security index is made of. Later changes come through {@link securityDocuments}: the
 * plugin reads the files once.
 */
export function securityFiles(
  target: AddonTarget,
  { tenants, sso }: Pick<OpenSearchConfig, "tenants" | "sso">,
): pulumi.Output<Record<string, string>> {
  const objects = securityObjects(target, tenants);
  const file = (type: string, content: object) => ({ _meta: { type, config_version: 2 }, ...content });
  const files = {
    "config.yml": file("config", { config: { dynamic: authentication(sso) } }),
    "internal_users.yml": file("internalusers", objects.users),
    "roles.yml": file("roles", objects.roles),
    "roles_mapping.yml": file("rolesmapping", objects.mappings),
    "tenants.yml": file("tenants", objects.tenants),
    "action_groups.yml": file("actiongroups", {}),
    "nodes_dn.yml": file("nodesdn", {}),
    "allowlist.yml": file("allowlist", { config: { enabled: false, requests: {} } }),
    "audit.yml": file("audit", { config: AUDIT }),
  };
  return pulumi.output(files).apply((plain) => {
    return Object.fromEntries(Object.entries(plain).map(([name, content]) => [name, stringify(content)]));
  });
}

/** The same as requests to the plugin's REST API, in the order in which one needs the other. */
export function securityDocuments(
  target: AddonTarget,
  { tenants, sso }: Pick<OpenSearchConfig, "tenants" | "sso">,
): RestDocument[] {
  const objects = securityObjects(target, tenants);
  const puts = (kind: string, bodies: object, secret = false) =>
    Object.entries(bodies).map(([name, body]): RestDocument => {
      return { verb: "put", path: `/_plugins/_security/api/${kind}/${name}`, body, secret };
    });
  return [
    { verb: "put", path: "/_plugins/_security/api/securityconfig/config", body: { dynamic: authentication(sso) } },
    ...puts("tenants", objects.tenants),
    ...puts("roles", objects.roles),
    ...puts("rolesmapping", objects.mappings),
    ...puts("internalusers", objects.users, true),
  ];
}

/** Who is let in. Source: the security plugin's documentation, "OpenID Connect"; only the last domain may challenge. */
export function authentication(sso: SignIn | undefined) {
  return {
    http: { anonymous_auth_enabled: false },
    kibana: { multitenancy_enabled: true, server_username: USERS.dashboards, index: ".kibana" },
    authc: {
      basic_internal_auth_domain: {
        description: "Users of the security plugin itself",
        http_enabled: true,
        transport_enabled: true,
        order: 0,
        http_authenticator: { type: "basic", challenge: sso === undefined },
        authentication_backend: { type: "internal" },
      },
      ...(sso === undefined ? {} : { openid_auth_domain: openId(sso) }),
    },
  };
}

function openId({ issuer, subject, groups }: SignIn) {
  return {
    description: "People who sign in by OpenID Connect, with their groups",
    http_enabled: true,
    transport_enabled: false,
    order: 1,
    http_authenticator: {
      type: "openid",
      challenge: false,
      config: { openid_connect_url: discoveryUrl(issuer), subject_key: subject, roles_key: groups },
    },
    authentication_backend: { type: "noop" },
  };
}

/** Where a provider says how it is spoken to. Source: OpenID Connect Discovery 1.0, section 4. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** Refused and failed requests, and changes of the security plugin itself; not every request that was granted. */
const AUDIT = {
  enabled: true,
  audit: {
    enable_rest: true,
    disabled_rest_categories: ["AUTHENTICATED", "GRANTED_PRIVILEGES"],
    enable_transport: false,
    disabled_transport_categories: ["AUTHENTICATED", "GRANTED_PRIVILEGES"],
    ignore_users: [USERS.dashboards],
    ignore_requests: [],
    // Bodies hold log lines, and may hold secrets.
    log_request_body: false,
    resolve_bulk_requests: false,
    resolve_indices: true,
    exclude_sensitive_headers: true,
  },
  compliance: { enabled: true, internal_config: true, external_config: false },
};

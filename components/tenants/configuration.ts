import { type Manifest, SECRET_STORE } from "../addons";
import { connectionName } from "./data/connection";
import { isWorkload, type OwnEdges, servedPort, shortNameOf } from "./edges";
import type { PlannedComponent, Workload } from "./plan";

/** What a component is told: variables in plain text, secrets, and where its connections are. */

/** Name of the ConfigMap and of the Secret with a component's variables, whoever deploys it. */
export function variablesName(component: string): string {
  return `${component}-variables`;
}

/** A component's variables in plain text: those of its settings, and host, port and URL of each component that it calls. */
export function plainVariables(component: PlannedComponent, { out }: OwnEdges): Record<string, string> {
  const { settings } = component;
  const called = out.flatMap(({ to }) => (isWorkload(to) && to.kind === "component" ? [to] : []));
  return { ...Object.assign({}, ...called.map((to) => addressOf(to, component))), ...settings.env };
}

function addressOf(to: PlannedComponent, user: PlannedComponent): Record<string, string> {
  const { name, namespace, settings } = to;
  const host = `${name}.${namespace}.svc.cluster.local`;
  const prefix = variablePrefix(to, user);
  const port = String(servedPort(to) ?? "");
  return {
    [`${prefix}_HOST`]: host,
    [`${prefix}_PORT`]: port,
    ...(settings.protocol === "tcp" ? {} : { [`${prefix}_URL`]: `http://${host}:${port}` }),
  };
}

/** What names of variables about something begin with: `ORDERS`, and `STORE_ORDERS` where it is another project's. */
export function variablePrefix(to: Workload, user: Workload): string {
  const plain = shortNameOf(to, user).join("_").toUpperCase().replaceAll("-", "_");
  return /^[0-9]/.test(plain) ? `_${plain}` : plain;
}

/** A variable whose value stands in a Secret. */
export interface SecretVariable {
  readonly name: string;
  readonly secret: string;
  readonly key: string;
}

const KEYS = ["host", "port", "database", "username", "password", "uri"] as const;

/** Variables about the databases that a component calls, from the Secrets that its namespace has for them. */
export function databaseVariables(component: PlannedComponent, { out }: OwnEdges): SecretVariable[] {
  const called = out.flatMap(({ to }) => (isWorkload(to) && to.kind === "database" ? [to] : []));
  return called.flatMap((database) => {
    const known = { ...database, name: database.calledAs };
    return KEYS.map((key) => ({
      name: `${variablePrefix(known, component)}_${key.toUpperCase()}`,
      secret: connectionName(component, known),
      key,
    }));
  });
}

/** A component's secrets, brought from the platform's store. */
export function externalSecret({ name, namespace, settings }: PlannedComponent): Manifest | undefined {
  const entries = Object.entries(settings.secrets);
  if (entries.length === 0) return undefined;
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: variablesName(name), namespace },
    spec: {
      refreshInterval: "1m",
      secretStoreRef: { kind: "ClusterSecretStore", name: SECRET_STORE },
      target: { name: variablesName(name), creationPolicy: "Owner" },
      data: entries.map(([secretKey, text]) => {
        const [key, property] = text.split("#");
        return { secretKey, remoteRef: { key, ...(property === undefined ? {} : { property }) } };
      }),
    },
  };
}

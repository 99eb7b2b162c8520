import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { digest } from "../digest";
import { IMAGES } from "../images";

/** What the Job runs: a shell and curl, as user 100. */
const IMAGE = IMAGES.curl;
const USER = 100;

/** How a document is applied; apply-documents.sh says what each does. */
export type Verb = "put" | "put-versioned" | "post-versioned" | "channel" | "monitor" | "post" | "import";

/** One object behind a REST API, as it should be. */
export interface RestDocument {
  readonly verb: Verb;
  /** Path and query. */
  readonly path: string;
  /** Id of a channel, name of a monitor, tenant of Dashboards to import for. */
  readonly name?: string;
  /** JSON; a list is lines of JSON. It may hold Outputs. */
  readonly body: object;
  /** Whether it holds what only the service may know. Default: false. */
  readonly secret?: boolean;
}

/** Arguments of {@link restDocuments}. */
export interface RestDocumentsArgs {
  /** Name of the Job and, with `-documents`, of what it mounts. */
  readonly job: string;
  readonly namespace: string;
  readonly baseUrl: string;
  /** Answers 200 once the service is ready. */
  readonly readyPath: string;
  /** Path of the record of what was applied: what is no longer among the documents is removed. Default: none is. */
  readonly recordPath?: string;
  /** Secret with `username` and `password`. */
  readonly login: string;
  /** Secret with `ca.crt`, and `tls.crt` and `tls.key` of who may change users and roles. */
  readonly certificate: string;
  readonly documents: readonly RestDocument[];
}

/**
 * Applies documents through a REST API, where no provider knows the service: a Job that runs again when a document
 * changes, and at no other time. Its script may be run any number of times.
 * @param name Prefix of the resources' names.
 */
export function restDocuments(
  name: string,
  args: RestDocumentsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { job, namespace, documents } = args;
  const script = readFileSync(join(__dirname, "apply-documents.sh"), "utf8");
  const open = documentFiles(documents, false);
  const secret = documentFiles(documents, true);
  const metadata = (object: string) => ({ name: `${job}-${object}`, namespace });
  const mounted = [
    new kubernetes.core.v1.ConfigMap(
      `${name}-script`,
      { metadata: metadata("script"), data: { "apply-documents.sh": script } },
      opts,
    ),
    new kubernetes.core.v1.ConfigMap(`${name}-documents`, { metadata: metadata("documents"), data: open }, opts),
    ...(isSecret(documents)
      ? [
          new kubernetes.core.v1.Secret(
            `${name}-documents`,
            { metadata: metadata("documents"), stringData: secret },
            opts,
          ),
        ]
      : []),
  ];
  const content = pulumi.all([open, secret, script]).apply((all) => digest(JSON.stringify(all)));
  const run = new kubernetes.batch.v1.Job(
    `${name}-job`,
    {
      // A Job that failed never becomes ready: the next "up" makes it anew instead of waiting for it.
      metadata: { name: job, namespace, annotations: { "pulumi.com/replaceUnready": "true" } },
      spec: jobSpec(args, content),
    },
    { ...opts, dependsOn: mounted, customTimeouts: { create: JOB_WAIT, update: JOB_WAIT } },
  );
  return [...mounted, run];
}

/** Whether any of the documents is secret: an empty Secret is different at every preview. */
function isSecret(documents: readonly RestDocument[]): boolean {
  return documents.some(({ secret = false }) => secret);
}

/** The files of the documents that are secret, or of those that are not; their names keep the order of all. */
export function documentFiles(
  documents: readonly RestDocument[],
  secret: boolean,
): pulumi.Output<Record<string, string>> {
  const entries = documents.map(({ verb, path, name, body, secret: own = false }, index) => {
    if (own !== secret) return [];
    const plain = `${verb}${path}`.replace(/\?.*/, "").replace(/[^A-Za-z0-9]+/g, "-");
    const file = `${String(index).padStart(4, "0")}-${plain}`;
    const first = name === undefined ? `${verb} ${path}` : `${verb} ${path} ${name}`;
    return [pulumi.output(body).apply((plainBody) => [file, `${first}\n${text(plainBody)}\n`] as const)];
  });
  return pulumi.all(entries.flat()).apply((files) => Object.fromEntries(files));
}

function text(body: unknown): string {
  return Array.isArray(body) ? body.map((line) => JSON.stringify(line)).join("\n") : JSON.stringify(body);
}

/** Pod Security "restricted". */
const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: "RuntimeDefault" },
};
const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Time that the Job has, and that Pulumi waits for it: longer, so that the Job's own end is what is seen. */
const JOB_SECONDS = 900;
const JOB_WAIT = `${JOB_SECONDS + 60}s`;

function jobSpec(args: RestDocumentsArgs, content: pulumi.Output<string>) {
  const { job, certificate } = args;
  const documents = { name: `${job}-documents` };
  const sources = [{ configMap: documents }, ...(isSecret(args.documents) ? [{ secret: documents }] : [])];
  return {
    // The script itself waits and tries again; a pod that failed stays, and says why.
    backoffLimit: 2,
    activeDeadlineSeconds: JOB_SECONDS,
    template: {
      metadata: { annotations: { "openchoreo.dev/content": content } },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        securityContext: POD_SECURITY,
        containers: [
          {
            name: "apply",
            image: IMAGE,
            command: ["/bin/sh", "/scripts/apply-documents.sh"],
            env: environment(args),
            resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
            securityContext: CONTAINER_SECURITY,
            volumeMounts: [
              { name: "documents", mountPath: "/documents", readOnly: true },
              { name: "script", mountPath: "/scripts", readOnly: true },
              { name: "certificate", mountPath: "/certificate", readOnly: true },
              { name: "work", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          { name: "documents", projected: { sources } },
          { name: "script", configMap: { name: `${job}-script` } },
          { name: "certificate", secret: { secretName: certificate, defaultMode: 0o440 } },
          { name: "work", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
        ],
      },
    },
  };
}

function environment({ baseUrl, readyPath, recordPath, login }: RestDocumentsArgs) {
  const fromLogin = (key: string) => ({ valueFrom: { secretKeyRef: { name: login, key } } });
  return [
    { name: "BASE_URL", value: baseUrl },
    { name: "READY_PATH", value: readyPath },
    ...(recordPath === undefined ? [] : [{ name: "RECORD_PATH", value: recordPath }]),
    { name: "USERNAME", ...fromLogin("username") },
    { name: "PASSWORD", ...fromLogin("password") },
    { name: "CA_FILE", value: "/certificate/ca.crt" },
    { name: "CLIENT_CERT", value: "/certificate/tls.crt" },
    { name: "CLIENT_KEY", value: "/certificate/tls.key" },
  ];
}

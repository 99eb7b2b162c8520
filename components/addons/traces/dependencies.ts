import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { IMAGES } from "../images";
import { OPENSEARCH, OPENSEARCH_HOST, USERS } from "../logs/names";
import { restrictedPod } from "../restricted";
import { CERTIFICATES } from "./jaeger-config";
import { TRACES_NAMESPACE } from "./names";

/** Makes the map of who calls whom, which Jaeger itself only shows, of a day's spans. */
const IMAGE = IMAGES["spark-dependencies"];

/** The user of the image. */
const USER = 185;

/** Shortly before the day ends, in UTC: it reads the index of its own day, and adds to nothing. */
const SCHEDULE = "45 23 * * *";

/** Java takes roots from a store of its own; the image has the tool that makes one of PEM files, but no way to ask for it. */
const SCRIPT = `set -eu
cd /work
csplit -s -z -f root- ${CERTIFICATES}/ca.crt '/-----BEGIN CERTIFICATE-----/' '{*}'
for root in root-*; do
  keytool -importcert -noprompt -alias "$root" -file "$root" -keystore trust.p12 -storetype PKCS12 -storepass changeit
done
exec /entrypoint.sh
`;

/**
 * The job that fills Jaeger's dependency map. Not the chart's: that one has no place for a store of roots.
 * @param secret Secret with `password` and `ca.crt`.
 */
export function dependencyJob(name: string, secret: string, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const heap = "-Xmx768m";
  const store = "-Djavax.net.ssl.trustStore=/work/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit";
  const container = {
    name: "dependencies",
    image: IMAGE,
    command: ["/bin/sh", "-c", SCRIPT],
    env: [
      { name: "OS_NODES", value: `https://${OPENSEARCH_HOST}:${OPENSEARCH.port}` },
      { name: "OS_NODES_WAN_ONLY", value: "true" },
      { name: "OS_USERNAME", value: USERS.traces },
      { name: "OS_PASSWORD", valueFrom: { secretKeyRef: { name: secret, key: "password" } } },
      { name: "JAVA_OPTS", value: `${heap} ${store}` },
    ],
    resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    volumeMounts: [
      { name: "certificates", mountPath: CERTIFICATES, readOnly: true },
      { name: "work", mountPath: "/work" },
    ],
  };
  const pod = {
    restartPolicy: "OnFailure",
    automountServiceAccountToken: false,
    // Its entry point adds the user to /etc/passwd, which group 0 may write: without a name Spark does not log in.
    securityContext: { ...restrictedPod(USER), runAsGroup: 0 },
    containers: [container],
    volumes: [
      { name: "certificates", secret: { secretName: secret, items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { name: "work", emptyDir: { sizeLimit: "16Mi" } },
    ],
  };
  return new kubernetes.batch.v1.CronJob(
    name,
    {
      metadata: { name: "jaeger-dependencies", namespace: TRACES_NAMESPACE },
      spec: {
        schedule: SCHEDULE,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 3600, template: { spec: pod } } },
      },
    },
    opts,
  );
}

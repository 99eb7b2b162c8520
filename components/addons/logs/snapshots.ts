import * as pulumi from "@pulumi/pulumi";
import type { CloudIdentity } from "../../clusters";
import type { AddonTarget } from "../contract";
import { objectStore } from "../object-store";
import { LOGS_NAMESPACE, OPENSEARCH } from "./names";
import type { RestDocument } from "./rest-documents";

/** Secret with the object store's account, as files that go into OpenSearch's keystore under their own names. */
export const KEYSTORE = "opensearch-object-store";

const REPOSITORY = "choreo";

/** When indices are copied to the object store, and for how long the copies stay. */
export interface SnapshotSettings {
  readonly schedule: string;
  /** In days or hours. */
  readonly retention: string;
}

/** The S3 client's settings of opensearch.yml. Source: OpenSearch's documentation, "Take and restore snapshots", S3. */
export function objectStoreSettings(target: AddonTarget): Record<string, unknown> {
  const { endpoint, region } = objectStore(target, "logs");
  if (endpoint === undefined) return { "s3.client.default.region": region };
  const { protocol, host } = new URL(endpoint);
  return {
    "s3.client.default.region": region,
    "s3.client.default.endpoint": host,
    "s3.client.default.protocol": protocol.replace(":", ""),
    // Servers other than AWS rarely serve a bucket under a host name of its own.
    "s3.client.default.path_style_access": true,
  };
}

/** The account as the keystore's files; absent where pods have an identity in the cloud. */
export function keystoreFiles(target: AddonTarget): Record<string, pulumi.Input<string>> | undefined {
  const { credentials } = objectStore(target, "logs");
  if (credentials === undefined) return undefined;
  return {
    "s3.client.default.access_key": credentials.accessKeyId,
    "s3.client.default.secret_key": credentials.secretAccessKey,
  };
}

/** What OpenSearch's pods may do in AWS: keep and clear away snapshots. */
export function snapshotIdentities({ connection: { cloud } }: AddonTarget): CloudIdentity[] {
  if (cloud === undefined) return [];
  const bucket = pulumi.interpolate`arn:${cloud.partition}:s3:::${cloud.buckets.logs}`;
  const statements = [
    { actions: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], resources: [bucket] },
    {
      actions: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      resources: [pulumi.interpolate`${bucket}/*`],
    },
    { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [cloud.keyArn] },
  ];
  return [{ namespace: LOGS_NAMESPACE, serviceAccount: OPENSEARCH.service, statements }];
}

/** The repository, and the policy that fills and clears it. */
export function snapshotDocuments(target: AddonTarget, { schedule, retention }: SnapshotSettings): RestDocument[] {
  const { bucket, prefix } = objectStore(target, "logs");
  const at = (expression: string) => ({ schedule: { cron: { expression, timezone: "UTC" } }, time_limit: "2h" });
  const basePath = prefix === "" ? "opensearch" : `${prefix}/opensearch`;
  return [
    {
      verb: "put",
      path: `/_snapshot/${REPOSITORY}`,
      body: { type: "s3", settings: { bucket, base_path: basePath } },
    },
    {
      verb: "post-versioned",
      path: "/_plugins/_sm/policies/choreo",
      body: {
        description: `Logs and traces, kept for ${retention}`,
        creation: at(schedule),
        deletion: { ...at("30 5 * * *"), condition: { max_age: retention, min_count: 1 } },
        snapshot_config: {
          repository: REPOSITORY,
          indices: "logs-*,jaeger-*",
          ignore_unavailable: true,
          include_global_state: false,
          partial: true,
        },
      },
    },
  ];
}

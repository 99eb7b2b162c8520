import * as pulumi from "@pulumi/pulumi";
import type { BucketUse } from "../clusters";
import type { AddonTarget } from "./contract";

/** Where an add-on keeps objects, in the S3 protocol. */
export interface ObjectStore {
  readonly bucket: pulumi.Input<string>;
  readonly region: string;
  /** What the cluster's objects begin with, where it shares the bucket with others; empty where it does not. */
  readonly prefix: string;
  /** URL of a server that is not AWS. */
  readonly endpoint?: string;
  /** Absent where pods have an identity in the cloud. */
  readonly credentials?: ObjectStoreCredentials;
}

export interface ObjectStoreCredentials {
  readonly accessKeyId: pulumi.Input<string>;
  /** A secret. */
  readonly secretAccessKey: pulumi.Output<string>;
}

/** The development object store: a small server in each cluster. */
export const S3_SERVER = { addon: "s3-server", namespace: "object-store", service: "s3", port: 8333 } as const;

/** Name that the server in the cluster, and whoever uses it, know the account by. */
const ACCOUNT = "platform";

/**
 * The object store of a cluster for one use: the buckets that were made with the cluster, those that settings name, or
 * the server in the cluster (which the add-on that asks then `needs` or `uses`).
 */
export function objectStore(target: AddonTarget, use: BucketUse): ObjectStore {
  const { connection, fleet, cluster } = target;
  if (connection.cloud !== undefined) {
    const { buckets, region } = connection.cloud;
    return { bucket: buckets[use], region, prefix: "" };
  }
  if (fleet.objectStore !== undefined) {
    const { buckets, region, endpoint, credentials } = fleet.objectStore;
    return { bucket: buckets[use], region, endpoint, prefix: cluster.name, credentials: fromConfig(credentials) };
  }
  const { service, namespace, port } = S3_SERVER;
  return {
    bucket: use,
    region: "us-east-1",
    prefix: "",
    endpoint: `http://${service}.${namespace}.svc:${port}`,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: target.trust.password("s3").value },
  };
}

/** Whether the development server serves a cluster: where there is nothing else. */
export function usesS3Server(target: Pick<AddonTarget, "connection" | "fleet">): boolean {
  return target.connection.cloud === undefined && target.fleet.objectStore === undefined;
}

/** @param key Key of a secret of the stack: `{"accessKeyId": "…", "secretAccessKey": "…"}`. */
function fromConfig(key: string): ObjectStoreCredentials {
  const both = new pulumi.Config().requireSecretObject<{ accessKeyId: string; secretAccessKey: string }>(key);
  return {
    accessKeyId: both.apply(({ accessKeyId }) => accessKeyId),
    secretAccessKey: both.apply(({ secretAccessKey }) => secretAccessKey),
  };
}

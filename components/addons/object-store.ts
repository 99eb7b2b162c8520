import type * as pulumi from "@pulumi/pulumi";
import type { BucketUse } from "../clusters";
import type { AddonTarget } from "./contract";
import { secretObject } from "./secret-object";

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

/** The development object store: a small server in each cluster. Service and port are those of its chart. */
export const S3_SERVER = {
  addon: "s3-server",
  namespace: "object-store",
  service: "seaweedfs-all-in-one",
  port: 8333,
  /** Name that the server, and whoever uses it, know the account by. */
  account: "platform",
} as const;

/** The password of the server's account. */
export function s3Password({ trust }: Pick<AddonTarget, "trust">): pulumi.Output<string> {
  return trust.password("s3").value;
}

/**
 * The object store of a cluster for one use: the buckets that were made with the cluster, those that settings name, or
 * the server in the cluster. An add-on that asks has `S3_SERVER.addon` among its `needs`: it counts only where it serves.
 */
export function objectStore(target: AddonTarget, use: BucketUse): ObjectStore {
  const { connection, fleet, cluster } = target;
  if (connection.cloud !== undefined) {
    const { buckets, region } = connection.cloud;
    return { bucket: buckets[use], region, prefix: "" };
  }
  if (fleet.objectStore !== undefined) {
    const { buckets, region, endpoint, credentials } = fleet.objectStore;
    return { bucket: buckets[use], region, endpoint, prefix: cluster.name, credentials: credentialsOf(credentials) };
  }
  const { service, namespace, port, account } = S3_SERVER;
  return {
    bucket: use,
    region: "us-east-1",
    prefix: "",
    endpoint: `http://${service}.${namespace}.svc:${port}`,
    credentials: { accessKeyId: account, secretAccessKey: s3Password(target) },
  };
}

/** Whether the development server serves a cluster: where there is nothing else. */
export function usesS3Server({ cluster }: Pick<AddonTarget, "cluster">): boolean {
  return cluster.objectStore === "server";
}

/** What a secret with an account holds. */
export const ACCOUNT_FORM = ["accessKeyId", "secretAccessKey"] as const;

/** An account in the configuration. @param key Key of a secret: `{"accessKeyId": "…", "secretAccessKey": "…"}`. */
export function credentialsOf(key: string): ObjectStoreCredentials {
  const both = secretObject(key, ACCOUNT_FORM);
  return {
    accessKeyId: both.apply(({ accessKeyId }) => accessKeyId),
    secretAccessKey: both.apply(({ secretAccessKey }) => secretAccessKey),
  };
}

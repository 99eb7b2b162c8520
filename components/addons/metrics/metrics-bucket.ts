import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { PolicyStatement } from "../../clusters";
import type { AddonScope, AddonTarget } from "../contract";
import { digest } from "../digest";
import { type ObjectStore, objectStore } from "../object-store";

/** Key of the Secret that holds the bucket's configuration. */
export const BUCKET_KEY = "objstore.yml";

/**
 * Where a cluster's metrics are kept, in Thanos' own configuration format; a secret where it holds an account.
 * Source: Thanos' documentation, "Object Storage & Data Format".
 */
export function bucketFile(target: AddonTarget): pulumi.Output<string> {
  const store = objectStore(target, "metrics");
  const { credentials } = store;
  return pulumi
    .all([store.bucket, credentials?.accessKeyId, credentials?.secretAccessKey])
    .apply(([bucket, accessKey, secretKey]) => {
      const account =
        credentials === undefined ? { aws_sdk_auth: true } : { access_key: accessKey, secret_key: secretKey };
      const config = { bucket, region: store.region, ...serverOf(store), ...account };
      return stringify({ type: "S3", config, ...folderOf(target, store) });
    });
}

/** In a bucket that it shares a cluster has a part of its own: two compactors on one part damage it. */
function folderOf({ fleet }: AddonTarget, { prefix }: ObjectStore) {
  return prefix === "" ? {} : { prefix: `${fleet.stack}/${prefix}` };
}

function serverOf({ endpoint, region }: ObjectStore) {
  if (endpoint === undefined) {
    // Regions of China have a domain of their own. Source: AWS General Reference, "Amazon S3 endpoints and quotas".
    const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return { endpoint: `s3.${region}.${domain}` };
  }
  const { host, protocol } = new URL(endpoint);
  // Servers other than AWS rarely serve a bucket under a host name of its own.
  return { endpoint: host, insecure: protocol === "http:", bucket_lookup_type: "path" };
}

/** Makes the Secret with the bucket's configuration. */
export function bucketSecret(scope: AddonScope<unknown>, secret: string): pulumi.Resource {
  return new kubernetes.core.v1.Secret(
    `${scope.name}-bucket`,
    { metadata: { name: secret, namespace: scope.namespace }, stringData: { [BUCKET_KEY]: bucketFile(scope) } },
    scope.opts,
  );
}

/**
 * Changes with what pods read at their start only, so that they are started anew with it: the bucket's configuration
 * and the roots that the cluster trusts. It says nothing of what is in them.
 */
export function startDigest(target: AddonTarget): pulumi.Output<string> {
  return pulumi.unsecret(
    pulumi.all([bucketFile(target), target.trust.bundle]).apply((read) => digest(read.join("\n"))),
  );
}

/** What a service account may do with the cluster's metrics in AWS: nothing elsewhere. */
export function bucketStatements(
  { connection: { cloud } }: AddonTarget,
  access: "read" | "write" | "clean",
): PolicyStatement[] {
  if (cloud === undefined) return [];
  const { partition, buckets, keyArn } = cloud;
  const bucket = pulumi.interpolate`arn:${partition}:s3:::${buckets.metrics}`;
  const write = access === "read" ? [] : ["s3:PutObject"];
  const clean = access === "clean" ? ["s3:DeleteObject"] : [];
  return [
    { actions: ["s3:ListBucket"], resources: [bucket] },
    { actions: ["s3:GetObject", ...write, ...clean], resources: [pulumi.interpolate`${bucket}/*`] },
    { actions: ["kms:Decrypt", ...(access === "read" ? [] : ["kms:GenerateDataKey"])], resources: [keyArn] },
  ];
}

import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";
import { BUCKET_USES, type BucketUse } from "../cloud";
import { type Lifecycle, makeBucket } from "./bucket";
import { administration, customerKey, type Place } from "./keys";
import { LIMITS, physicalName } from "./names";
import { replicate } from "./replication";

/** Arguments of {@link EksBuckets}. */
export interface EksBucketsArgs extends Place {
  readonly plan: EksPlan;
  /** Encrypts the buckets. */
  readonly keyArn: pulumi.Output<string>;
  /** The provider of the replicas' region; absent where nothing is replicated. */
  readonly replica?: aws.Provider;
  /** The account as settings name it, where there is something to take over. */
  readonly accountId?: string;
}

/** How long what is in a bucket is kept beyond what its owner deletes. */
const LIFECYCLES: Readonly<Record<BucketUse, Lifecycle>> = {
  // Thanos compacts and drops by its own retentions; what it deletes is gone a week later.
  metrics: { oldVersions: 7 },
  // Velero and the database operators delete by schedule; an attacker who does it is undone for a month.
  backups: { oldVersions: 30 },
  logs: { archive: 30, oldVersions: 7 },
};

/** The cluster's buckets: metrics, backups and logs. */
export class EksBuckets extends pulumi.ComponentResource {
  /** Names, by use. */
  readonly names: Readonly<Record<BucketUse, pulumi.Output<string>>>;

  constructor(name: string, args: EksBucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:EksBuckets", name, {}, opts);
    const { plan, keyArn, account } = args;
    const replicaKey = args.replica && this.replicaKey(name, args, args.replica);
    const make = (use: BucketUse) => {
      const lifecycle = LIFECYCLES[use];
      const physical = bucketName(account, plan.physicalName, use);
      const kept = { parent: this, protect: plan.protect, retainOnDelete: plan.retain };
      const adopted = (...parts: readonly string[]) => adoption(args, bucketPrefix(plan.physicalName, use, ...parts));
      const source = makeBucket(`${name}-${use}`, { physical, keyArn, lifecycle }, { ...kept, ...adopted() });
      if (args.replica === undefined || replicaKey === undefined) return source.bucket.bucket;
      const copy = {
        physical: bucketName(account, plan.physicalName, use, "replica"),
        keyArn: replicaKey.arn,
        lifecycle,
      };
      const there = { ...kept, ...adopted("replica"), provider: args.replica };
      const replica = makeBucket(`${name}-${use}-replica`, copy, there);
      replicate(
        `${name}-${use}-replication`,
        { source, replica, plan, use, keyArn, replicaKeyArn: replicaKey.arn },
        this,
      );
      return source.bucket.bucket;
    };
    const [metrics, backups, logs] = BUCKET_USES.map(make);
    if (metrics === undefined || backups === undefined || logs === undefined) throw new Error("a bucket is missing");
    this.names = { metrics, backups, logs };
    this.registerOutputs({ names: this.names });
  }

  /** A key is of one region, and the replicas' are encrypted with one of theirs. */
  private replicaKey(name: string, { plan, ...place }: EksBucketsArgs, provider: aws.Provider): aws.kms.Key {
    return customerKey(
      `${name}-replica-key`,
      {
        description: `${plan.physicalName}: replicas of buckets`,
        policy: [administration(place)],
        alias: `${plan.physicalName}-replicas`,
      },
      // As with the buckets themselves: replicas outlive the cluster, and without the key nobody could read them.
      {
        parent: this,
        provider,
        protect: plan.protect,
        retainOnDelete: plan.retain,
        ...(plan.adopt === undefined ? {} : { import: plan.adopt.replicaKey }),
      },
    );
  }
}

/** Takes a bucket over that a cluster of the same name left. */
function adoption({ plan, accountId }: EksBucketsArgs, prefix: string): { readonly import?: string } {
  return plan.adopt === undefined || accountId === undefined ? {} : { import: `${prefix}-${accountId}` };
}

/** Names of buckets are unique in all of AWS, so the account is a part of them. */
export function bucketName(account: pulumi.Output<string>, ...parts: readonly string[]): pulumi.Output<string> {
  return pulumi.interpolate`${bucketPrefix(...parts)}-${account}`;
}

function bucketPrefix(...parts: readonly string[]): string {
  return physicalName(LIMITS.bucket - 13, ...parts)
    .toLowerCase()
    .replaceAll("_", "-");
}

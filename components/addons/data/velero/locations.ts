import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AddonScope, type AddonTarget, clustersWith } from "../../contract";
import { credentialsOf, type ObjectStore, objectStore } from "../../object-store";
import type { VeleroSettings } from "./settings";

/** Names of the places that a cluster's own backups go to. */
export const LOCATION = "default";
export const COPY = "copy";

/** Velero refuses a place with folders that are not its own, and others use the bucket too. */
export const FOLDER = "velero";

/** Key of a file of credentials in a Secret. */
const KEY = "cloud";

/** A place of backups, decided. */
interface Place {
  readonly name: string;
  readonly store: ObjectStore;
  readonly accessMode: "ReadWrite" | "ReadOnly";
  /** Secret with the account; absent where pods have an identity in the cloud. */
  readonly secret?: string;
}

/**
 * The places of a cluster: its own, the second one of settings, and, where workflows run, those of the other clusters to
 * read from, as long as all write to the bucket that settings name.
 */
export function placesOf(target: AddonTarget, { copy }: Pick<VeleroSettings, "copy">): Place[] {
  const store = objectStore(target, "backups");
  const secret = store.credentials === undefined ? undefined : "object-store";
  const own: Place = { name: LOCATION, store, accessMode: "ReadWrite", secret };
  if (copy === undefined) return [own, ...othersOf(target, secret)];
  const { endpoint, region, bucket, credentials } = copy;
  const second = { bucket, region, endpoint, prefix: target.cluster.name, credentials: credentialsOf(credentials) };
  const place: Place = { name: COPY, store: second, accessMode: "ReadWrite", secret: "object-store-copy" };
  return [own, place, ...othersOf(target, secret)];
}

/** Other clusters whose backups can be read here: a lost cluster is restored from them, and drills try it. */
export function readableClusters(target: AddonTarget): string[] {
  if (target.cluster.objectStore !== "settings" || !target.cluster.planes.includes("workflow")) return [];
  const others = clustersWith(target, "velero").filter(({ objectStore: place }) => place === "settings");
  return others.map(({ name }) => name).filter((name) => name !== target.cluster.name);
}

function othersOf(target: AddonTarget, secret: string | undefined): Place[] {
  return readableClusters(target).map((name) => {
    const store = { ...objectStore(target, "backups"), prefix: name };
    return { name, store, accessMode: "ReadOnly" as const, secret };
  });
}

/** One of Velero's objects for a place. Source: the plugin's documentation, BackupStorageLocation. */
export function locationObject(scope: AddonScope<VeleroSettings>, place: Place): pulumi.Resource {
  const { name, namespace, opts, connection } = scope;
  const { store, accessMode, secret } = place;
  const prefix = store.prefix === "" ? FOLDER : `${store.prefix}/${FOLDER}`;
  const keyArn = place.name === LOCATION ? connection.cloud?.keyArn : undefined;
  return new kubernetes.apiextensions.CustomResource(
    `${name}-location-${place.name}`,
    {
      apiVersion: "velero.io/v1",
      kind: "BackupStorageLocation",
      metadata: { name: place.name, namespace },
      spec: {
        provider: "aws",
        default: place.name === LOCATION,
        accessMode,
        objectStorage: { bucket: store.bucket, prefix },
        config: locationConfig(store, keyArn),
        ...(secret === undefined ? {} : { credential: { name: secret, key: KEY } }),
      },
    },
    opts,
  );
}

/** Objects are encrypted where they lie; volumes' contents also before they travel, by the repository's own key. */
function locationConfig({ region, endpoint }: ObjectStore, keyArn: pulumi.Input<string> | undefined) {
  if (keyArn !== undefined) return { region, kmsKeyId: keyArn };
  if (endpoint === undefined) return { region, serverSideEncryption: "AES256" };
  // Servers that are not AWS often know no checksums of this kind, and no names of buckets in host names.
  return { region, s3Url: endpoint, s3ForcePathStyle: "true", checksumAlgorithm: "" };
}

/** The Secrets with the accounts of the places, each once. */
export function accountSecrets({ name, namespace, opts }: AddonScope<VeleroSettings>, places: readonly Place[]) {
  const own = places.filter(({ accessMode }) => accessMode === "ReadWrite");
  return own.flatMap(({ secret, store }) => {
    if (secret === undefined || store.credentials === undefined) return [];
    const text = credentialsFile(store.credentials);
    const metadata = { name: secret, namespace };
    return [new kubernetes.core.v1.Secret(`${name}-${secret}`, { metadata, stringData: { [KEY]: text } }, opts)];
  });
}

function credentialsFile({ accessKeyId, secretAccessKey }: NonNullable<ObjectStore["credentials"]>) {
  const file = (id: string, key: string) => `[default]\naws_access_key_id=${id}\naws_secret_access_key=${key}\n`;
  return secretAccessKey.apply((key) => pulumi.output(accessKeyId).apply((id) => file(id, key)));
}

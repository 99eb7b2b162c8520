import type { DatabaseArgs, DatabaseStore } from "../../../components/tenants/data/database";

/** A store of an S3-compatible server, with an account in a Secret. */
export const SERVER: DatabaseStore = {
  bucket: "backups",
  folder: "east/databases/shop-store-production-data",
  region: "us-east-1",
  endpoint: "https://s3.example.com",
  secret: "object-store",
};

/** A store of AWS, where pods have an identity. */
export const CLOUD: DatabaseStore = {
  bucket: "prod-east-backups",
  folder: "databases/shop-store-production-data",
  region: "eu-west-1",
};

/** A database, as production has it. */
export function database(edits: Partial<DatabaseArgs> = {}): DatabaseArgs {
  return {
    name: "orders",
    namespace: "shop-store-production-data",
    engine: "postgresql",
    size: "50Gi",
    storageClass: "fast",
    resources: { cpu: "500m", memory: "2Gi" },
    members: 3,
    strictZones: true,
    backup: { schedule: "0 2 * * *", retentionDays: 30 },
    cluster: "east",
    store: SERVER,
    labels: { "choreo.dev/tenant": "shop", "choreo.dev/database": "orders" },
    purge: false,
    ...edits,
  };
}

/** Every way in which a database differs from another one. */
export const VARIANTS: readonly Partial<DatabaseArgs>[] = [
  {},
  { store: CLOUD },
  { members: 1, strictZones: false },
  { members: 2 },
  { purge: true },
  { counterpart: { cluster: "west", store: { ...SERVER, folder: "west/databases/x" }, role: "replica" } },
  { counterpart: { cluster: "west", store: { ...CLOUD, bucket: "prod-west-backups" }, role: "primary" } },
  { store: undefined },
];

import pins from "../../../components/addons/charts.json";
import { type Case, type Made, object, release, secret } from "./case";

const SECRET = object("core/v1:Secret", {
  stringData: { password: secret("correct-horse"), "ca.crt": "public", username: "it" },
});
const WHOLE = { ...object("core/v1:Secret", { data: secret({ key: "aG9yc2U=" }) }), name: "whole" };
const CONFIG_MAP = object("core/v1:ConfigMap", {
  data: { mode: "fast", password: "$PASSWORD", "token-path": "/run/token" },
});
const KUBECONFIG = JSON.stringify({ users: [{ user: { token: "a" } }] });

const POSTGRES = object("postgresql.cnpg.io/v1:Cluster", { spec: { instances: 3 } }, { name: "orders" });
const POSTGRES_BACKUP = {
  ...object("postgresql.cnpg.io/v1:ScheduledBackup", {
    spec: { schedule: "0 0 3 * * *", cluster: { name: "orders" } },
  }),
  name: "backup",
};
const MONGODB = object("psmdb.percona.com/v1:PerconaServerMongoDB", {
  spec: {
    tls: { mode: "requireTLS" },
    backup: { enabled: true, tasks: [{ name: "daily", enabled: true, schedule: "0 3 * * *" }] },
  },
});
const REDIS = object(
  "redis.redis.opstreelabs.in/v1beta2:Redis",
  { spec: { kubernetesConfig: { redisSecret: { name: "sessions", key: "password" } } } },
  { name: "sessions" },
);
const REDIS_BACKUP = {
  ...object("batch/v1:CronJob", { spec: { schedule: "0 3 * * *" } }, { labels: { "choreo.dev/database": "sessions" } }),
  name: "backup",
};
const STORAGE = object("storage.k8s.io/v1:StorageClass", {
  provisioner: "ebs.csi.aws.com",
  parameters: { encrypted: "true", type: "gp3" },
});
const LOCATION = object("velero.io/v1:BackupStorageLocation", {
  spec: { provider: "aws", config: { region: "eu-west-1", kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1" } },
});
const INSIDE = {
  ...object("velero.io/v1:BackupStorageLocation", {
    spec: { provider: "aws", config: { s3Url: "http://s3.object-store.svc:8333" } },
  }),
  name: "inside",
};
const VELERO: readonly Made[] = [
  release(pins.velero, {}),
  { ...object("velero.io/v1:Schedule", { spec: { schedule: "0 3 * * *" } }), name: "schedule" },
];

export const SECRETS: readonly Case[] = [
  {
    rule: "secrets-not-plain",
    good: [SECRET, WHOLE],
    bad: [
      { what: "a plain password", at: ["stringData", "password"], is: "correct-horse" },
      { what: "plain data", of: "whole", at: ["data"], is: { key: "aG9yc2U=" } },
    ],
  },
  {
    rule: "secrets-not-in-config-maps",
    good: [CONFIG_MAP],
    bad: [
      { what: "a password", at: ["data", "password"], is: "correct-horse" },
      { what: "a key of AWS by name", at: ["data", "AWS_SECRET_ACCESS_KEY"], is: "correct-horse" },
      { what: "an address with a password", at: ["data", "mode"], is: "postgres://it:correct-horse@db.test/a" },
      { what: "an address with a password alone", at: ["data", "mode"], is: "redis://:correct-horse@db.test/0" },
      { what: "a secret of the stack", at: ["data", "mode"], is: secret("correct-horse") },
      { what: "a private key", at: ["data", "key.pem"], is: "-----BEGIN PRIVATE KEY-----\nMIG" },
      { what: "a JSON web token", at: ["data", "mode"], is: "eyJhbGciOiJub25l.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl" },
    ],
  },
  {
    rule: "secrets-kubeconfig",
    good: [{ type: "pulumi:providers:kubernetes", props: { kubeconfig: secret(KUBECONFIG) } }],
    bad: [{ what: "a plain kubeconfig", at: ["kubeconfig"], is: KUBECONFIG }],
  },
  {
    rule: "secrets-no-cloud-keys",
    good: [{ type: "pulumi:providers:aws", props: { region: "eu-west-1" } }],
    bad: ["accessKey", "secretKey"].map((key) => ({ what: key, at: [key], is: "a" })),
  },
];

export const DATA: readonly Case[] = [
  {
    rule: "data-storage-encrypted",
    good: [STORAGE],
    bad: [
      { what: "plain volumes", at: ["parameters", "encrypted"], is: "false" },
      { what: "nothing about it", at: ["parameters"] },
    ],
  },
  {
    rule: "data-backup-encrypted",
    good: [LOCATION, INSIDE],
    bad: [{ what: "no key", at: ["spec", "config", "kmsKeyId"] }],
  },
  {
    rule: "data-backup-transport",
    good: [LOCATION, INSIDE],
    bad: [
      { what: "HTTP to somewhere else", of: "inside", at: ["spec", "config", "s3Url"], is: "http://s3.example.com" },
      { what: "certificates that nobody checks", at: ["spec", "config", "insecureSkipTLSVerify"], is: "true" },
    ],
  },
  {
    rule: "data-velero-schedule",
    good: VELERO,
    bad: [
      { what: "no schedule", of: "schedule", blamed: "main" },
      { what: "one that is paused", of: "schedule", at: ["spec", "paused"], is: true, blamed: "main" },
    ],
  },
  {
    rule: "data-postgres-backup",
    good: [POSTGRES, POSTGRES_BACKUP],
    bad: [
      { what: "no backup", of: "backup", blamed: "main" },
      { what: "one of another database", of: "backup", at: ["spec", "cluster", "name"], is: "x", blamed: "main" },
      { what: "one that is suspended", of: "backup", at: ["spec", "suspend"], is: true, blamed: "main" },
      { what: "one of another namespace", of: "backup", at: ["metadata", "namespace"], is: "x", blamed: "main" },
    ],
  },
  {
    rule: "data-mongodb-backup",
    good: [MONGODB],
    bad: [
      { what: "backups off", at: ["spec", "backup", "enabled"], is: false },
      { what: "no backups", at: ["spec", "backup"] },
      { what: "no task", at: ["spec", "backup", "tasks"], is: [] },
      { what: "a task that is off", at: ["spec", "backup", "tasks", "0", "enabled"], is: false },
      { what: "a task without a schedule", at: ["spec", "backup", "tasks", "0", "schedule"] },
    ],
  },
  {
    rule: "data-redis-backup",
    good: [REDIS, REDIS_BACKUP],
    bad: [
      { what: "no CronJob", of: "backup", blamed: "main" },
      { what: "one of another database", of: "backup", at: ["metadata", "labels"], is: { a: "carts" }, blamed: "main" },
      { what: "one that is suspended", of: "backup", at: ["spec", "suspend"], is: true, blamed: "main" },
    ],
  },
  {
    rule: "data-mongodb-tls",
    good: [MONGODB],
    bad: [
      { what: "TLS off", at: ["spec", "tls", "mode"], is: "disabled" },
      { what: "TLS that may be left out", at: ["spec", "unsafeFlags"], is: { tls: true } },
    ],
  },
  {
    rule: "data-postgres-superuser",
    good: [POSTGRES, POSTGRES_BACKUP],
    bad: [{ what: "a superuser", at: ["spec", "enableSuperuserAccess"], is: true }],
  },
  {
    rule: "data-redis-password",
    good: [REDIS, REDIS_BACKUP],
    bad: [{ what: "no password", at: ["spec", "kubernetesConfig", "redisSecret"] }],
  },
];

import { installOf, RELEASE } from "../lib/charts";
import { clusterOf, namespaceOf, objectName } from "../lib/kubernetes";
import { kinds, type Resource, resourceRule, stackRule, textList } from "../lib/rule";
import { at, hasUnknown, isMissing, isOff, isOn, isOpen, items, leaves, text, UNKNOWN } from "../lib/values";

const POSTGRES = kinds("postgresql.cnpg.io", "Cluster");
const POSTGRES_BACKUP = kinds("postgresql.cnpg.io", "ScheduledBackup");
const MONGODB = kinds("psmdb.percona.com", "PerconaServerMongoDB");
const REDIS = kinds("redis.redis.opstreelabs.in", "Redis", "RedisCluster", "RedisReplication");
const CRON_JOB = kinds("batch", "CronJob");
const SCHEDULE = kinds("velero.io", "Schedule");
const LOCATION = kinds("velero.io", "BackupStorageLocation");

/** Whether two objects are in one namespace of one cluster, or may be. */
function together(one: Resource, other: Resource): boolean {
  const [a, b] = [namespaceOf(one), namespaceOf(other)];
  return clusterOf(one) === clusterOf(other) && (a === undefined || b === undefined || a === b);
}

export const dataStorageEncrypted = resourceRule({
  name: "data-storage-encrypted",
  description: "Volumes of storage classes on AWS are encrypted.",
  severity: "high",
  reason: "a snapshot or a disk that is given away would be readable",
  fix: 'Set parameters.encrypted to "true", and kmsKeyId to the key of the cluster.',
  options: {
    provisioners: textList("Provisioners whose volumes can be encrypted.", [
      "ebs.csi.aws.com",
      "kubernetes.io/aws-ebs",
    ]),
  },
  appliesTo: kinds("storage.k8s.io", "StorageClass"),
  check: ({ props }, report, { provisioners }) => {
    if (!provisioners.includes(text(props.provisioner) ?? "") || props.parameters === UNKNOWN) return;
    if (isOff(at(props, "parameters", "encrypted"))) report("volumes of the class are not encrypted");
  },
});

export const dataBackupEncrypted = resourceRule({
  name: "data-backup-encrypted",
  description: "Backups in S3 are encrypted with a key of the cluster.",
  severity: "high",
  reason: "a backup holds everything that the cluster holds, Secrets too",
  fix: "Set spec.config.kmsKeyId.",
  appliesTo: LOCATION,
  check: ({ props }, report) => {
    const config = at(props, "spec", "config");
    // A server with an address of its own encrypts, or not, in its own way.
    if (at(props, "spec", "provider") !== "aws" || config === UNKNOWN || at(config, "s3Url") !== undefined) return;
    if (isMissing(at(config, "kmsKeyId"))) report("backups are not encrypted with a key of the cluster");
  },
});

export const dataBackupTransport = resourceRule({
  name: "data-backup-transport",
  description: "Backups leave the cluster by TLS whose certificates are checked.",
  severity: "high",
  reason: "a backup holds everything that the cluster holds, Secrets too",
  fix: "Use an https address, and remove insecureSkipTLSVerify; a server inside the cluster may be reached by HTTP.",
  appliesTo: LOCATION,
  check: ({ props }, report) => {
    const config = at(props, "spec", "config");
    const url = text(at(config, "s3Url")) ?? "";
    if (url.startsWith("http://") && !/^http:\/\/[^/:]+\.svc(\.[^/:]+)?(:\d+)?(\/|$)/.test(url))
      report("backups leave by HTTP");
    if (isOn(at(config, "insecureSkipTLSVerify"))) report("certificates are not checked");
  },
});

export const dataVeleroSchedule = stackRule({
  name: "data-velero-schedule",
  description: "Every cluster with Velero backs itself up by a schedule.",
  severity: "high",
  reason: "a tool for backups that makes none is found out about when one is needed",
  fix: "Add a Schedule in Velero's namespace that is not paused.",
  checkStack: (stack, report) => {
    const releases = stack.ofType(RELEASE).filter((release) => installOf(release)?.name === "velero");
    for (const release of releases) {
      const schedules = stack.ofType(SCHEDULE).filter((schedule) => clusterOf(schedule) === clusterOf(release));
      if (!schedules.some(({ props }) => !isOn(at(props, "spec", "paused")))) report("Velero has no schedule", release);
    }
  },
});

export const dataPostgresBackup = stackRule({
  name: "data-postgres-backup",
  description: "Every PostgreSQL has a scheduled backup.",
  severity: "critical",
  reason: "a replica repeats a mistake within a second; only a backup goes back before it",
  fix: "Add a ScheduledBackup whose spec.cluster.name is the database, and which is not suspended.",
  checkStack: (stack, report) => {
    for (const database of stack.ofType(POSTGRES)) {
      const backups = stack.ofType(POSTGRES_BACKUP).filter((backup) => {
        const name = at(backup.props, "spec", "cluster", "name");
        const own = objectName(database);
        return together(backup, database) && (name === UNKNOWN || own === undefined || name === own);
      });
      if (!backups.some(({ props }) => !isOn(at(props, "spec", "suspend"))))
        report("the database has no backup", database);
    }
  },
});

export const dataMongodbBackup = resourceRule({
  name: "data-mongodb-backup",
  description: "Every MongoDB has a scheduled backup.",
  severity: "critical",
  reason: "a replica repeats a mistake within a second; only a backup goes back before it",
  fix: "Set spec.backup.enabled, and an enabled task with a schedule and a storage in spec.backup.tasks.",
  appliesTo: MONGODB,
  check: ({ props }, report) => {
    const backup = at(props, "spec", "backup");
    if (backup === UNKNOWN) return;
    const tasks = at(backup, "tasks");
    const works = items(tasks).some((task) => !isOff(at(task, "enabled") ?? true) && !isMissing(at(task, "schedule")));
    if (isOff(at(backup, "enabled"))) report("backups are off");
    else if (!works && !isOpen(tasks)) report("no task makes backups");
  },
});

export const dataRedisBackup = stackRule({
  name: "data-redis-backup",
  description: "Every Redis is backed up by a CronJob.",
  severity: "high",
  reason: "its operator makes no backups",
  fix: "Add a CronJob in its namespace that names the database, and is not suspended.",
  options: { namespaces: textList("Namespaces whose Redis holds nothing that lasts.", ["envoy-gateway-system"]) },
  checkStack: (stack, report, { namespaces }) => {
    for (const database of stack.ofType(REDIS)) {
      const name = objectName(database);
      if (name === undefined || namespaces.includes(namespaceOf(database) ?? "")) continue;
      const backups = stack
        .ofType(CRON_JOB)
        .filter((job) => together(job, database) && speaksOf(job, name) && !isOn(at(job.props, "spec", "suspend")));
      if (backups.length === 0) report("the database has no backup", database);
    }
  },
});

/** Whether a job names the database: in its own name, a label, or what its containers get. */
function speaksOf(job: Resource, database: string): boolean {
  if (hasUnknown(job.props)) return true;
  const word = new RegExp(`(^|[^a-z0-9])${database.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}($|[^a-z0-9])`);
  for (const { value } of leaves(job.props)) if (typeof value === "string" && word.test(value)) return true;
  return false;
}

export const dataMongodbTls = resourceRule({
  name: "data-mongodb-tls",
  description: "MongoDB speaks TLS, and asks for passwords.",
  severity: "high",
  reason: "otherwise data and passwords can be read on the way",
  fix: "Set spec.tls.mode to requireTLS or preferTLS, and remove spec.unsafeFlags.tls.",
  appliesTo: MONGODB,
  check: ({ props }, report) => {
    const mode = at(props, "spec", "tls", "mode");
    if (mode === "disabled" || mode === "allowTLS") report("TLS is not asked for");
    if (isOn(at(props, "spec", "unsafeFlags", "tls"))) report("spec.unsafeFlags.tls is on");
  },
});

export const dataPostgresSuperuser = resourceRule({
  name: "data-postgres-superuser",
  description: "Nobody logs in to PostgreSQL as its superuser.",
  severity: "medium",
  reason: "the superuser reads files of the pod and runs programs in it",
  fix: "Remove spec.enableSuperuserAccess, and use the owner of the database.",
  appliesTo: POSTGRES,
  check: ({ props }, report) => {
    if (isOn(at(props, "spec", "enableSuperuserAccess"))) report("the superuser may log in");
  },
});

export const dataRedisPassword = resourceRule({
  name: "data-redis-password",
  description: "Redis asks for a password.",
  severity: "high",
  reason: "everybody who reaches its port has everything in it",
  fix: "Set spec.kubernetesConfig.redisSecret to a Secret's name and key.",
  appliesTo: REDIS,
  check: ({ props }, report) => {
    if (isMissing(at(props, "spec", "kubernetesConfig", "redisSecret"))) report("Redis has no password");
  },
});

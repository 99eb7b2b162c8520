import type { Kind } from "../../gate";

const NAMES = [
  ["BackupRepository", "backuprepositories"],
  ["Backup", "backups"],
  ["BackupStorageLocation", "backupstoragelocations"],
  ["DeleteBackupRequest", "deletebackuprequests"],
  ["DownloadRequest", "downloadrequests"],
  ["PodVolumeBackup", "podvolumebackups"],
  ["PodVolumeRestore", "podvolumerestores"],
  ["Restore", "restores"],
  ["Schedule", "schedules"],
  ["ServerStatusRequest", "serverstatusrequests"],
  ["VolumeSnapshotLocation", "volumesnapshotlocations"],
] as const;

const MOVERS = [
  ["DataDownload", "datadownloads"],
  ["DataUpload", "datauploads"],
] as const;

const kindOf = (version: string) => {
  return ([kind, plural]: readonly [string, string]): Kind => ({
    group: "velero.io",
    version,
    kind,
    plural,
    scope: "Namespaced",
    registeredBy: "release",
  });
};

/** The kinds of Velero. */
export const VELERO_KINDS: readonly Kind[] = [...NAMES.map(kindOf("v1")), ...MOVERS.map(kindOf("v2alpha1"))];

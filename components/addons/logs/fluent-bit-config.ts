import { OPENSEARCH } from "./names";

/** Where Fluent Bit keeps on the node what it has read and not sent yet, and how far it has read. */
export const STATE_FOLDER = "/var/lib/fluent-bit";

/** Environment variable with the password of OpenSearch's user. */
export const PASSWORD_VARIABLE = "OPENSEARCH_PASSWORD";

/** Parts of Fluent Bit's configuration, as its chart takes them. */
export interface FluentBitFiles {
  readonly service: string;
  readonly inputs: string;
  readonly filters: string;
  readonly outputs: string;
  readonly customParsers: string;
}

/** Arguments of {@link fluentBitFiles}. */
export interface FluentBitArgs {
  /** Host of OpenSearch. */
  readonly host: string;
  /** How much is kept on the node while OpenSearch cannot be reached; the oldest goes first. */
  readonly buffer: string;
  /** Name of OpenSearch's user. */
  readonly user: string;
}

/** Sections in Fluent Bit's classic format. */
function section(name: string, entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(entries).map(([key, value]) => `    ${key} ${value}`);
  return [`[${name}]`, ...lines, ""].join("\n");
}

/**
 * Every container's log of a node → Kubernetes' metadata → one form of record → OpenSearch. What was read is on the
 * node's disk until it is sent: when there is too much of it in memory, reading pauses; when OpenSearch is away, it is
 * tried again with growing pauses; when the disk's share is full, the oldest goes.
 */
export function fluentBitFiles({ host, buffer, user }: FluentBitArgs): FluentBitFiles {
  return {
    service: section("SERVICE", SERVICE),
    inputs: section("INPUT", INPUT),
    filters: [section("FILTER", MULTILINE), section("FILTER", KUBERNETES), section("FILTER", RECORD)].join("\n"),
    outputs: section("OUTPUT", {
      Name: "opensearch",
      Match: "kube.*",
      Host: host,
      Port: String(OPENSEARCH.port),
      HTTP_User: user,
      HTTP_Passwd: `$\{${PASSWORD_VARIABLE}}`,
      tls: "On",
      "tls.verify": "On",
      "tls.verify_hostname": "On",
      "tls.ca_file": "/fluent-bit/certificates/ca.crt",
      Index: "$stream",
      Suppress_Type_Name: "On",
      // A record that is sent again is known by its id, and refused as one that is there already.
      Write_Operation: "create",
      // The id is a digest of the record: lines that are alike differ in their time alone.
      Time_Key_Nanos: "On",
      Generate_ID: "On",
      Buffer_Size: "1M",
      Compress: "gzip",
      // Half a day with the pauses of SERVICE. Without an end, records that are refused for ever would never go.
      Retry_Limit: "100",
      "storage.total_limit_size": buffer,
      Workers: "2",
    }),
    customParsers: "",
  };
}

const SERVICE = {
  Daemon: "Off",
  Flush: "5",
  Log_Level: "info",
  Parsers_File: "/fluent-bit/etc/parsers.conf",
  HTTP_Server: "On",
  HTTP_Listen: "0.0.0.0",
  HTTP_Port: "2020",
  Health_Check: "On",
  "scheduler.base": "5",
  "scheduler.cap": "600",
  "storage.path": `${STATE_FOLDER}/buffer`,
  "storage.sync": "normal",
  "storage.metrics": "On",
  "storage.max_chunks_up": "64",
  "storage.backlog.mem_limit": "16M",
};

const INPUT = {
  Name: "tail",
  Tag: "kube.*",
  Path: "/var/log/containers/*.log",
  // Its own log would grow with each line that it sends.
  Exclude_Path: "/var/log/containers/fluent-bit-*_logging_*.log",
  "multiline.parser": "docker, cri",
  DB: `${STATE_FOLDER}/tail.db`,
  "DB.locking": "On",
  // What containers logged before it first ran; later it goes on where it was.
  Read_from_Head: "On",
  Refresh_Interval: "10",
  Rotate_Wait: "30",
  Buffer_Chunk_Size: "64K",
  Buffer_Max_Size: "512K",
  Skip_Long_Lines: "On",
  "storage.type": "filesystem",
  "storage.pause_on_chunks_overlimit": "On",
};

/** Stack traces are one record. */
const MULTILINE = {
  Name: "multiline",
  Match: "kube.*",
  "multiline.key_content": "log",
  "multiline.parser": "go, java, python",
  "emitter_storage.type": "filesystem",
};

const KUBERNETES = {
  Name: "kubernetes",
  Match: "kube.*",
  Kube_URL: "https://kubernetes.default.svc:443",
  Kube_Tag_Prefix: "kube.var.log.containers.",
  Merge_Log: "On",
  Merge_Log_Key: "app",
  Merge_Log_Trim: "On",
  Keep_Log: "On",
  "K8S-Logging.Parser": "Off",
  "K8S-Logging.Exclude": "On",
  Labels: "On",
  Annotations: "Off",
  Namespace_Labels: "On",
  Buffer_Size: "0",
};

const RECORD = {
  Name: "lua",
  Match: "kube.*",
  Script: "/fluent-bit/scripts/record.lua",
  Call: "record",
};

import type { Case } from "./case";
import { object } from "./case";

const CONTAINER = ["spec", "template", "spec", "containers", "0"] as const;
const POD = ["spec", "template", "spec"] as const;

/** A Deployment that pleases every rule. */
const DEPLOYMENT = object("apps/v1:Deployment", {
  spec: {
    selector: { matchLabels: { app: "it" } },
    template: {
      metadata: { labels: { app: "it" } },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
        initContainers: [],
        containers: [
          {
            name: "it",
            image: "docker.io/library/redis:8.2.1-alpine",
            command: ["redis-server", "--port=6379"],
            env: [{ name: "MODE", value: "fast" }],
            ports: [{ name: "redis", containerPort: 6379 }],
            resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
        volumes: [{ name: "work", emptyDir: {} }],
      },
    },
  },
});

/** The same pod by other kinds. */
const POD_SPEC = (DEPLOYMENT.props.spec as { template: { spec: object } }).template.spec;
const BARE = { ...object("core/v1:Pod", { spec: POD_SPEC }), name: "pod" };
const NIGHTLY = {
  ...object("batch/v1:CronJob", {
    spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: POD_SPEC } } } },
  }),
  name: "nightly",
};
const good = [DEPLOYMENT, BARE, NIGHTLY];
const NIGHTLY_POD = ["spec", "jobTemplate", "spec", "template", "spec"];

export const WORKLOADS: readonly Case[] = [
  {
    rule: "workloads-no-privileged",
    good,
    bad: [
      { what: "a privileged container", at: [...CONTAINER, "securityContext", "privileged"], is: true },
      {
        what: "a privileged container that only starts the pod",
        at: [...POD, "initContainers"],
        is: [{ name: "first", securityContext: { privileged: true } }],
      },
      {
        what: "a privileged Pod",
        of: "pod",
        at: ["spec", "containers", "0", "securityContext", "privileged"],
        is: true,
      },
      {
        what: "a privileged CronJob",
        of: "nightly",
        at: [...NIGHTLY_POD, "containers", "0", "securityContext", "privileged"],
        is: true,
      },
    ],
  },
  {
    rule: "workloads-no-host-namespaces",
    good,
    bad: ["hostNetwork", "hostPID", "hostIPC"].map((field) => ({
      what: `a pod with ${field}`,
      at: [...POD, field],
      is: true,
    })),
  },
  {
    rule: "workloads-no-host-path",
    good,
    bad: [
      { what: "a folder of the node", at: [...POD, "volumes", "0"], is: { name: "node", hostPath: { path: "/var" } } },
    ],
  },
  {
    rule: "workloads-no-host-port",
    good,
    bad: [{ what: "a port of the node", at: [...CONTAINER, "ports", "0", "hostPort"], is: 80 }],
  },
  {
    rule: "workloads-drop-capabilities",
    good,
    bad: [
      { what: "no capabilities dropped", at: [...CONTAINER, "securityContext", "capabilities", "drop"] },
      { what: "some dropped", at: [...CONTAINER, "securityContext", "capabilities", "drop"], is: ["NET_RAW"] },
      {
        what: "one added back",
        at: [...CONTAINER, "securityContext", "capabilities", "add"],
        is: ["SYS_ADMIN"],
      },
    ],
  },
  {
    rule: "workloads-no-privilege-escalation",
    good,
    bad: [
      { what: "escalation that is not forbidden", at: [...CONTAINER, "securityContext", "allowPrivilegeEscalation"] },
      {
        what: "escalation that is allowed",
        at: [...CONTAINER, "securityContext", "allowPrivilegeEscalation"],
        is: true,
      },
    ],
  },
  {
    rule: "workloads-run-as-non-root",
    good,
    bad: [
      { what: "nothing about root", at: [...POD, "securityContext", "runAsNonRoot"] },
      { what: "user 0", at: [...POD, "securityContext", "runAsUser"], is: 0 },
      { what: "a container that may be root", at: [...CONTAINER, "securityContext", "runAsNonRoot"], is: false },
    ],
  },
  {
    rule: "workloads-seccomp",
    good,
    bad: [
      { what: "no profile", at: [...POD, "securityContext", "seccompProfile"] },
      { what: "an unconfined one", at: [...POD, "securityContext", "seccompProfile", "type"], is: "Unconfined" },
    ],
  },
  {
    rule: "workloads-image-pinned",
    good,
    bad: [
      { what: "an image without a tag", at: [...CONTAINER, "image"], is: "docker.io/library/redis" },
      { what: "latest", at: [...CONTAINER, "image"], is: "docker.io/library/redis:latest" },
      { what: "no image", at: [...CONTAINER, "image"] },
      { what: "a registry's port and no tag", at: [...CONTAINER, "image"], is: "registry.test:5000/redis" },
    ],
  },
  {
    rule: "workloads-resources",
    good,
    bad: [
      { what: "no request of CPU", at: [...CONTAINER, "resources", "requests", "cpu"] },
      { what: "no limit of memory", at: [...CONTAINER, "resources", "limits"] },
      { what: "nothing", at: [...CONTAINER, "resources"] },
    ],
  },
  {
    rule: "workloads-no-api-token",
    good,
    bad: [
      { what: "the default account's token", at: [...POD, "automountServiceAccountToken"] },
      { what: "the same by Pod", of: "pod", at: ["spec", "automountServiceAccountToken"], is: true },
    ],
  },
  {
    rule: "secrets-not-in-env",
    good,
    bad: [
      {
        what: "a password in a variable",
        at: [...CONTAINER, "env", "0"],
        is: { name: "DB_PASSWORD", value: "correct-horse" },
      },
      {
        what: "a token of GitHub in a variable",
        at: [...CONTAINER, "env", "0", "value"],
        is: `ghp_${"a".repeat(36)}`,
      },
      {
        what: "a password in an address",
        at: [...CONTAINER, "env", "0", "value"],
        is: "postgres://shop:correct-horse@db:5432/shop",
      },
    ],
  },
  {
    rule: "secrets-not-in-arguments",
    good,
    bad: [
      { what: "a password as an argument", at: [...CONTAINER, "args"], is: ["--password=correct-horse"] },
      { what: "a key of AWS in a command", at: [...CONTAINER, "command", "1"], is: "AKIAABCDEFGHIJKLMNOP" },
    ],
  },
];

import { z } from "zod";
import { cron, httpUrl, quantity } from "../words";
import { exposure } from "./exposure";
import { mesh } from "./mesh";
import {
  autoscaling,
  egress,
  environmentVariables,
  health,
  LANGUAGES,
  monitoring,
  port,
  secretVariables,
} from "./runtime";
import { sharedWith } from "./sharing";

/** Kinds of component that OpenChoreo knows. */
export const COMPONENT_TYPES = ["service", "web-application", "worker", "scheduled-task"] as const;

const source = z
  .strictObject({
    git: httpUrl.describe("HTTPS URL of the repository."),
    revision: z.string().min(1).default("main").describe("Branch, tag or commit."),
    path: z.string().min(1).default(".").describe("Folder of the component in the repository."),
    build: z
      .enum(["buildpacks", "dockerfile"])
      .default("buildpacks")
      .describe("With Cloud Native Buildpacks, or as the source's Dockerfile says."),
  })
  .describe("What to build the component from.");

const REFERENCE = /^(stack:\/\/[^/\s]+(\/[^/\s]+){2}(\/[a-z0-9-]+){3}|[a-z0-9-]+(\/[a-z0-9-]+){0,2})$/;

const uses = z
  .array(
    z.string().regex(REFERENCE, {
      error:
        'not a reference such as "api", "project/api", "tenant/project/api" or "stack://org/project/stack/tenant/project/api"',
    }),
  )
  .default([])
  .describe("Components and databases that it calls; every other one is closed to it.");

export const component = z
  .strictObject({
    type: z.enum(COMPONENT_TYPES).default("service").describe("What kind of component it is."),
    source: source.optional(),
    image: z.string().min(1).optional().describe("A ready image, instead of `source`."),
    deploy: z
      .enum(["openchoreo", "plain"])
      .optional()
      .describe(
        "`openchoreo`: OpenChoreo runs what Git releases; `plain`: Argo CD applies Git's manifests to the data planes. " +
          "Default: openchoreo, where that is switched on.",
      ),
    port: port.optional().describe("The port that it serves on; a service and a web application need one."),
    protocol: z.enum(["http", "grpc", "tcp"]).default("http").describe("What it speaks on that port."),
    replicas: z.int().min(1, { error: "at least one replica" }).max(100).default(1).describe("Pods on each cluster."),
    autoscaling: autoscaling.optional(),
    resources: z
      .strictObject({
        cpu: quantity.default("100m").describe("CPU that a pod asks for."),
        memory: quantity.default("128Mi").describe("Memory that a pod asks for, and may not exceed."),
      })
      .prefault({})
      .describe("What one pod gets."),
    clusters: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Where it runs. Default: every cluster of the environment."),
    schedule: cron.optional().describe("When a scheduled task runs: five cron fields, UTC."),
    expose: exposure.optional(),
    mesh: mesh.optional(),
    uses,
    sharedWith,
    env: environmentVariables,
    secrets: secretVariables,
    egress,
    health: health.optional(),
    language: z
      .enum(LANGUAGES)
      .optional()
      .describe("What it is written in, for traces without a change of the code. Go needs no setting. Default: none."),
    monitoring,
  })
  .superRefine((value, context) => {
    const complain = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (value.source === undefined && value.image === undefined) complain("source", "give a source or an image");
    if (value.source !== undefined && value.image !== undefined)
      complain("image", "give a source or an image, not both");
    for (const [path, message] of servingProblems(value)) complain(path, message);
    for (const [path, message] of taskProblems(value)) complain(path, message);
    if (value.monitoring.port !== undefined && value.monitoring.port === value.port) {
      const message =
        "is the port that it serves on; Prometheus comes without encryption, so metrics have one of their own";
      context.addIssue({ code: "custom", path: ["monitoring", "port"], message });
    }
    const both = Object.keys(value.env).filter((name) => Object.hasOwn(value.secrets, name));
    if (both.length > 0) complain("secrets", `${both.join(", ")} stands in env too; give each variable once`);
  });
export type ComponentSettings = z.output<typeof component>;

type Complaint = readonly [path: string, message: string];

interface Serving {
  readonly type: (typeof COMPONENT_TYPES)[number];
  readonly port?: number;
  readonly protocol: string;
  readonly expose?: unknown;
  readonly mesh?: unknown;
}

function servingProblems({ type, port: own, protocol, expose, mesh: traffic }: Serving): Complaint[] {
  if (type === "service" || type === "web-application") {
    if (own === undefined) return [["port", `a ${type} needs the port that it serves on`]];
    return expose !== undefined && protocol === "tcp"
      ? [["expose", "the gateway speaks HTTP only; set protocol to http or grpc"]]
      : [];
  }
  return [
    ...(own === undefined ? [] : [["port", `a ${type} serves nobody; a service has a port`] as const]),
    ...(expose === undefined ? [] : [["expose", `a ${type} cannot be exposed`] as const]),
    ...(traffic === undefined ? [] : [["mesh", `a ${type} is called by nobody`] as const]),
  ];
}

interface Task {
  readonly type: (typeof COMPONENT_TYPES)[number];
  readonly schedule?: string;
  readonly autoscaling?: unknown;
  readonly health?: { readonly port?: number };
  readonly port?: number;
}

function taskProblems({ type, schedule, autoscaling: scaling, health: asked, port: own }: Task): Complaint[] {
  if (type !== "scheduled-task") {
    return [
      ...(schedule === undefined ? [] : [["schedule", `a ${type} has no schedule`] as const]),
      ...(asked !== undefined && asked.port === undefined && own === undefined
        ? [["health", "needs a port: the component has none"] as const]
        : []),
    ];
  }
  return [
    ...(schedule === undefined ? [["schedule", "a scheduled task needs a schedule"] as const] : []),
    ...(scaling === undefined ? [] : [["autoscaling", "a scheduled task is one pod at a time"] as const]),
    ...(asked === undefined ? [] : [["health", "a scheduled task is asked nothing: it ends, or fails"] as const]),
  ];
}

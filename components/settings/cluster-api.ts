import { z } from "zod";
import { awsRegion, nodeLabels, sizeProblem, taint } from "./eks";
import { clusterApiVersionProblem } from "./kubernetes-versions";
import { label, publicRange } from "./words";

/** Infrastructure that Cluster API makes clusters on. */
export const CLUSTER_API_INFRASTRUCTURES = ["aws", "docker"] as const;
export type ClusterApiInfrastructure = (typeof CLUSTER_API_INFRASTRUCTURES)[number];

/** Machines are started from images of one exact version. */
const kubernetesVersion = z
  .string({ error: 'a full Kubernetes version in quotes such as "1.35.2"' })
  .regex(/^1\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/, { error: 'not a full Kubernetes version such as "1.35.2"' })
  .superRefine((text, context) => {
    // What is no version is a problem of its own.
    const problem = /^\d+\.\d+\.\d+$/.test(text) ? clusterApiVersionProblem(text) : undefined;
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

const machine = {
  machineType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: 'not an instance type such as "m7i.large"' })
    .optional()
    .describe("Type of the machines; required on aws. Another one replaces them, one after the other."),
  disk: z
    .string()
    .regex(/^[1-9][0-9]*Gi$/, { error: 'not a size in Gi such as "50Gi"' })
    .optional()
    .describe("Encrypted root volume of each machine, on aws. Default: 50Gi."),
};

const nodePool = z
  .strictObject({
    ...machine,
    min: z.int().min(0).default(3).describe("Nodes that the pool has, at least 1."),
    max: z.int().min(0).optional().describe("Bound of an autoscaler. Default: min, and no autoscaler."),
    kubernetes: kubernetesVersion
      .optional()
      .describe("Kubernetes of the nodes. Default: that of the control plane, which they follow."),
    labels: nodeLabels,
    taints: z.array(taint).default([]).describe("Taints of the nodes."),
  })
  .superRefine(({ min, max = Math.max(min, 1) }, context) => {
    const size = sizeProblem({ min, max });
    if (size !== undefined) context.addIssue({ code: "custom", ...size });
  });
export type ClusterApiPoolSettings = z.output<typeof nodePool>;

const vpc = z.strictObject({
  id: z
    .string()
    .regex(/^vpc-[0-9a-f]{8,17}$/, { error: 'not an id such as "vpc-0a1b2c3d4e5f60718"' })
    .describe("A network that is there, and that the mesh's other networks have routes to."),
  subnets: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, { error: 'not an id such as "subnet-0a1b2c3d4e5f60718"' }))
    .min(1, { error: "name the subnets that machines and load balancers go into" }),
});

/** A cluster that Cluster API makes, which runs on the control plane. */
export const clusterApi = z
  .strictObject({
    kind: z
      .literal("cluster-api")
      .describe("A cluster that Cluster API makes; it runs on the control cluster, which cannot be one itself."),
    infrastructure: z
      .enum(CLUSTER_API_INFRASTRUCTURES)
      .describe("What machines are made of: EC2 instances, or containers of the control cluster's host for trials."),
    kubernetes: kubernetesVersion.describe(
      "Kubernetes of the control plane, in quotes, with its patch. It goes up one minor version at a time.",
    ),
    controlPlane: z
      .strictObject({
        ...machine,
        replicas: z
          .union([z.literal(1), z.literal(3), z.literal(5)], {
            error: "1, 3 or 5: etcd needs a majority, and an even number adds no safety",
          })
          .optional()
          .describe("Machines of the control plane: 1, 3 or 5. Default: 1 (development), 3 (production)."),
      })
      .prefault({}),
    nodePools: z.record(label("node pool name", 20), nodePool).refine((pools) => Object.keys(pools).length > 0, {
      error: "name at least one node pool: the platform's own pods need nodes",
    }),
    region: awsRegion.optional().describe("AWS region; required on aws."),
    publicAccess: z
      .strictObject({
        cidrs: z.array(publicRange).min(1, { error: "name at least one range, or remove publicAccess" }),
      })
      .optional()
      .describe(
        "A load balancer on the internet for the API server, and who may connect: the control cluster's own addresses are " +
          "among them. Default: one inside `vpc`.",
      ),
    vpc: vpc.optional().describe("A network that is there. Default: Cluster API makes one of network.cidr."),
    image: z
      .string()
      .regex(/^ami-[0-9a-f]{8,17}$/, { error: 'not an id such as "ami-0a1b2c3d4e5f60718"' })
      .optional()
      .describe("Machine image for the Kubernetes version. Default: the one that Cluster API publishes for trials."),
    volumeKey: z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/, {
        error: 'not the ARN of a key such as "arn:aws:kms:eu-west-1:111122223333:key/…"',
      })
      .optional()
      .describe(
        "Key (KMS) that the machines' volumes are encrypted with, etcd's among them; its policy admits who makes the machines. " +
          "Required on aws in production. Default: the account's own for EBS.",
      ),
    protect: z
      .boolean()
      .optional()
      .describe("Whether the cluster refuses to be destroyed. Default: no (development), yes (production)."),
  })
  .superRefine((cluster, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    if (cluster.infrastructure === "aws") requireForAws(cluster, complain);
    else refuseForDocker(cluster, complain);
  });
export type ClusterApiSettings = z.output<typeof clusterApi>;

type Complain = (path: (string | number)[], message: string) => void;
type Given = Pick<
  ClusterApiSettings,
  "region" | "publicAccess" | "vpc" | "image" | "volumeKey" | "controlPlane" | "nodePools"
>;

function requireForAws(
  { region, publicAccess, vpc: network, controlPlane, nodePools }: Given,
  complain: Complain,
): void {
  const type = 'required on aws: an instance type such as "m7i.large"';
  if (region === undefined) complain(["region"], 'required on aws: a region such as "eu-west-1"');
  if (controlPlane.machineType === undefined) complain(["controlPlane", "machineType"], type);
  for (const [name, pool] of Object.entries(nodePools)) {
    if (pool.machineType === undefined) complain(["nodePools", name, "machineType"], type);
  }
  if (publicAccess === undefined && network === undefined) {
    const message =
      "required on aws: in a network that Cluster API makes, nothing reaches a private API server; name who may connect, or give vpc";
    complain(["publicAccess"], message);
  }
}

/** Keys that mean nothing for containers. */
function refuseForDocker(given: Given, complain: Complain): void {
  const message = "is for aws; remove this key, as machines of docker are containers";
  for (const key of ["region", "publicAccess", "vpc", "image", "volumeKey"] as const) {
    if (given[key] !== undefined) complain([key], message);
  }
  const machines = [
    [["controlPlane"], given.controlPlane] as const,
    ...Object.entries(given.nodePools).map(([name, pool]) => [["nodePools", name], pool] as const),
  ];
  for (const [path, one] of machines) {
    for (const key of ["machineType", "disk"] as const) {
      if (one[key] !== undefined) complain([...path, key], message);
    }
  }
}

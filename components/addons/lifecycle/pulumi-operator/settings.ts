import { z } from "zod";
import { type Problem, type Profile, words } from "../../../settings";
import type { PlatformCluster } from "../../contract";
import { IMAGES } from "../../images";

/** Settings key of the operator. */
export const PULUMI_OPERATOR = "pulumiOperator";

/** The CLI that this program is tested with, and the AWS CLI, which kubeconfigs of EKS ask for tokens. */
export const WORKSPACE_IMAGE = IMAGES.pulumi;

const program = z
  .strictObject({
    git: words.httpUrl.describe("HTTPS URL of the repository of this program, with the tenants' files in it."),
    branch: z.string().min(1).optional().describe("Branch whose commits are brought up. Default: main."),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/, { error: "not the whole hash of a commit" })
      .optional()
      .describe("One commit, instead of a branch."),
    path: z.string().min(1).optional().describe("Folder of Pulumi.yaml. Default: the repository's root."),
    credentials: z
      .string()
      .min(1)
      .optional()
      .describe('Key of a secret of this stack: {"username": "…", "password": "…"}; for a private repository.'),
  })
  .refine(({ branch, commit }) => branch === undefined || commit === undefined, {
    path: ["commit"],
    error: "give a branch or a commit, not both",
  });

/** What there must be when it is switched on. */
const REQUIRED = ["program", "state", "secretsProvider"] as const;

export const pulumiOperatorSettings = (profile: Profile) =>
  z
    .strictObject({
      enabled: z.boolean().default(false),
      replicas: z
        .int()
        .min(1)
        .max(3)
        .default(profile === "production" ? 2 : 1)
        .describe("Replicas of the controller; one works, the others stand by."),
      program: program.optional().describe("Where the program comes from."),
      state: z
        .string()
        .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+/, { error: 'not a bucket such as "s3://prod-state?region=us-east-1"' })
        .optional()
        .describe("Backend of the shards' states: pulumi stack output backend --stack bootstrap."),
      secretsProvider: z
        .string()
        .regex(/^awskms:\/\/\S+/, { error: 'not a key such as "awskms://alias/prod-secrets?region=us-east-1"' })
        .optional()
        .describe("What encrypts secrets in them: pulumi stack output secretsProvider --stack bootstrap."),
      role: z
        .string()
        .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/\S+$/, { error: "not the ARN of a role" })
        .optional()
        .describe("On EKS: the role that `up` runs as, which may use states, keys and every cluster."),
      credentials: z
        .string()
        .min(1)
        .optional()
        .describe('Elsewhere: key of a secret of this stack, {"accessKeyId": "…", "secretAccessKey": "…"}.'),
      image: z.string().min(1).default(WORKSPACE_IMAGE).describe("Image that the program runs in."),
      memory: words.size.default("1Gi").describe("Memory of each shard's workspace while it runs."),
      resync: z.int().min(60).default(300).describe("Seconds between two looks at the branch. Default: five minutes."),
    })
    .superRefine((value, context) => {
      if (!value.enabled) return;
      for (const key of REQUIRED.filter((one) => value[one] === undefined)) {
        context.addIssue({ code: "custom", path: [key], message: "required where the operator is switched on" });
      }
    })
    .describe("The Pulumi Kubernetes Operator, which brings up the shards of tenants from the control plane.");
export type PulumiOperatorSettings = z.output<ReturnType<typeof pulumiOperatorSettings>>;

/** How its workspaces come to be someone in AWS depends on where the control plane runs. */
export function pulumiOperatorProblems(
  { enabled, role, credentials }: PulumiOperatorSettings,
  clusters: Readonly<Record<string, PlatformCluster>>,
): Problem[] {
  const control = Object.values(clusters).find(({ settings }) => settings.planes.includes("control"));
  if (!enabled || control === undefined) return [];
  const path = (key: string) => `platform.${PULUMI_OPERATOR}.${key}`;
  const onEks = control.settings.provider.kind === "eks";
  if (onEks && credentials !== undefined) {
    return [{ path: path("credentials"), message: "not on EKS, where pods have an identity; give `role`" }];
  }
  if (onEks && role === undefined) {
    return [{ path: path("role"), message: "required: the ARN of the role that `up` runs as; the operator takes it" }];
  }
  if (!onEks && role !== undefined) {
    return [{ path: path("role"), message: "only on EKS, where pods have an identity; give `credentials`" }];
  }
  if (!onEks && credentials === undefined) {
    return [
      { path: path("credentials"), message: "required: key of a secret with an account that reaches the states" },
    ];
  }
  return [];
}

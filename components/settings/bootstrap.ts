import { z } from "zod";
import { account } from "./aws";
import { isOfPartition } from "./aws-regions";
import { awsRegion, principalArn } from "./eks";
import { cidr } from "./words";

/** Settings of the bootstrap stack: where other stacks keep their state, and the network that `pulumi up` runs in. */
export const bootstrapSchema = z
  .strictObject({
    ...account,
    region: awsRegion.describe("Region of the state and of the runner's network."),
    state: z
      .strictObject({
        writers: z
          .array(principalArn)
          .min(1, { error: "name who runs `pulumi up`; nobody else reaches the state" })
          .describe("ARNs of those who read and write states: who runs `up`, and who may use the secrets in them."),
        readers: z.array(principalArn).default([]).describe("ARNs of those who read states: who runs `preview`."),
      })
      .describe("The bucket of states, and the key of the secrets in them."),
    runner: z
      .strictObject({
        cidr: cidr
          .refine((text) => Number(text.split("/")[1]) >= 16 && Number(text.split("/")[1]) <= 24, {
            error: "a network with its subnets is /16 to /24",
          })
          .default("172.16.0.0/24")
          .describe("Range of the network; it overlaps that of no cluster."),
      })
      .optional()
      .describe("A small network to run `pulumi up` in. Default: none, as there is one already."),
  })
  .superRefine(({ region, state }, context) => {
    for (const key of ["writers", "readers"] as const) {
      state[key].forEach((principal, index) => {
        if (isOfPartition(principal, region)) return;
        const message = `${principal} is in another partition of AWS than ${region}; a stack is in one of them`;
        context.addIssue({ code: "custom", path: ["state", key, index], message });
      });
    }
  });
export type BootstrapSettings = z.output<typeof bootstrapSchema>;

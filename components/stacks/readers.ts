import type { z } from "zod";
import { kubeconfigsOutput, platformOutput, sharingOutput, tenancySecretsOutput } from "./contract";

/** Who reads an output, and what for. */
export interface OutputReader {
  /** File that asks for it. */
  readonly file: string;
  /** In words, for the documentation. */
  readonly who: string;
  readonly why: string;
}

/** An output of the contract: what it is, who puts it out, and what reads what. */
export interface OutputFacts {
  readonly secret: boolean;
  readonly from: string;
  readonly readers: readonly OutputReader[];
  /** Absent where it is a list of names. */
  readonly schema?: z.ZodType;
}

const OTHERS: OutputReader = {
  file: "components/clusters/others.ts",
  who: "a stack of tenants alone (`platformStack`)",
  why: "connects to that stack's clusters",
};

const EXISTING: OutputReader = {
  file: "components/clusters/existing.ts",
  who: "a stack with a cluster that another one makes (`kubeconfig: { stack }`)",
  why: "connects to it",
};

const TENANTS: OutputReader = {
  file: "components/tenants/tenant-stack.ts",
  who: OTHERS.who,
  why: "makes its tenants on them",
};

const ITSELF = "the same stack, the next time";

/** Every output of the contract. The stack that keeps states has others, which people and `pulumi login` read. */
export const STACK_OUTPUTS: Readonly<Record<string, OutputFacts>> = {
  platform: {
    schema: platformOutput,
    secret: false,
    from: "every stack with clusters",
    readers: [
      {
        file: "index.ts",
        who: "a stack whose control plane is another one's (`controlPlane`)",
        why: "registers its planes with that",
      },
      OTHERS,
      TENANTS,
      { file: "components/clusters/open.ts", who: ITSELF, why: "knocks at the API servers that it made" },
    ],
  },
  kubeconfigs: {
    schema: kubeconfigsOutput,
    secret: true,
    from: "every stack with clusters",
    readers: [OTHERS, EXISTING],
  },
  tenancySecrets: {
    schema: tenancySecretsOutput,
    secret: true,
    from: "every stack with clusters",
    readers: [{ ...TENANTS, why: "lets its tenants pull images, and keep backups" }],
  },
  tenants: {
    secret: false,
    from: "every stack with tenants",
    readers: [
      {
        file: "components/tenants/bring.ts",
        who: ITSELF,
        why: "refuses to lose tenants that settings place elsewhere",
      },
    ],
  },
  sharing: {
    schema: sharingOutput,
    secret: false,
    from: "every stack with tenants",
    readers: [
      {
        file: "components/tenants/references.ts",
        who: "a stack whose tenants use something of another one's (`stack://…`)",
        why: "finds it, and opens its own side of the connection",
      },
    ],
  },
};

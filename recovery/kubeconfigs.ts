import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Found, findKubeconfig, selectContext } from "../components/clusters";
import { parseYaml } from "../components/settings";
import { PlatformReferences } from "../components/stacks";
import type { Pulumi } from "./pulumi";

/** Of a stack's file, as much as says where the kubeconfigs of existing clusters are; it may be wrong elsewhere. */
const reference = z.object({
  path: z.string().optional(),
  context: z.string().optional(),
  secret: z.string().optional(),
});
const cluster = z.object({ provider: z.object({ kind: z.literal("existing"), kubeconfig: reference }) });
const platform = z.object({ clusters: z.record(z.string(), z.unknown()) });

/** What {@link freshKubeconfigs} needs. */
export interface KubeconfigArgs {
  readonly root: string;
  /** The stack's own name. */
  readonly stack: string;
  readonly project: string;
  readonly pulumi: Pick<Pulumi, "config">;
}

/**
 * The kubeconfigs that settings name, by cluster, as the program would read them now: what the state holds may have
 * expired. Of a cluster that is not among them the state's is used; clusters that are made here have one that logs in anew.
 */
export async function freshKubeconfigs(args: KubeconfigArgs): Promise<Map<string, string>> {
  const file = join(args.root, `Pulumi.${args.stack}.yaml`);
  if (!existsSync(file)) return new Map();
  const { value } = parseYaml(file, file);
  const config = z.object({ config: z.record(z.string(), z.unknown()) }).safeParse(value);
  const settings = platform.safeParse(config.data?.config[`${args.project}:platform`]);
  const found = Object.entries(settings.data?.clusters ?? {}).map(async ([name, one]) => {
    const parsed = cluster.safeParse(one);
    const text = parsed.success ? await read(name, parsed.data.provider.kubeconfig, args) : undefined;
    return text === undefined ? [] : [[name, text] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

async function read(
  name: string,
  { secret, ...where }: z.output<typeof reference>,
  { root, pulumi }: KubeconfigArgs,
): Promise<string | undefined> {
  if (secret === undefined && where.path === undefined && where.context === undefined) return undefined;
  try {
    if (secret !== undefined) return selectContext(await pulumi.config(secret), where.context).text;
    const found: Found = await findKubeconfig(name, where, root, new PlatformReferences());
    return "context" in found ? found.context.text : undefined;
  } catch {
    // The program will say what is wrong with it; here the state's will do, or the cluster's refusal is shown.
    return undefined;
  }
}

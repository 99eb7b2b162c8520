import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

/** Variable with the path of a JSON file that says which local API server stands for which EKS cluster. */
export const LOCAL_CLUSTERS = "OPENCHOREO_REHEARSAL_EKS";

const files = z.record(z.string(), z.object({ endpoint: z.string(), certificateAuthority: z.string() }));

/** Where an EKS cluster is reached, and by which authority it is known. */
export interface LocalApiServer {
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
}

/** What stands for a cluster that has no local one: an address that is never found. */
function nowhere(name: string): LocalApiServer {
  const certificateAuthority = Buffer.from("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n").toString(
    "base64",
  );
  return { endpoint: `https://${name.toLowerCase().replaceAll("_", "-")}.eks.invalid`, certificateAuthority };
}

/** The local API server that stands for the EKS cluster of a name. */
export function localCluster(name: string, file = process.env[LOCAL_CLUSTERS]): LocalApiServer {
  if (file === undefined || !existsSync(file)) return nowhere(name);
  const all = files.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.hasOwn(all, name) ? (all[name] ?? nowhere(name)) : nowhere(name);
}

import type { ChartPin } from "../../components/addons";
import { type Fetch, fetchUrl } from "../engine/download";

const PROBE_MS = 5_000;

/** Charts whose repository cannot be reached from this machine. */
export async function unreachableCharts(pins: readonly ChartPin[], fetcher: Fetch = fetchUrl): Promise<ChartPin[]> {
  const checked = await Promise.all(
    pins.map(async (pin) => {
      try {
        await fetcher(probeUrl(pin.repository), PROBE_MS);
        return [];
      } catch (error) {
        // An OCI registry asks for a token first: it is there.
        return error instanceof Error && / 401 /.test(`${error.message} `) ? [] : [pin];
      }
    }),
  );
  return checked.flat();
}

/** What to ask of a repository: an HTTP one for its index, an OCI registry whether it is one. */
export function probeUrl(repository: string): string {
  if (repository.startsWith("oci://")) return `https://${repository.slice("oci://".length).split("/")[0]}/v2/`;
  return `${repository.replace(/\/+$/, "")}/index.yaml`;
}

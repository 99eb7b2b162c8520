import { knownId } from "./ids";
import type { LiveRelease } from "./releases";
import { type Operation, providerOf, type StateResource, textInput } from "./state";
import type { Step } from "./steps";

/** What is done about one interrupted Helm release. */

/** The live release that a resource stands for. */
export function releaseOf(resource: StateResource, releases: readonly LiveRelease[]): LiveRelease | undefined {
  const id = resource.id ?? knownId(resource);
  return releases.find(({ namespace, name }) => `${namespace}/${name}` === id);
}

/** @param known The resource as the state has it, where it does. */
export function releaseSteps(
  operation: Operation,
  releases: readonly LiveRelease[],
  known: StateResource | undefined,
): Step[] {
  const { resource, type } = operation;
  const live = releaseOf(resource, releases);
  if (live === undefined) return absentSteps(operation, known);
  const id = `${live.namespace}/${live.name}`;
  const fail: Step = {
    kind: "fail",
    provider: providerOf(resource),
    release: live,
    why: `Helm refuses to touch what is ${live.status}`,
  };
  const repair = `Helm was interrupted: ${live.status}`;
  if (known !== undefined && type !== "creating") {
    const { urn } = resource;
    if (live.status === "deployed")
      return [{ kind: "refresh", urn, why: `it is deployed, as revision ${live.revision}` }];
    const mend: Step = { kind: "repair", urn, repair, why: "the next up upgrades it, and a destroy uninstalls it" };
    return live.status === "failed" ? [mend] : [fail, mend];
  }
  switch (live.status) {
    case "deployed":
      if (fits(resource, live))
        return [{ kind: "adopt", operation, id, why: "it is deployed, and what the settings say" }];
      return [
        {
          kind: "adopt",
          operation,
          id,
          repair: "another chart is deployed",
          why: `it has ${live.chart} ${live.version}; the next up upgrades it`,
        },
      ];
    case "failed":
      return [{ kind: "adopt", operation, id, repair, why: "it is there and has failed; the next up upgrades it" }];
    default:
      if (live.status === "pending-install" && live.data.length === 0) {
        return [
          {
            kind: "remove",
            operation,
            id,
            why: "it is pending-install, and nothing of it holds data; the next up installs it",
          },
        ];
      }
      return [fail, { kind: "adopt", operation, id, repair, why: keptWhy(live) }];
  }
}

function absentSteps(operation: Operation, known: StateResource | undefined): Step[] {
  if (known === undefined || operation.type === "creating") {
    return [{ kind: "forget", operation, why: "Helm has no such release; the next up installs it" }];
  }
  return [{ kind: "refresh", urn: operation.resource.urn, why: "Helm has no such release any more" }];
}

function keptWhy({ status, data }: LiveRelease): string {
  const kept = data.length === 0 ? "" : `, and kept, as ${data.slice(0, 3).join(", ")} may hold data`;
  return `it is ${status}${kept}; the next up upgrades it`;
}

/** Whether a live release is of the chart and version that a resource asks for. */
export function fits(resource: StateResource, { chart, version }: LiveRelease): boolean {
  const wanted = textInput(resource, "version").replace(/^v/, "");
  // A chart is a name, a URL, or the path of a packaged one or of a folder, which may have the version in its name.
  const [file = ""] = textInput(resource, "chart").replace(/\/+$/, "").split("/").slice(-1);
  const named = file === chart || file.replace(/\.tgz$/, "") === `${chart}-${version}`;
  return named && (wanted === "" || wanted === version.replace(/^v/, ""));
}

import type { Plan } from "../model";
import { code, prose, type Section, table } from "./markdown-text";
import { countBy, plural } from "./words";

/** The clusters, by wave. */
export function clustersOf({ clusters, resources, waves }: Plan): Section {
  const rows = clusters.map(({ name, planes, provider, region, wave, meshId, drained, kubernetes, addons }) => [
    String(wave),
    `${code(name)}${drained ? " (drained)" : ""}`,
    planes.join(", "),
    region === null ? provider : `${provider} ${region}`,
    kubernetes ?? "",
    meshId === undefined ? "outside" : String(meshId),
    String(addons.length),
    String(resources.filter((one) => one.managed && one.cluster === name).length),
  ]);
  return {
    title: `${plural(clusters.length, "cluster")} in ${plural(waves.length, "wave")}`,
    folded: true,
    lines: table(["wave", "cluster", "planes", "provider", "Kubernetes", "mesh id", "add-ons", "resources"], rows),
  };
}

/** Every way in. */
export function endpointsOf({ endpoints }: Plan): Section {
  const order = { clients: 0, operators: 1, mesh: 2 } as const;
  const rows = [...endpoints]
    .sort((a, b) => order[a.reach] - order[b.reach])
    .map(({ host, addresses, ports, purpose, reach, cluster }) => [
      code(host),
      ports.join(", "),
      reach,
      cluster === undefined ? "" : code(cluster),
      prose(purpose),
      addresses.map(code).join(" "),
    ]);
  return {
    title: plural(endpoints.length, "endpoint"),
    folded: true,
    lines: table(["host", "ports", "for", "cluster", "purpose", "addresses"], rows),
  };
}

/** Authorities first, as what they sign ends with them. */
export function certificatesOf({ certificates }: Plan): Section {
  const rows = [...certificates]
    .sort((a, b) => Number(b.authority) - Number(a.authority))
    .map(({ subject, issuer, use, cluster, validDays, renew }) => [
      code(subject),
      subject === issuer ? "itself" : code(issuer),
      prose(use),
      cluster === undefined ? "" : code(cluster),
      validDays === undefined ? "" : `${validDays} days`,
      prose(renew),
    ]);
  return {
    title: plural(certificates.length, "certificate"),
    folded: true,
    lines: table(["subject", "issuer", "use", "cluster", "valid", "renewed"], rows),
  };
}

/** How many of each type, by cluster and area. */
export function resourcesOf({ resources }: Plan): Section {
  const managed = resources.filter((one) => one.managed);
  const rows = countBy(managed, ({ cluster, area }) => `${cluster ?? "all clusters"}\n${area}`).map(
    ([place, count]) => {
      const [cluster = "", area = ""] = place.split("\n");
      const inside = managed.filter((one) => (one.cluster ?? "all clusters") === cluster && one.area === area);
      const types = countBy(inside, ({ type }) => type.split(":").at(-1) ?? type);
      return [cluster, area, String(count), types.map(([type, number]) => `${number} ${code(type)}`).join(", ")];
    },
  );
  return {
    title: `${plural(managed.length, "resource")} by cluster and area`,
    folded: true,
    lines: table(
      ["cluster", "area", "resources", "types"],
      rows.sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1)),
    ),
  };
}

import type { Plan } from "../model";
import { differenceSection, drillSection } from "./text-changes";
import { columns, countBy, nameOf, plural } from "./words";

/** The summary for a terminal. */
export function textReport(plan: Plan): string {
  const { stack, profile, domain, resources, seconds } = plan;
  const managed = resources.filter((one) => one.managed).length;
  const title = `Plan of ${stack} (${profile}, ${domain}): ${plural(managed, "resource")} in ${plural(
    resources.length - managed,
    "component",
  )}, ${seconds.toFixed(1)} s`;
  const sections = [
    policySection(plan),
    differenceSection(plan),
    drillSection(plan),
    clusterSection(plan),
    areaSection(plan),
    endpointSection(plan),
    certificateSection(plan),
  ];
  return [title, ...sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"))].join("\n\n");
}

function policySection({ policy }: Plan): string[] {
  const { rules, violations, exemptions } = policy;
  const head = `Policy: ${plural(rules, "rule")}, ${plural(violations.length, "violation")}`;
  const lines = violations.map(({ rule, severity, enforcement, urn, message }) => {
    return `  ${enforcement === "mandatory" ? "✗" : "!"} ${rule} (${severity}, ${enforcement}) ${nameOf(urn)}\n      ${message}`;
  });
  const excused = exemptions.map(
    ({ rule, urn, reason, expires }) => `  excused until ${expires}: ${rule} on ${nameOf(urn)}: ${reason}`,
  );
  return [head, ...lines, ...excused];
}

function clusterSection({ clusters, resources, waves }: Plan): string[] {
  const rows = clusters.map(({ name, planes, provider, region, wave, meshId, drained, addons }) => [
    `wave ${wave}`,
    drained ? `${name} (drained)` : name,
    planes.join(", "),
    region === null ? provider : `${provider} ${region}`,
    meshId === undefined ? "outside the mesh" : `mesh ${meshId}`,
    plural(addons.length, "add-on"),
    plural(resources.filter((one) => one.managed && one.cluster === name).length, "resource"),
  ]);
  return [`Clusters: ${clusters.length} in ${plural(waves.length, "wave")}`, ...columns(rows)];
}

function areaSection({ resources }: Plan): string[] {
  const counts = countBy(
    resources.filter((one) => one.managed),
    ({ area }) => area,
  );
  return [`Areas: ${counts.map(([area, count]) => `${area} ${count}`).join(", ")}`];
}

function endpointSection({ endpoints }: Plan): string[] {
  const rows = endpoints
    .filter(({ reach }) => reach === "clients")
    .map(({ host, addresses, ports, purpose, cluster }) => [
      host,
      ports.join(","),
      cluster ?? "",
      purpose,
      addresses.join(", "),
    ]);
  const others = endpoints.length - rows.length;
  return [`Endpoints for clients: ${rows.length} (and ${others} of the mesh and of operators)`, ...columns(rows)];
}

function certificateSection({ certificates }: Plan): string[] {
  const authorities = certificates.filter(({ authority }) => authority);
  const rows = authorities.map(({ subject, issuer, validDays, renew }) => [
    subject,
    subject === issuer ? "self-signed" : `by ${issuer}`,
    validDays === undefined ? "" : `${validDays} days`,
    `renewed ${renew}`,
  ]);
  return [`Certificates: ${certificates.length}, ${authorities.length} of them authorities`, ...columns(rows)];
}

import type { PlanCertificate, PlanResource } from "../model";
import { listAt, objectAt, textAt } from "../program/json";

const HOURS = 24;

/** Every certificate of the plan: those that this program makes, and those that cert-manager keeps. */
export function planCertificates(resources: readonly PlanResource[]): PlanCertificate[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const subjects = subjectsOf(resources);
  return resources.flatMap((one) => {
    if (one.type === "tls:index/selfSignedCert:SelfSignedCert") return [selfSigned(one)];
    if (one.type === "tls:index/locallySignedCert:LocallySignedCert") return [signed(one, byUrn, subjects)];
    return one.type === "kubernetes:cert-manager.io/v1:Certificate" ? [kept(one, resources)] : [];
  });
}

/** Common names by the names of resources whose certificates they are. */
function subjectsOf(resources: readonly PlanResource[]): ReadonlyMap<string, string> {
  const named = resources.flatMap(({ type, name, inputs }) => {
    const subject = textAt(inputs.subject, "commonName");
    if (subject === undefined) return [];
    return type.endsWith(":CertRequest")
      ? [[name.replace(/-request$/, ""), subject] as const]
      : [[name, subject] as const];
  });
  return new Map(named);
}

function lifetime(inputs: PlanResource["inputs"]): Pick<PlanCertificate, "validDays" | "renew"> {
  const { validityPeriodHours: valid, earlyRenewalHours: early } = inputs;
  if (typeof valid !== "number") return { renew: "unknown" };
  const days = valid / HOURS;
  if (typeof early !== "number" || early === 0) {
    return { validDays: days, renew: "on purpose only: rotate it as docs/day-2.md says" };
  }
  return {
    validDays: days,
    renew: `by the first up from day ${days - early / HOURS} on, ${early / HOURS} days before its end`,
  };
}

function selfSigned({ name, cluster, inputs }: PlanResource): PlanCertificate {
  const subject = textAt(inputs.subject, "commonName") ?? name;
  const own = { name, subject, issuer: subject, cluster, names: [] };
  return { ...own, use: "root of the mesh", authority: true, ...lifetime(inputs) };
}

function signed(
  one: PlanResource,
  byUrn: ReadonlyMap<string, PlanResource>,
  subjects: ReadonlyMap<string, string>,
): PlanCertificate {
  const { name, cluster, inputs } = one;
  const request = one.dependsOn.map((urn) => byUrn.get(urn)).find((other) => other?.type.endsWith(":CertRequest"));
  // What computes the authority's certificate is named in its placeholder.
  const authority = /^\(certPem of (.+)\)$/.exec(textAt(inputs, "caCertPem") ?? "")?.[1];
  const issuer = authority === undefined ? "unknown" : (subjects.get(authority) ?? authority);
  const isAuthority = inputs.isCaCertificate === true;
  const names = [...listAt(request?.inputs, "dnsNames"), ...listAt(request?.inputs, "ipAddresses")];
  return {
    name,
    subject: subjects.get(name) ?? name,
    issuer,
    use: isAuthority ? "authority" : useOf(one),
    cluster,
    authority: isAuthority,
    names: names.filter((each) => typeof each === "string"),
    ...lifetime(inputs),
  };
}

/** The add-on that it is for, or what its own name says. */
function useOf({ name, addon, cluster }: PlanResource): string {
  if (addon !== undefined) return addon;
  const parts = name.split(".").filter((part) => part !== cluster && part !== "identities" && part !== "mesh");
  return parts.join(" ").replaceAll("-", " ");
}

function kept({ name, cluster, inputs, addon }: PlanResource, resources: readonly PlanResource[]): PlanCertificate {
  const spec = objectAt(inputs, "spec");
  const names = listAt(spec, "dnsNames").filter((each) => typeof each === "string");
  const issuer = textAt(spec.issuerRef, "name") ?? "unknown";
  const valid = hoursOf(textAt(spec, "duration"));
  const before = textAt(spec, "renewBefore");
  return {
    name,
    subject: textAt(spec, "commonName") ?? names[0] ?? name,
    issuer: `${issuer}${kindOfIssuer(issuer, cluster, resources)}`,
    use: textAt(spec, "secretName") ?? addon ?? "",
    cluster,
    authority: spec.isCA === true,
    names,
    ...(valid !== undefined && { validDays: valid / HOURS }),
    renew: `by cert-manager${before === undefined ? ", after two thirds of its time" : `, ${before} before its end`}`,
  };
}

function kindOfIssuer(issuer: string, cluster: string | undefined, resources: readonly PlanResource[]): string {
  const found = resources.find(
    (one) =>
      one.cluster === cluster && /:(Cluster)?Issuer$/.test(one.type) && textAt(one.inputs.metadata, "name") === issuer,
  );
  const kinds = Object.keys(objectAt(found?.inputs, "spec"));
  return kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
}

function hoursOf(duration: string | undefined): number | undefined {
  const [, hours] = /^(\d+)h/.exec(duration ?? "") ?? [];
  return hours === undefined ? undefined : Number(hours);
}

import type { Plan } from "../../model";
import { nameOf, plural } from "../words";
import { html, type Markup, section, table } from "./markup";

/** What is broken, and what is excused. */
export function policySection({ policy }: Plan): Markup {
  const { rules, violations, exemptions } = policy;
  const rank = (enforcement: string) => (enforcement === "mandatory" ? 0 : 1);
  const broken = [...violations].sort((a, b) => rank(a.enforcement) - rank(b.enforcement));
  const body = html`${
    broken.length === 0
      ? html`<p class="good">No rule is broken.</p>`
      : table(
          "Violations",
          ["Rule", "Severity", "Enforcement", "Resource", "What to do"],
          broken.map(({ rule, severity, enforcement, urn, message }) => [
            html`<code>${rule}</code>`,
            severity,
            html`<span class="${enforcement === "mandatory" ? "bad" : "warn"}">${enforcement}</span>`,
            html`<code title="${urn ?? ""}">${nameOf(urn)}</code>`,
            message,
          ]),
        )
  }${
    exemptions.length === 0
      ? ""
      : html`<h3>${plural(exemptions.length, "exemption")}</h3>${table(
          "Exemptions",
          ["Rule", "Resource", "Reason", "Until"],
          exemptions.map(({ rule, urn, reason, expires }) => [
            html`<code>${rule}</code>`,
            html`<code>${nameOf(urn)}</code>`,
            reason,
            expires,
          ]),
        )}`
  }`;
  return section("policy", "Policy", body, `${plural(rules, "rule")} of the policy pack were asked.`);
}

/** Waves as steps, each behind the gate of the one before. */
export function waveSection({ waves, clusters, resources, impact }: Plan): Markup {
  const steps = waves.map((names, wave) => {
    const inside = clusters.filter(({ name }) => names.includes(name));
    return html`<li><div class="step"><span class="dot" aria-hidden="true"></span><h3>Wave ${wave}</h3></div>
${inside.length === 0 ? html`<p class="note">No cluster of this stack.</p>` : ""}
<ul>${inside.map(({ name, drained }) => {
      const count = resources.filter((one) => one.managed && one.cluster === name).length;
      const change = impact?.clusters.find((one) => one.name === name);
      const differs = change && Object.entries(change.counts).filter(([, number]) => number > 0);
      return html`<li><strong>${name}</strong>${drained ? " (drained)" : ""} <span class="note">${plural(count, "resource")}</span>
${differs?.map(([kind, number]) => html` <span class="tag ${kind}">${number} ${kind}</span>`)}</li>`;
    })}</ul></li>`;
  });
  return section(
    "waves",
    "Waves",
    html`<ol class="timeline">${steps}</ol>`,
    "A wave begins when the one before has ended well; what breaks the first never reaches the next.",
  );
}

const REACH = { clients: "Clients", operators: "Operators", mesh: "Other clusters" } as const;

/** Every way in. */
export function endpointSection({ endpoints }: Plan): Markup {
  const order = ["clients", "operators", "mesh"];
  const rows = [...endpoints]
    .sort((a, b) => order.indexOf(a.reach) - order.indexOf(b.reach))
    .map(({ host, addresses, ports, purpose, reach, cluster }) => [
      html`<code>${host}</code>`,
      ports.join(", "),
      REACH[reach],
      cluster ?? "",
      purpose,
      addresses.join(", "),
    ]);
  return section(
    "endpoints",
    "Endpoints",
    table("Endpoints", ["Host", "Ports", "For", "Cluster", "Purpose", "Address"], rows),
  );
}

/** Authorities first, and then what they sign. */
export function certificateSection({ certificates }: Plan): Markup {
  const rows = [...certificates]
    .sort((a, b) => Number(b.authority) - Number(a.authority))
    .map(({ subject, issuer, use, cluster, validDays, renew, authority, names }) => [
      html`<code title="${names.join(", ")}">${subject}</code>${authority ? html` <span class="tag">authority</span>` : ""}`,
      subject === issuer ? "itself" : issuer,
      use,
      cluster ?? "",
      validDays === undefined ? "" : days(validDays),
      renew,
    ]);
  const authorities = certificates.filter(({ authority }) => authority).length;
  return section(
    "certificates",
    "Certificates",
    html`<details${rows.length > 30 ? "" : html` open`}><summary>${plural(rows.length, "certificate")}</summary>${table("Certificates", ["Subject", "Issuer", "Use", "Cluster", "Valid", "Renewed"], rows)}</details>`,
    `${plural(rows.length, "certificate")}, ${authorities} of them authorities.`,
  );
}

function days(count: number): string {
  return count % 365 === 0 ? plural(count / 365, "year") : plural(count, "day");
}

/** Who runs what, where. */
export function tenantSection({ tenants }: Plan): Markup | "" {
  if (tenants.length === 0) return "";
  const rows = tenants.flatMap(({ components, databases }) => [
    ...components.map(({ component, environment, type, clusters, replicas, host, uses }) => [
      html`<code>${component}</code>`,
      environment ?? "every",
      type,
      clusters.join(", "),
      `${replicas} on each`,
      host ?? "",
      uses.join(", "),
    ]),
    ...databases.map(({ database, environment, engine, class: size, cluster, replicas, backup }) => [
      html`<code>${database}</code>`,
      environment ?? "every",
      engine,
      [cluster, ...replicas].filter((name) => name !== undefined).join(", "),
      size,
      "",
      backup === undefined ? "no backup" : `backup ${backup}`,
    ]),
  ]);
  return section(
    "tenants",
    "Tenants",
    table(
      "Components and databases",
      ["Component", "Environment", "Type", "Clusters", "Replicas", "Host", "Uses"],
      rows,
    ),
    tenants.map(({ name, owners }) => html`${name} (${owners.join(", ")}) `),
  );
}

/** Filled by the page's script; without it there is the JSON. */
export function resourceSection(): Markup {
  return section(
    "resources",
    "Resources",
    html`<form class="filters" role="search" aria-label="Resources">
<label>Search <input type="search" id="search" placeholder="name, type or URN" autocomplete="off"></label>
<label>Cluster <select id="by-cluster"><option value="">all</option></select></label>
<label>Area <select id="by-area"><option value="">all</option></select></label>
<label>Type <select id="by-type"><option value="">all</option></select></label>
<label class="only-changes">Change <select id="by-change"><option value="">all</option></select></label>
<button type="reset">Clear</button></form>
<p id="found" class="note" role="status"></p>
<div id="rows"></div><button type="button" id="more" hidden>Show more</button>
<noscript><p>Resources are listed by a script; <code>npm run plan -- &lt;stack&gt; --format json</code> has them too.</p></noscript>`,
  );
}

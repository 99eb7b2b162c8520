import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../model";
import { plural } from "../words";
import { changeSection, drillSection } from "./changes";
import { pageData, scriptData } from "./data";
import { fleetSection } from "./fleet";
import { html, Markup } from "./markup";
import {
  certificateSection,
  endpointSection,
  policySection,
  resourceSection,
  tenantSection,
  waveSection,
} from "./sections";

/** The plan as one file: nothing of it is fetched from anywhere, and its policy forbids it to. */
export function htmlReport(plan: Plan): string {
  const style = readFileSync(join(__dirname, "page.css"), "utf8");
  const script = readFileSync(join(__dirname, "page.js"), "utf8");
  const data = scriptData(pageData(plan));
  const policy = [
    "default-src 'none'",
    `style-src ${digest(style)}`,
    `script-src ${digest(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>Plan of ${plan.stack}</title>
<style>${new Markup(style)}</style>
</head>
<body${plan.differences === undefined ? "" : html` class="compared"`}>
<a class="skip" href="#main">Skip to content</a>
${headOf(plan)}
<main id="main">
${[
  policyFirst(plan),
  changeSection(plan),
  drillSection(plan),
  fleetSection(plan),
  waveSection(plan),
  plan.policy.violations.length > 0 ? "" : policySection(plan),
  tenantSection(plan),
  resourceSection(),
  endpointSection(plan),
  certificateSection(plan),
]}
</main>
<footer class="end">${plan.notes.map((note) => html`<p>${note}</p>`)}</footer>
<script type="application/json" id="plan">${new Markup(data)}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

/** What is broken comes before everything else. */
function policyFirst(plan: Plan): Markup | "" {
  return plan.policy.violations.length > 0 ? policySection(plan) : "";
}

function digest(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function headOf(plan: Plan): Markup {
  const {
    stack,
    profile,
    domain,
    resources,
    clusters,
    policy,
    differences,
    endpoints,
    certificates,
    drill,
    tenants,
    seconds,
  } = plan;
  const managed = resources.filter((one) => one.managed).length;
  const mandatory = policy.violations.filter(({ enforcement }) => enforcement === "mandatory").length;
  const figures: readonly (readonly [string, string, string, string?])[] = [
    [
      "policy",
      mandatory > 0 ? String(mandatory) : "0",
      mandatory === 1 ? "violation" : "violations",
      mandatory > 0 ? "bad" : "good",
    ],
    ...(differences === undefined ? [] : [["changes", String(differences.resources.length), "differences"] as const]),
    ["fleet", String(clusters.length), "clusters"],
    ["resources", String(managed), "resources"],
    ["endpoints", String(endpoints.length), "endpoints"],
    ["certificates", String(certificates.length), "certificates"],
  ];
  const links: readonly (readonly [string, string] | undefined)[] = [
    differences && ["changes", "Changes"],
    drill && ["drill", "Drill"],
    ["fleet", "Fleet"],
    ["waves", "Waves"],
    ["policy", "Policy"],
    tenants.length > 0 ? ["tenants", "Tenants"] : undefined,
    ["resources", "Resources"],
    ["endpoints", "Endpoints"],
    ["certificates", "Certificates"],
  ];
  return html`<header class="top"><div class="title"><div><h1>Plan of ${stack}</h1>
<p class="note">${profile} · ${domain} · made in ${seconds.toFixed(1)} s · ${plural(policy.rules, "policy rule")}</p></div>
<button type="button" id="theme" aria-label="Colours: as the system has them">Auto</button></div>
<ul class="figures">${figures.map(([id, count, noun, state]) => html`<li><a href="#${id}"><b${state === undefined ? "" : html` class="${state}"`}>${count}</b> ${noun}</a></li>`)}</ul>
</header>
<nav class="sections" aria-label="Sections">${links.flatMap((link) => (link === undefined ? [] : [html`<a href="#${link[0]}">${link[1]}</a>`]))}</nav>`;
}

import assert from "node:assert/strict";
import { CATALOG } from "../../components/addons";
import { withMatcher } from "../../components/addons/metrics/promql";
import type { Monitoring } from "../../components/addons/monitoring";
import { targetOn } from "../support/addons";
import { everything, PRODUCTION, settingsAfter } from "../support/settings";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

interface Found {
  readonly addon: string;
  readonly monitoring: Monitoring;
}

/** What every add-on wants watched, on each cluster that it is on. */
function monitoringOn(cluster: string, edits = everything()): Found[] {
  const target = targetOn(cluster, edits);
  const { addons } = settingsAfter(edits).platform;
  return CATALOG.flatMap(({ name, key, on, monitoring }) =>
    monitoring === undefined || !on(target.cluster)
      ? []
      : [{ addon: name, monitoring: monitoring(target, addons[key]) }],
  );
}

const PLACES = [
  ...monitoringOn("control"),
  ...monitoringOn("east"),
  ...monitoringOn("control", { ...everything(), ...PRODUCTION }),
];

/** What is wrong with the parentheses of a query; texts are left out. */
function unbalanced(query: string): string | undefined {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  for (const character of query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "")) {
    if ("([{".includes(character)) open.push(character);
    else if (character in pairs && open.pop() !== pairs[character]) return `${character} closes nothing`;
  }
  return open.length === 0 ? undefined : `${open.join("")} is not closed`;
}

/** The entries of all places, each with the add-on that it is of. */
function entries<T>(of: (monitoring: Monitoring) => readonly T[] | undefined): (readonly [addon: string, entry: T])[] {
  return PLACES.flatMap(({ addon, monitoring }) => (of(monitoring) ?? []).map((entry) => [addon, entry] as const));
}

/** Names that several add-ons use. */
function shared(names: readonly (readonly [owner: string, name: string])[]): string[] {
  const owners = new Map<string, string>();
  return names
    .filter(([owner, name]) => {
      const other = owners.get(name) ?? owner;
      owners.set(name, other);
      return other !== owner;
    })
    .map(([, name]) => name);
}

describe("what add-ons want watched", () => {
  const alerts = entries(({ alerts }) => alerts);
  const scrapes = entries(({ scrapes }) => scrapes);
  const dashboards = entries(({ dashboards }) => Object.entries(dashboards ?? {}));
  const panels = dashboards.flatMap(([addon, [name, { panels }]]) =>
    panels.map((panel) => [`${addon}-${name}`, panel] as const),
  );

  it("is there at all", () => {
    for (const found of [alerts, scrapes, dashboards]) assert.ok(found.length > 5);
  });

  it("raises alerts whose names are their own", () => {
    assert.deepEqual(shared(alerts.map(([addon, { alert }]) => [addon, alert])), []);
    for (const { monitoring, addon } of PLACES) {
      const names = (monitoring.alerts ?? []).map(({ alert }) => alert);
      assert.equal(new Set(names).size, names.length, addon);
    }
  });

  it("raises alerts that tell whoever is woken what is wrong", () => {
    for (const [addon, { alert, expr, for: duration, summary, runbook = summary }] of alerts) {
      const where = `${addon}, ${alert}`;
      assert.match(alert, /^[A-Z][A-Za-z0-9]+$/, where);
      assert.match(duration, /^[0-9]+[smhd]$/, where);
      assert.equal(unbalanced(expr), undefined, where);
      for (const text of [summary, runbook]) {
        assert.match(text, /^\S.*\S$/s, where);
        assert.doesNotMatch(text.replace(/\{\{.*?\}\}/g, ""), /[{}]/, `${where}: a template is not closed`);
      }
    }
  });

  it("is scraped by labels and names of ports", () => {
    for (const { addon, monitoring } of PLACES) {
      const names = (monitoring.scrapes ?? []).map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, addon);
    }
    for (const [addon, { name, labels, port, path = "/metrics", namespace = "a" }] of scrapes) {
      for (const label of [name, port, namespace]) assert.match(label, LABEL, `${addon}, ${name}`);
      assert.ok(Object.keys(labels).length > 0, `${addon}, ${name}: without labels everything is scraped`);
      assert.match(path, /^\//, `${addon}, ${name}`);
    }
  });

  it("is shown by dashboards that are told apart", () => {
    assert.deepEqual(shared(dashboards.map(([addon, [name, { title }]]) => [`${addon}-${name}`, title])), []);
    for (const [addon, [name, { panels: all }]] of dashboards) {
      assert.match(`${addon}-${name}`, LABEL);
      assert.ok(all.length > 0, `${addon}-${name}`);
    }
  });

  it("is shown by queries of the clusters that are chosen", () => {
    for (const [dashboard, { title, queries }] of panels) {
      const all = Object.values(queries);
      assert.ok(all.length > 0, `${dashboard}, ${title}`);
      for (const query of all) {
        assert.equal(unbalanced(query), undefined, `${dashboard}, ${title}`);
        assert.match(withMatcher(query, "cluster", "(chosen)"), /\(chosen\)|cluster=/, `${dashboard}, ${title}`);
      }
    }
  });
});

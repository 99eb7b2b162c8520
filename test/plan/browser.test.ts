import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { compare } from "../../plan/against/compare";
import { impactOf } from "../../plan/against/impact";
import { drill } from "../../plan/drill/lose";
import type { Plan } from "../../plan/model";
import { htmlReport } from "../../plan/report/html/page";
import { findBrowser, Page } from "../support/browser";
import { planned } from "../support/plan";
import { temporaryFolder } from "../support/stack";

const browser = findBrowser();

describe(
  browser === undefined ? "the page in a browser (skipped: there is no Chromium)" : "the page in a browser",
  () => {
    const folder = temporaryFolder();
    let page: Page;
    let plan: Plan;
    let url: string;

    before(async function () {
      if (browser === undefined) return this.skip();
      plan = await planned("dev");
      const { href } = pathToFileURL(folder.write("plan.html", htmlReport(everythingOf(plan))));
      url = href;
      page = await Page.open(browser);
    });

    after(() => page?.close());

    for (const width of [1400, 400])
      for (const colors of ["light", "dark"] as const)
        it(`is without complaint at ${width} pixels in ${colors}, and no wider than the window`, async () => {
          await page.goto(url, width, colors);
          assert.deepEqual(page.complaints, []);
          assert.deepEqual(
            page.requests.filter((one) => !one.startsWith("file:")),
            [],
          );
          const [wide, inner] = (await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")) as number[];
          assert.ok(wide !== undefined && inner !== undefined && wide <= inner, `${wide} in ${inner}`);
          assert.deepEqual(await page.evaluate(TOO_FAINT), []);
        });

    it("finds resources by text and by filters", async () => {
      await page.goto(url, 1400, "light");
      const found = async () =>
        Number(String(await page.evaluate("document.getElementById('found').textContent")).split(" ")[0]);
      const managed = plan.resources.filter((one) => one.managed);
      assert.equal(await found(), managed.length);
      await page.evaluate(set("search", "velero schedule"));
      const expected = managed.filter(({ name, type, addon }) => {
        const text = `${name} ${type} ${addon ?? ""}`.toLowerCase();
        return text.includes("velero") && text.includes("schedule");
      });
      assert.ok(expected.length > 0);
      assert.equal(await found(), expected.length);
      await page.evaluate(set("by-cluster", "east"));
      assert.equal(await found(), expected.filter(({ cluster }) => cluster === "east").length);
      await page.evaluate("document.querySelector('.filters [type=reset]').click()");
      await page.evaluate("new Promise((done) => setTimeout(done, 20))");
      assert.equal(await found(), managed.length);
    });

    it("shows a resource's URN as the engine writes it", async () => {
      await page.goto(url, 1400, "light");
      await page.evaluate(set("search", "control.velero helm.sh/v3:release"));
      await page.evaluate("document.querySelector('.row').open = true");
      await page.evaluate("new Promise((done) => setTimeout(done, 50))");
      const shown = await page.evaluate("document.querySelector('.row dd').textContent");
      assert.equal(
        shown,
        plan.resources.find(({ name, type }) => name === "control.velero" && type.endsWith(":Release"))?.urn,
      );
    });

    it("chooses a cluster with the keyboard alone", async () => {
      await page.goto(url, 1400, "light");
      await page.evaluate("document.querySelector('#fleet svg.wide [data-cluster=control]').focus()");
      await page.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.dataset.cluster"), "east");
      await page.press("Enter");
      assert.equal(await page.evaluate("document.querySelector('#cluster h3').textContent"), "east");
      assert.equal(await page.evaluate("document.activeElement.getAttribute('aria-pressed')"), "true");
      const links = await page.evaluate("[...document.querySelectorAll('svg.wide .links .on')].length");
      assert.equal(links, plan.links.filter(({ from, to }) => from === "east" || to === "east").length);
    });

    it("leads from a cluster to its resources", async () => {
      await page.goto(url, 1400, "light");
      await page.evaluate(
        "document.querySelector('svg.wide [data-cluster=west]').dispatchEvent(new MouseEvent('click', { bubbles: true }))",
      );
      await page.evaluate("document.querySelector('#cluster button').click()");
      await page.evaluate("new Promise((done) => setTimeout(done, 50))");
      const count = plan.resources.filter((one) => one.managed && one.cluster === "west").length;
      assert.match(
        String(await page.evaluate("document.getElementById('found').textContent")),
        new RegExp(`^${count} of `),
      );
    });

    it("switches colours, and keeps them", async () => {
      await page.goto(url, 1400, "light");
      const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
      const light = await background();
      await page.evaluate("document.getElementById('theme').click(); document.getElementById('theme').click()");
      const dark = await background();
      assert.notEqual(dark, light);
      await page.goto(url, 1400, "light");
      assert.equal(await background(), dark);
      await page.evaluate("document.getElementById('theme').click()");
      assert.equal(await background(), light);
    });
  },
);

/** The plan with differences, a drill and violations, so that every section is there; texts try to be markup. */
function everythingOf(plan: Plan): Plan {
  const before = {
    ...plan,
    resources: plan.resources.slice(40).map((one, index) => (index % 25 === 0 ? { ...one, inputs: {} } : one)),
  };
  const differences = compare(before, plan, "before <b>");
  const hostile = "</script><img src=x onerror=alert(1)>";
  const violations = [
    {
      rule: "no-privileged",
      severity: "high",
      enforcement: "mandatory",
      urn: plan.resources[0]?.urn ?? "",
      message: hostile,
    },
    { rule: "owner-label", severity: "low", enforcement: "advisory", message: "name an owner" },
  ];
  return {
    ...plan,
    domain: hostile,
    policy: { ...plan.policy, violations },
    differences,
    impact: impactOf(before, plan, differences),
    drill: drill(plan, "east"),
  };
}

/** Sets a field as if somebody had typed it. */
function set(id: string, value: string): string {
  return `{ const field = document.getElementById(${JSON.stringify(id)}); field.value = ${JSON.stringify(value)}; field.dispatchEvent(new Event("input", { bubbles: true })); }`;
}

/** Texts whose contrast with what is behind them is below 4.5, as WCAG 2.2 asks for; what is faded on purpose is left out. */
const TOO_FAINT = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("main *, header *, nav *, footer *")].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "") && !one.closest("svg, noscript, script") && one.checkVisibility());
  return texts.flatMap((one) => {
    const [a, b] = [luminance(channels(getComputedStyle(one).color)), luminance(behind(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < 4.5 ? [one.tagName + "." + one.className + " " + ratio.toFixed(2) + " " + one.textContent.slice(0, 40)] : [];
  }).slice(0, 5);
})()`;

import assert from "node:assert/strict";
import { makePlan } from "../../plan/make";
import type { Plan } from "../../plan/model";
import { parseOverride } from "../../rehearsal/args";
import { planned } from "../support/plan";
import { ROOT } from "../support/stack";

for (const stack of ["dev", "prod"])
  describe(`the plan of ${stack}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planned(stack);
    });

    it("has each resource once, and no edge that leads nowhere", () => {
      const urns = new Set(plan.resources.map(({ urn }) => urn));
      assert.equal(urns.size, plan.resources.length);
      const loose = plan.resources.flatMap(({ parent, dependsOn }) => [
        ...(parent === undefined ? [] : [parent]),
        ...dependsOn,
      ]);
      assert.deepEqual(
        loose.filter((urn) => !urns.has(urn)),
        [],
      );
    });

    it("writes URNs as the engine does, with the types of all ancestors", () => {
      const release = plan.resources.find(({ name, type }) => name === "control.cilium" && type.endsWith(":Release"));
      const types = "openchoreo:addons:ClusterAddons$openchoreo:addons:Addon$kubernetes:helm.sh/v3:Release";
      assert.equal(release?.urn, `urn:pulumi:${stack}::openchoreo::${types}::control.cilium`);
    });

    it("knows the cluster of all that a provider of a cluster manages", () => {
      const names = plan.clusters.map(({ name }) => name);
      const lost = plan.resources.filter(
        ({ type, cluster }) => type.startsWith("kubernetes:") && !names.includes(cluster ?? ""),
      );
      assert.deepEqual(
        lost.map(({ urn }) => urn),
        [],
      );
    });

    it("puts every add-on's resources into the area of the add-on", () => {
      const of = (addon: string) =>
        new Set(plan.resources.filter((one) => one.addon === addon).map(({ area }) => area));
      assert.deepEqual([...of("cilium")], ["networking"]);
      assert.deepEqual([...of("thanos")], ["metrics"]);
      assert.deepEqual([...of("velero")], ["data"]);
    });

    it("breaks no rule of the policy pack, which has rules", () => {
      assert.ok(plan.policy.rules > 10);
      assert.deepEqual(plan.policy.violations, []);
    });

    it("says where clients and other clusters come in", () => {
      const { domain } = plan;
      const found = plan.endpoints.map(({ host, ports, reach }) => `${reach} ${host} ${ports.join()}`);
      assert.ok(found.includes(`clients console.${domain} 443`));
      assert.ok(found.includes(`clients control.gateway.${domain} 80,443`));
      assert.ok(found.includes(`mesh control.mesh.${domain} 2379`));
      assert.equal(
        plan.endpoints.filter(({ purpose }) => purpose === "API server of the cluster").length,
        plan.clusters.length,
      );
    });

    it("follows every certificate up to the mesh's root, or to an issuer of cert-manager", () => {
      const [root] = plan.certificates.filter(({ use }) => use === "root of the mesh");
      assert.equal(root?.validDays, 7300);
      const authorities = new Set(plan.certificates.filter(({ authority }) => authority).map(({ subject }) => subject));
      const orphans = plan.certificates.filter(
        ({ issuer }) => !authorities.has(issuer) && !/ \((acme|ca|selfSigned)\)$/.test(issuer),
      );
      assert.deepEqual(orphans, []);
    });

    it("names what joins every pair of clusters", () => {
      const expected = stack === "prod" ? ["cluster mesh", "istio", "VPC peering"] : ["cluster mesh", "istio"];
      assert.equal(plan.links.length, 3);
      for (const { kinds } of plan.links) assert.deepEqual(kinds, expected);
    });

    it("places the tenants' components, environment by environment", () => {
      const data = plan.clusters.filter(({ planes }) => planes.includes("data")).map(({ name }) => name);
      const [web] = plan.tenants
        .flatMap(({ components }) => components)
        .filter(({ component }) => component === "shop/store/web");
      assert.deepEqual(web?.clusters, data);
      assert.deepEqual(web?.uses, [`shop/store/api (${web?.environment})`]);
      const orders = plan.tenants
        .flatMap(({ databases }) => databases)
        .filter(({ database }) => database === "shop/store/orders");
      assert.ok(orders.length > 0);
      for (const { engine, cluster } of orders)
        assert.deepEqual([engine, data.includes(cluster ?? "")], ["postgresql", true]);
    });

    it("knows the tenant of what is made for one", () => {
      const cells = plan.resources.filter(({ type }) => type === "openchoreo:tenants:Cell");
      assert.ok(cells.length > 0);
      const names = new Set(plan.tenants.map(({ name }) => name));
      assert.deepEqual(
        cells.filter(({ tenant }) => tenant === undefined || !names.has(tenant)).map(({ name }) => name),
        [],
      );
    });
  });

describe("a changed setting", () => {
  it("changes the plan", async () => {
    const set = [parseOverride("certManager.enabled=maybe")];
    await assert.rejects(
      makePlan({ root: ROOT, stack: "dev", set }),
      /platform\.certManager\.enabled: must be true or false/,
    );
  });
});

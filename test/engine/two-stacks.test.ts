import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { assertCode, type Ended } from "./support/cli";
import { list } from "./support/kubectl";
import { Project, SOLO } from "./support/project";
import { Driver, tenantStackFile } from "./support/shards";
import { step } from "./support/steps";

const PLATFORM = "hub";
const QUALIFIED = "organization/openchoreo";

const component = (more: object) => ({ image: "example/part", port: 8080, deploy: "plain", ...more });
const tenant = (owner: string, components: object) => ({
  owners: [owner],
  environments: { production: {} },
  projects: { core: { components } },
});

/** Each of the two is one shard of a file of its own, so that the driver of shards runs it. */
const IDENTITY = { identity: tenant("identity", { api: component({ sharedWith: ["shop"] }) }) };
const API = `stack://${QUALIFIED}/identity-tenants-0/identity/core/api`;
const SHOP = { shop: tenant("shop", { web: component({ uses: [API] }) }) };

describe("two stacks, of which one uses the other's component", () => {
  let project: Project;
  let driver: Driver;
  let kubeconfig: string;

  before(async () => {
    const config = { ...SOLO.config, "openchoreo:tenants": {}, "openchoreo:shard": { count: 1 } };
    project = new Project({ [PLATFORM]: { config } });
    assertCode(await step("up of the platform", () => project.rehearse([PLATFORM])), 0);
    driver = await Driver.of(project, PLATFORM);
    kubeconfig = join(project.folders(PLATFORM).kubeconfigs, "only.yaml");
    for (const [stack, tenants] of Object.entries({ identity: IDENTITY, shop: SHOP })) {
      writeFileSync(join(driver.project, `Pulumi.${stack}.yaml`), tenantStackFile(`${QUALIFIED}/${PLATFORM}`, tenants));
    }
  });
  after(async () => {
    if (project === undefined) return;
    await project.rehearse([PLATFORM, "--destroy"]);
    project.remove();
  });

  const run = (command: string, stack: string): Promise<Ended> =>
    step(`${command} of ${stack}`, () => driver.run(command, "--stack", stack, "--shards", "1", "--yes"));

  /** The pods that the policies of a namespace let in, and the ones that they let out to, as JSON. */
  async function policies(namespace: string): Promise<string> {
    const all = await list(kubeconfig, "ciliumnetworkpolicies");
    return JSON.stringify(all.filter(({ metadata }) => metadata.namespace === namespace).map(({ spec }) => spec));
  }

  it("are refused in the wrong order, with the stack that has to come first", async () => {
    const ended = await run("up", "shop");
    assertCode(ended, 1);
    assert.match(ended.stdout, /unknown stack "organization\/openchoreo\/identity-tenants-0"; bring it up first/);
    const namespaces = await list(kubeconfig, "namespaces");
    assert.deepEqual(
      namespaces.filter(({ metadata: { name } }) => name.startsWith("shop-")),
      [],
    );
  });

  it("come up in the right one, with the connection open on both sides", async () => {
    assertCode(await run("up", "identity"), 0);
    assert.doesNotMatch(await policies("identity-core-production"), /shop-core-production/);
    assertCode(await run("up", "shop"), 0);
    assert.match(await policies("shop-core-production"), /identity-core-production/);
    assert.match(await policies("identity-core-production"), /shop-core-production/);
  });

  it("show no change afterwards, either of them", async () => {
    for (const stack of ["identity", "shop"]) {
      const ended = await run("preview", stack);
      assertCode(ended, 0);
      assert.match(ended.stdout, /^all +1 +0 +0 +0 +\d+ /m);
    }
  });

  it("go in the reverse order, and the other's namespace is as it was", async () => {
    assertCode(await run("destroy", "shop"), 0);
    assert.doesNotMatch(await policies("identity-core-production"), /shop-core-production/);
    assertCode(await run("destroy", "identity"), 0);
    const namespaces = await list(kubeconfig, "namespaces");
    assert.deepEqual(
      namespaces.filter(({ metadata: { name } }) => /^(shop|identity)-/.test(name)),
      [],
    );
  });
});

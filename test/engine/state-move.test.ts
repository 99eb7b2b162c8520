import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { openStack } from "../../tenancy/stacks";
import { openState } from "../../tenancy/state/files";
import { tenantsIn } from "../../tenancy/state/state";
import { prepareTransfer } from "../../tenancy/state/transfer";
import { theEngine } from "./support/root";

const PASSWORD = "s3cret-of-shop";

/** A tenant as the program makes it: a component that says whose it is, with objects in it. */
class Cell extends pulumi.ComponentResource {
  constructor(tenant: string, provider: kubernetes.Provider) {
    super("openchoreo:tenants:Cell", `only.${tenant}`, {}, { providers: [provider] });
    const own = { parent: this };
    const first = new kubernetes.core.v1.ConfigMap(
      `only.${tenant}-a`,
      { metadata: { name: tenant, namespace: "a" } },
      own,
    );
    const stringData = { password: pulumi.secret(PASSWORD) };
    const more = { parent: this, dependsOn: [first] };
    new kubernetes.core.v1.Secret(`only.${tenant}-b`, { metadata: { name: tenant, namespace: "a" }, stringData }, more);
    this.registerOutputs({ tenant });
  }
}

// No cluster is needed: the provider renders into a folder.
describe("a tenant's state, moved by the engine from stack to stack", () => {
  let folder: string;
  let former: NodeJS.ProcessEnv;
  const place = () => ({ project: join(folder, "project") });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "openchoreo-move-"));
    mkdirSync(place().project);
    writeFileSync(join(place().project, "Pulumi.yaml"), "name: openchoreo\nruntime: nodejs\n");
    const engine = await theEngine();
    former = { ...process.env };
    Object.assign(process.env, {
      PATH: `${dirname(engine.file("pulumi"))}:${process.env.PATH}`,
      HOME: folder,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "move",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  });
  after(() => {
    Object.assign(process.env, former);
    rmSync(folder, { recursive: true, force: true });
  });

  const stackOf = (stack: string, tenants: readonly string[]) =>
    openStack({ stack, ...place() }, async () => {
      const renderYamlToDirectory = join(folder, "rendered");
      const provider = new kubernetes.Provider("only", { renderYamlToDirectory, clusterIdentifier: "hub/only" });
      for (const tenant of tenants) new Cell(tenant, provider);
      return { tenants };
    });
  const changes = async (stack: string, tenants: readonly string[]) => {
    const { changeSummary } = await (await stackOf(stack, tenants)).preview();
    return Object.fromEntries(Object.entries(changeSummary).filter(([operation]) => operation !== "same"));
  };
  const move = async (...tenants: string[]) => {
    const [from, to] = [await openState({ stack: "one", ...place() }), await openState({ stack: "two", ...place() })];
    const ready = await prepareTransfer({ from, to, tenants, backups: join(folder, "backups") });
    await ready.commit();
    return { moved: ready.resources, from: await from.read(), to: await to.read() };
  };

  it("is as both programs want it, into a stack that was never brought up", async () => {
    await (await stackOf("one", ["news", "shop"])).up();
    const { moved, from, to } = await move("shop");
    assert.equal(moved, 3);
    assert.deepEqual([[...tenantsIn(from).keys()], [...tenantsIn(to).keys()]], [["news"], ["shop"]]);
    assert.deepEqual(await changes("one", ["news"]), {});
    assert.deepEqual(await changes("two", ["shop"]), {});
  });

  it("keeps secrets encrypted, in the state and in the backups", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
    assert.ok(files.some((file) => file.startsWith("backups")));
    for (const file of files) {
      const path = join(folder, file);
      assert.ok(!readFileSync(path, "utf8").includes(PASSWORD), file);
      if (file.startsWith("backups")) assert.equal(statSync(path).mode & 0o077, 0, file);
    }
  });

  it("is as both want it, into a stack that has others", async () => {
    await (await stackOf("two", ["shop"])).up();
    await move("news");
    assert.deepEqual(await changes("one", []), {});
    assert.deepEqual(await changes("two", ["news", "shop"]), {});
    assert.equal((await move("news")).moved, 0);
  });
});

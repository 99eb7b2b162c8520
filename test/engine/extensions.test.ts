import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { METRICS } from "../../components/addons";
import { edit } from "../support/settings";
import { object } from "../support/stack";
import { assertCode } from "./support/cli";
import { get, type KubeObject, kubectl } from "./support/kubectl";
import { CHECKOUT, Project, SOLO } from "./support/project";
import { step, until } from "./support/steps";

const STACK = "solo";
const EXAMPLE = "examples/extensions/settings.yaml";

/** A namespace as a tenant's is labelled; the example's rule looks at nothing else. */
const TENANT = "guarded";

/** One cluster with what the example plugs into: the gateway, and what scrapes, shows and warns. */
function settings() {
  const { extensions } = object(parse(readFileSync(join(CHECKOUT, EXAMPLE), "utf8")));
  const platform = "config.openchoreo:platform";
  return edit(SOLO, {
    // Alone, as the gateway of a mesh of one is a door that the policies refuse.
    [`${platform}.clusters.only.network.mesh`]: false,
    [`${platform}.envoyGateway`]: {},
    [`${platform}.prometheus`]: {},
    [`${platform}.extensions`]: extensions,
  });
}

/** What the three extensions bring to the cluster: kind, name and namespace. */
const OBJECTS: readonly (readonly [kind: string, name: string, namespace?: string])[] = [
  ["validatingadmissionpolicy", "image-rules.example.com"],
  ["validatingadmissionpolicybinding", "image-rules.example.com"],
  ["envoyextensionpolicies.gateway.envoyproxy.io", "edge-filter", "envoy-gateway-system"],
  ["customresourcedefinition", "entries.catalogue.example.com"],
  ["deployment", "catalogue", "catalogue"],
  ["service", "catalogue", "catalogue"],
  ["entries.catalogue.example.com", "handbook", "catalogue"],
  ["servicemonitors.monitoring.coreos.com", "choreo-catalogue-catalogue", METRICS.namespace],
  ["prometheusrules.monitoring.coreos.com", "choreo-catalogue", METRICS.namespace],
  ["configmap", "dashboard-catalogue-catalogue", METRICS.namespace],
];

describe("rehearse the example of extensions, as it is", () => {
  let project: Project;
  let kubeconfig: string;

  before(async () => {
    project = new Project({ [STACK]: settings() });
    assertCode(await step(`rehearse ${STACK}`, () => project.rehearse([STACK, "--keep"])), 0);
    kubeconfig = project.report(STACK).clusters[0]?.kubeconfig ?? assert.fail("no cluster");
  });
  after(() => project?.remove());

  async function read(kind: string, name: string, namespace?: string): Promise<KubeObject> {
    return (await get(kubeconfig, kind, name, namespace)) ?? assert.fail(`no ${kind} ${name}`);
  }

  it("deploys the chart of the repository, which is no stand-in, beside those of the platform", () => {
    const { releases, problems, standIns } = project.report(STACK);
    assert.deepEqual(problems, []);
    for (const { name, status } of releases) assert.equal(status, "deployed", name);
    const [own, ...more] = releases.filter(({ name }) => name === "catalogue");
    assert.deepEqual([own?.chart, own?.version, more.length], ["catalogue", "1.0.0", 0]);
    assert.ok(!standIns.charts.includes("catalogue"), standIns.charts.join());
  });

  for (const [kind, name, namespace] of OBJECTS) it(`makes ${kind} ${name}`, () => read(kind, name, namespace));

  it("makes objects as the example has them", async () => {
    const filter = await read("envoyextensionpolicies.gateway.envoyproxy.io", "edge-filter", "envoy-gateway-system");
    const [wasm] = object(filter.spec).wasm as readonly unknown[];
    assert.deepEqual(object(wasm).config, { header: "x-edge", value: "choreo" });
    const entry = await read("entries.catalogue.example.com", "handbook", "catalogue");
    assert.deepEqual(entry.spec, { title: "The platform's handbook", url: "https://handbook.example.com" });
    const controller = await read("deployment", "catalogue", "catalogue");
    assert.equal(controller.spec?.replicas, 1);
  });

  it("refuses a tenant's pod whose image is from elsewhere, and admits one of the registry", async () => {
    for (const args of [
      ["create", "namespace", TENANT],
      ["label", "namespace", TENANT, "choreo.dev/tenant=guarded"],
    ]) {
      const { ok, output } = await kubectl(kubeconfig, ...args);
      assert.ok(ok, output);
    }
    const pod = (image: string) =>
      kubectl(kubeconfig, "run", "pod", "--namespace", TENANT, "--dry-run=server", `--image=${image}`);
    // The namespace's account comes a moment after it, and policies are read a moment after they are made.
    await until("a pod of the registry is admitted", 30, async () => (await pod("registry.example.com/web:1")).ok);
    const refused = async () =>
      /images come from registry\.example\.com/.test((await pod("elsewhere.test/web:1")).output);
    await until("a pod from elsewhere is refused", 30, refused);
  });

  it("changes nothing the second time", async () => {
    assertCode(await step(`rehearse ${STACK}`, () => project.rehearse([STACK, "--keep"])), 0);
    const { phases, problems } = project.report(STACK);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      phases.map(({ name, created, updated, deleted }) => [name, created, updated, deleted]),
      [["up", 0, 0, 0]],
    );
  });

  it("goes with everything that it brought", async () => {
    const ended = await step(`rehearse ${STACK} --once`, () => project.rehearse([STACK, "--once"]));
    assertCode(ended, 0);
    const { phases, problems, retained } = project.report(STACK);
    assert.deepEqual(problems, []);
    const [, preview] = phases;
    assert.deepEqual([preview?.name, preview?.created, preview?.updated, preview?.deleted], ["preview", 0, 0, 0]);
    const own = retained.filter(({ object }) => /catalogue|image-rules|edge-filter/.test(object));
    assert.deepEqual(
      own.map(({ object }) => object),
      ["CustomResourceDefinition entries.catalogue.example.com"],
    );
  });
});

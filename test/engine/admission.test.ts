import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { V1Pod, V1SecurityContext } from "@kubernetes/client-node";
import { BUILD_IMAGES } from "../../components/addons/delivery/images";
import { runFleet } from "../support/fleet";
import type { Graph } from "../support/graph";
import { switchOn } from "../support/settings";
import { object } from "../support/stack";
import { BareCluster } from "./support/bare-cluster";
import { GREEDY, Steps } from "./support/greedy-pods";
import { kubectl } from "./support/kubectl";
import {
  goInstrumentedPod,
  instrumentedPod,
  kpackBuildPod,
  mongodbPod,
  postgresqlPod,
  RESTRICTED,
  redisPod,
  tenantPod,
  type WorkflowTemplate,
  workflowPod,
} from "./support/operator-pods";
import { step, until } from "./support/steps";

const BUILDS = "choreo-builds";
const TENANT = "tenant-test";
const USER = { runAsUser: 1001, runAsGroup: 1001 };

/** What the program makes of builds, without what they are told in secret. */
const APPLIED = /:(Namespace|ServiceAccount|LimitRange|ResourceQuota|ValidatingAdmissionPolicy(Binding)?)$/;

describe("pods that operators make", () => {
  let graph: Graph;
  let cluster: BareCluster;
  let template: WorkflowTemplate;
  let executor: V1SecurityContext;
  let steps: Steps;

  before(async () => {
    graph = (
      await runFleet({ ...switchOn("builds", "argo-workflows", "registry", "opentelemetry-operator"), tenants: {} })
    ).graph;
    template = graph.get("control.builds-template").inputs.spec as WorkflowTemplate;
    const { values } = graph.get("control.argo-workflows", "kubernetes:helm.sh/v3:Release").inputs;
    executor = object(object(values).executor).securityContext as V1SecurityContext;
    steps = new Steps(template, executor);
    cluster = await BareCluster.start();
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const tenant = { apiVersion: "v1", kind: "Namespace", metadata: { name: TENANT, labels } };
    await step("what the program makes of builds", () => apply([...builds(graph), tenant]));
    const accounts = async () => (await admit("default", TENANT, tenantPod())) === "admitted";
    await until("accounts of namespaces", 30, accounts);
    await until(
      "the policy of builds",
      30,
      async () => (await refusal(steps.changed("scan", {}, { hostNetwork: true }))) !== "admitted",
    );
  });
  after(() => cluster?.stop());

  async function apply(objects: readonly object[]): Promise<void> {
    const file = join(cluster.folder, "objects.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    const { ok, output } = await kubectl(cluster.kubeconfig, "apply", "--server-side", "-f", file);
    assert.ok(ok, output);
  }

  /** Asks the API server for a pod, which it does not keep; why it is refused, or "admitted". */
  async function admit(account: string, namespace: string, pod: V1Pod): Promise<string> {
    const body = { ...pod, spec: { ...pod.spec, serviceAccountName: account, containers: pod.spec?.containers ?? [] } };
    try {
      await cluster.client.core.createNamespacedPod({ namespace, body, dryRun: "All" });
      return "admitted";
    } catch (error) {
      return String((JSON.parse(String((error as { body?: unknown }).body)) as { message?: unknown }).message);
    }
  }

  const refusal = (pod: V1Pod) => admit("choreo-builder", BUILDS, pod);
  const inBuilds = async (pod: V1Pod) => assert.equal(await refusal(pod), "admitted");
  const inTenant = (pod: V1Pod) => admit("default", TENANT, pod);

  describe("of builds", () => {
    for (const name of ["checkout", "buildpacks", "dockerfile", "scan", "sign", "promote"])
      it(`${name}, as Argo Workflows makes it, is admitted`, () => inBuilds(workflowPod(template, name, executor)));

    it("of kpack's Build are admitted", () => inBuilds(kpackBuildPod("choreo-builder")));

    it("are held to what an executor without a security context would not be", async () => {
      assert.match(await refusal(workflowPod(template, "checkout")), /only rootless BuildKit raises its privileges/);
    });
  });

  describe("of builds with more than they need", () => {
    for (const [what, make, why] of GREEDY)
      it(`are refused: ${what}`, async () => assert.match(await refusal(make(steps)), why));

    it("are all steps but BuildKit's ones that a restricted namespace would admit", async () => {
      for (const name of ["checkout", "buildpacks", "scan", "sign", "promote"])
        assert.equal(await inTenant(workflowPod(template, name, executor)), "admitted", name);
      assert.match(await inTenant(workflowPod(template, "dockerfile", executor)), /violates PodSecurity "restricted/);
      assert.equal(await inTenant(kpackBuildPod("default")), "admitted");
    });
  });

  describe("of builds that run", () => {
    let name: string;
    before(async () => {
      const body = workflowPod(template, "dockerfile", executor);
      const made = await cluster.client.core.createNamespacedPod({ namespace: BUILDS, body });
      name = made.metadata?.name ?? assert.fail("no name");
    });

    it("are labelled and let go, whatever the rules say of them now", async () => {
      const { ok, output } = await kubectl(cluster.kubeconfig, "label", "pod", name, "-n", BUILDS, "done=yes");
      assert.ok(ok, output);
    });

    it("do not turn into another image with BuildKit's freedom", async () => {
      const args = ["set", "image", `pod/${name}`, "main=images.test/evil:1", "-n", BUILDS];
      const { ok, output } = await kubectl(cluster.kubeconfig, ...args);
      assert.ok(!ok);
      assert.match(output, /only rootless BuildKit/);
    });

    it("are not entered by a container for debugging", async () => {
      const args = [
        "debug",
        name,
        "-n",
        BUILDS,
        `--image=${BUILD_IMAGES.buildkit}`,
        "--profile=restricted",
        "--attach=false",
      ];
      const { ok, output } = await kubectl(cluster.kubeconfig, ...args);
      assert.ok(!ok);
      assert.match(output, /by a container for debugging/);
    });
  });

  describe("in a tenant's namespace", () => {
    const database = {
      pod: { ...RESTRICTED.pod, ...USER, fsGroup: 1001 },
      container: { ...RESTRICTED.container, ...USER },
    };

    it("are admitted: a component, restricted", async () => assert.equal(await inTenant(tenantPod()), "admitted"));

    it("are admitted: a component that is instrumented by the platform's Instrumentation", async () => {
      const [found] = graph.resources.filter(({ inputs }) => inputs.kind === "Instrumentation");
      const { initContainerSecurityContext } = object(found?.inputs.spec);
      assert.ok(initContainerSecurityContext);
      assert.equal(await inTenant(instrumentedPod(initContainerSecurityContext as V1SecurityContext)), "admitted");
    });

    it("are admitted: databases of every engine", async () => {
      assert.equal(await inTenant(postgresqlPod()), "admitted");
      assert.equal(await inTenant(mongodbPod({ ...database, init: database.container })), "admitted");
      assert.equal(await inTenant(redisPod(database)), "admitted");
    });

    for (const [what, make] of [
      ["Go, instrumented by a privileged sidecar", goInstrumentedPod],
      ["MongoDB with the operator's own defaults", () => mongodbPod({})],
      ["MongoDB whose init container has them", () => mongodbPod({ ...database, init: { runAsUser: 1001 } })],
      ["Redis with the operator's own defaults", () => redisPod({})],
      [
        "a component that says nothing",
        () => ({ ...tenantPod(), spec: { containers: [{ name: "api", image: "a:1" }] } }),
      ],
    ] as const)
      it(`are refused: ${what}`, async () => assert.match(await inTenant(make()), /violates PodSecurity "restricted/));
  });
});

/** What the program makes of builds, namespaces first. */
function builds(graph: Graph): object[] {
  const own = graph.resources.filter(({ type, name, inputs }) => {
    const { name: physical, namespace } = object(inputs.metadata ?? {});
    return APPLIED.test(type) && (name.startsWith("control.builds") || [physical, namespace].includes(BUILDS));
  });
  return own
    .map(({ inputs }) => inputs)
    .sort((a, b) => Number(b.kind === "Namespace") - Number(a.kind === "Namespace"));
}

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { BuildHandOver, TenantWorkflows } from "../../components/planes/builds";
import { runProgram } from "../support/program";
import { BareCluster } from "./support/bare-cluster";
import { kubectl } from "./support/kubectl";
import { step, until } from "./support/steps";

const BUILDS = "choreo-builds";
const ACCOUNT = "system:serviceaccount:workflows-tenant-shop";
const APPLIED = /:(Namespace|Role|RoleBinding|ValidatingAdmissionPolicy(Binding)?)$/;

/** Argo's kind, of which admission policies look at any field. */
const WORKFLOWS = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "workflows.argoproj.io" },
  spec: {
    group: "argoproj.io",
    scope: "Namespaced",
    names: { kind: "Workflow", listKind: "WorkflowList", plural: "workflows", singular: "workflow" },
    versions: [
      {
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

const OWN = "https://git.choreo.test/shop/api";
const DEPLOY = "https://git.choreo.test/platform/deploy";

/** What a workflow of tenant shop may say. */
const GOOD = {
  component: "shop.store.api",
  repository: `${OWN}.git`,
  revision: "main",
  path: ".",
  build: "dockerfile",
  image: "registry.test/team/shop/store/api",
  "deploy-repository": DEPLOY,
  "deploy-path": "tenants/shop/store/api/release/workload.yaml",
  "deploy-key": ".spec.container.image",
};

describe("builds that a tenant's workflow hands over", () => {
  let cluster: BareCluster;
  before(async () => {
    const { graph } = await runProgram(async () => {
      const provider = new kubernetes.Provider("control", { kubeconfig: "{}" });
      const tenants = {
        shop: { sources: [OWN], deploy: { repository: DEPLOY, path: "tenants/shop" } },
        bank: {
          sources: ["https://git.choreo.test/bank/ledger"],
          deploy: { repository: DEPLOY, path: "tenants/bank" },
        },
      };
      const opts = { providers: [provider] };
      const handOver = new BuildHandOver("hand-over", { registry: "registry.test/team", after: [] }, opts);
      for (const [tenant, git] of Object.entries(tenants)) {
        const args = { tenant, git, gitHosts: ["git.choreo.test"], after: [handOver] };
        new TenantWorkflows(`workflows-${tenant}`, args, opts);
      }
      return {};
    });
    cluster = await BareCluster.start();
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: BUILDS } };
    const made = graph.resources.filter(({ type }) => APPLIED.test(type)).map(({ inputs }) => inputs);
    const order = (object: { kind?: unknown }) => (object.kind === "Namespace" ? 0 : 1);
    const objects = [WORKFLOWS, namespace, ...made].sort((a, b) => order(a) - order(b));
    const { ok, output } = await step("what the program makes of a hand-over", () =>
      kubectl(
        cluster.kubeconfig,
        "apply",
        "--server-side",
        "-f",
        file("objects", { kind: "List", apiVersion: "v1", items: objects }),
      ),
    );
    assert.ok(ok, output);
    await until("the policy of hand-overs", 30, async () => /plain/.test(await handOver({ revision: "a;b" })));
  });
  after(() => cluster?.stop());

  function file(name: string, content: object): string {
    const path = join(cluster.folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  /** Hands a build over as a pod of the tenant's workflow does; what the API server says. */
  async function handOver(more: Readonly<Record<string, string>>, account = ACCOUNT): Promise<string> {
    const parameters = Object.entries({ ...GOOD, ...more }).map(([name, value]) => ({ name, value }));
    const workflow = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { generateName: "build-", namespace: BUILDS },
      spec: { workflowTemplateRef: { name: "choreo-build-deploy" }, arguments: { parameters } },
    };
    const group = account.replace("serviceaccount:", "serviceaccounts:");
    const as = ["--as", `${account}:workflow-sa`, "--as-group", group, "--as-group", "system:authenticated"];
    const args = ["create", "--dry-run=server", "-f", file("workflow", workflow), ...as];
    return (await kubectl(cluster.kubeconfig, ...args)).output;
  }

  it("are admitted: the tenant's own, and sources of hosts that nobody has a login for", async () => {
    assert.match(await handOver({}), /created/);
    assert.match(await handOver({ repository: OWN }), /created/);
    assert.match(await handOver({ repository: "https://github.test/anyone/public" }), /created/);
    assert.match(await handOver({ "deploy-repository": "", "deploy-path": "tenants/shop/x" }), /created/);
  });

  const source = /a source or the repository that the tenant's file names/;
  const refused: readonly (readonly [what: string, more: Readonly<Record<string, string>>, why: RegExp])[] = [
    ["another tenant's source", { repository: "https://git.choreo.test/bank/ledger" }, source],
    ["the same by a host in capitals", { repository: "https://GIT.choreo.test/bank/ledger" }, source],
    ["the same by the port that Git knows", { repository: "https://git.choreo.test:443/bank/ledger" }, source],
    ["the same with a user", { repository: "https://x@git.choreo.test/bank/ledger" }, source],
    ["a source that is no HTTPS URL", { repository: "git.choreo.test/bank/ledger" }, source],
    [
      "another repository to write",
      { "deploy-repository": "https://git.choreo.test/bank/ledger" },
      /an image is written into/,
    ],
    [
      "another tenant's folder",
      { "deploy-path": "tenants/bank/store/api/workload.yaml" },
      /below the tenant's own folder/,
    ],
    [
      "a folder whose name begins with the tenant's",
      { "deploy-path": "tenants/shop2/workload.yaml" },
      /below the tenant's own folder/,
    ],
    ["another tenant's image", { image: "registry.test/team/bank/store/api" }, /own part of the registry/],
    ["another tenant's component", { component: "bank.store.api" }, /a component of the tenant/],
    ["a value that a shell would read", { revision: "$(id)" }, /plain/],
  ];
  for (const [what, more, why] of refused)
    it(`are refused: ${what}`, async () => assert.match(await handOver(more), why));

  it("are not for those who have no workflow here", async () => {
    assert.match(
      await handOver({}, "system:serviceaccount:workflows-tenant-other"),
      /cannot create resource "workflows"/,
    );
  });
});

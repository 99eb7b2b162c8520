import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { assertCode } from "./support/cli";
import { get, kubectl } from "./support/kubectl";
import { Project, SOLO } from "./support/project";
import { difference, readState, type State } from "./support/state";
import { step } from "./support/steps";

const STACK = "waves";
const MESSAGE = "the test lets no canary into this cluster";

/** Three clusters that change one after the other. */
function settings() {
  const { config } = SOLO;
  const platform = config["openchoreo:platform"];
  const cluster = (name: string, wave: number, planes: readonly string[]) => ({
    planes,
    wave,
    provider: {
      kind: "existing",
      kubeconfig: { context: `kind-${name}` },
      apiServer: `${name}-control-plane:6443`,
    },
    network: { meshId: wave + 1, meshAddress: `172.18.255.${wave + 1}` },
  });
  const clusters = {
    first: cluster("first", 0, ["control", "workflow", "observability"]),
    early: cluster("early", 1, ["data"]),
    late: cluster("late", 2, ["data"]),
  };
  return { config: { ...config, "openchoreo:platform": { ...platform, clusters } } };
}

/** A chart of the project's own, of one Deployment. */
function writeChart(root: string): void {
  const templates = join(root, "charts", "canary", "templates");
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(templates, "..", "Chart.yaml"), stringify({ apiVersion: "v2", name: "canary", version: "1.0.0" }));
  const labels = { app: "canary" };
  const container = {
    name: "canary",
    image: "stand-in.invalid/canary:1",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const pod = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "canary" },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  };
  writeFileSync(join(templates, "deployment.yaml"), stringify(deployment));
}

/** Lets the API server refuse the chart's Deployment: real admission, which no other cluster has. */
const REFUSAL = [
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "no-canary" },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] },
        ],
      },
      validations: [{ expression: "object.metadata.name != 'canary'", message: MESSAGE }],
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "no-canary" },
    spec: { policyName: "no-canary", validationActions: ["Deny"] },
  },
];

const CANARY = "platform.extensions.canary={chart: {path: charts/canary}, namespace: canary, planes: [control, data]}";

describe("a wave whose release fails", () => {
  let project: Project;
  let state: State;
  const kubeconfig = (cluster: string) => join(project.folders(STACK).kubeconfigs, `${cluster}.yaml`);

  before(async () => {
    project = new Project({ [STACK]: settings() });
    writeChart(project.root);
    await step("up of three waves", async () => assertCode(await project.rehearse([STACK]), 0));
    state = readState(project.folders(STACK), STACK);
    const file = join(project.root, "refusal.yaml");
    writeFileSync(file, REFUSAL.map((object) => stringify(object)).join("---\n"));
    const applied = await kubectl(kubeconfig("early"), "apply", "-f", file);
    assert.ok(applied.ok, applied.output);
    await step("up with a canary that the second wave refuses", async () =>
      assertCode(await project.rehearse([STACK, "--keep", "--set", CANARY]), 1),
    );
  });
  after(async () => {
    await project?.rehearse([STACK, "--destroy"]);
    project?.remove();
  });

  it("is named, with what the cluster said", () => {
    const problems = project.report(STACK).problems.join("\n");
    assert.match(problems, /early\.canary/);
    assert.match(problems, new RegExp(MESSAGE));
  });

  it("comes after the wave before it, whose release is deployed", async () => {
    assert.ok(await get(kubeconfig("first"), "deployment", "canary", "canary"));
    assert.equal(await get(kubeconfig("early"), "deployment", "canary", "canary"), undefined);
  });

  it("keeps the later wave as it was: nothing is made, changed or taken there", async () => {
    assert.equal(await get(kubeconfig("late"), "namespace", "canary"), undefined);
    // A component is an entry in the state, and nothing in a cluster.
    const real = (one: State) => new Map([...one].filter(([, { custom }]) => custom));
    const changes = difference(real(state), real(readState(project.folders(STACK), STACK)));
    const touched = Object.values(changes).flat();
    assert.ok(
      touched.some((name) => /^first\.canary/.test(name)),
      touched.join(),
    );
    assert.deepEqual(
      touched.filter((name) => /^late(\.|$)/.test(name)),
      [],
    );
  });
});

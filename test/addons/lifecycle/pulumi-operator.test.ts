import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WORKSPACE_IMAGE } from "../../../components/addons/lifecycle/pulumi-operator/settings";
import { addonOf, identitiesOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import {
  type Edits,
  edit,
  type Json,
  ON_EKS,
  PRODUCTION,
  PULUMI_OPERATOR,
  refuses,
  switchOn,
} from "../../support/settings";
import { object, ROOT } from "../../support/stack";

const addon = addonOf("pulumi-kubernetes-operator");
const ON: Edits = { ...switchOn(addon.name), "platform.pulumiOperator": PULUMI_OPERATOR, tenants: {} };
const STACK = "kubernetes:pulumi.com/v1:Stack";

const operatorWith = (edits: Edits): Json => edit(PULUMI_OPERATOR, edits);

describe("the Pulumi Kubernetes Operator", () => {
  it("is off until it is asked for", async () => {
    const { graph } = await runFleet({ "platform.pulumiOperator": {}, tenants: {} });
    assert.deepEqual(
      graph.resources.filter(({ name }) => name.includes(addon.name)),
      [],
    );
  });

  it("runs on the control cluster alone", async () => {
    const { graph } = await runFleet({ ...ON, shard: { count: 3 } });
    const releases = graph.ofType("kubernetes:helm.sh/v3:Release").map(({ name }) => name);
    assert.deepEqual(
      releases.filter((name) => name.endsWith(`.${addon.name}`)),
      [`control.${addon.name}`],
    );
  });

  it("has a Stack for each shard, with the configuration that the driver gives the same shard", async () => {
    const shard = { count: 2, pins: { shop: 1 } };
    // The example tenants have databases of every engine.
    const operators = switchOn("plugin-barman-cloud", "psmdb-operator", "redis-operator", "external-secrets");
    const { graph } = await runFleet({ ...operators, ...ON, tenants: { from: "tenants/dev" }, shard });
    const specs = graph.ofType(STACK).map(({ inputs }) => object(inputs.spec));
    assert.deepEqual(
      specs.map(({ stack }) => stack),
      ["acme/openchoreo/test-tenants-0", "acme/openchoreo/test-tenants-1"],
    );
    assert.deepEqual(specs[1]?.config, {
      "pulumi:disable-default-providers": ["kubernetes", "aws"],
      "openchoreo:platformStack": "acme/openchoreo/test",
      "openchoreo:tenants": { from: "tenants/dev" },
      "openchoreo:shard": { count: 2, index: 1, pins: { shop: 1 } },
    });
    const { backend, secretsProvider, projectRepo, branch, serviceAccountName, destroyOnFinalize } = specs[0] ?? {};
    assert.deepEqual(
      { backend, secretsProvider, projectRepo, branch, serviceAccountName, destroyOnFinalize },
      {
        backend: "s3://test-state?region=eu-west-1",
        secretsProvider: "awskms://alias/test-secrets?region=eu-west-1",
        projectRepo: "https://git.choreo.test/platform",
        branch: "main",
        serviceAccountName: "tenant-shards",
        destroyOnFinalize: false,
      },
    );
  });

  it("comes before its Stacks, and they after its kinds", async () => {
    const { graph } = await runFleet({ ...ON, shard: { count: 1 } });
    const [stack] = graph.ofType(STACK);
    assert.ok(stack);
    assert.ok(stack.dependencies.includes(`kubernetes:helm.sh/v3:Release control.${addon.name}`));
    assert.equal(stack.provider, "control");
  });

  it("has no Stack where tenants are not in shards", async () => {
    const { graph } = await runFleet(ON);
    assert.deepEqual(graph.ofType(STACK), []);
  });

  it("gives workspaces an account by a Secret that holds it encrypted, outside AWS", async () => {
    const { graph } = await runFleet({ ...ON, shard: { count: 1 } });
    const { envRefs, workspaceTemplate } = object(graph.ofType(STACK)[0]?.inputs.spec);
    const from = (key: string) => ({ type: "Secret", secret: { name: "tenant-shards-aws", key } });
    assert.deepEqual(envRefs, {
      AWS_ACCESS_KEY_ID: from("accessKeyId"),
      AWS_SECRET_ACCESS_KEY: from("secretAccessKey"),
    });
    const { stringData } = graph.get(`control.${addon.name}-aws`, "kubernetes:core/v1:Secret").inputs;
    assert.deepEqual(Object.keys(object(stringData)), ["secret"], "in plain text");
    assert.equal(object(object(workspaceTemplate).spec).securityProfile, "restricted");
  });

  it("gives them the role that `up` runs as on EKS, and no account", async () => {
    const role = "arn:aws:iam::111122223333:role/deployer";
    const edits = { ...ON, ...ON_EKS, "platform.pulumiOperator": operatorWith({ credentials: undefined, role }) };
    const { graph } = await runFleet({ ...edits, shard: { count: 1 } });
    const spec = object(graph.ofType(STACK)[0]?.inputs.spec);
    assert.equal(spec.envRefs, undefined);
    const { data } = graph.get(`control.${addon.name}-aws`, "kubernetes:core/v1:ConfigMap").inputs;
    assert.match(String(object(data).config), new RegExp(`^role_arn = ${role}$`, "m"));
    const [identity] = await identitiesOn("control", addon, edits);
    assert.deepEqual(identity?.statements, [{ actions: ["sts:AssumeRole", "sts:TagSession"], resources: [role] }]);
    assert.equal(identity?.serviceAccount, spec.serviceAccountName);
  });

  it("runs the program with the CLI of the SDK's own version", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    assert.equal(WORKSPACE_IMAGE, `docker.io/pulumi/pulumi:${manifest.dependencies["@pulumi/pulumi"]}-nonroot`);
  });

  it("is replicated in production", async () => {
    assert.equal((await valuesOn("control", addon, ON)).replicaCount, 1);
    assert.equal((await valuesOn("control", addon, { ...ON, ...PRODUCTION })).replicaCount, 2);
  });

  const path = "platform.pulumiOperator";
  refuses([
    [
      "one without program, state and key",
      { [path]: { enabled: true, credentials: "states" } },
      ...["program", "state", "secretsProvider"].map(
        (key) => `${path}.${key}: required where the operator is switched on`,
      ),
    ],
    [
      "a branch and a commit",
      { [path]: operatorWith({ "program.branch": "main", "program.commit": "a".repeat(40) }) },
      `${path}.program.commit: give a branch or a commit, not both`,
    ],
    [
      "no account outside AWS",
      { [path]: operatorWith({ credentials: undefined }) },
      `${path}.credentials: required: key of a secret with an account that reaches the states`,
    ],
    [
      "a role outside AWS",
      { [path]: operatorWith({ role: "arn:aws:iam::111122223333:role/deployer" }) },
      `${path}.role: only on EKS, where pods have an identity; give \`credentials\``,
    ],
    [
      "an account on EKS",
      { ...ON_EKS, [path]: PULUMI_OPERATOR },
      `${path}.credentials: not on EKS, where pods have an identity; give \`role\``,
    ],
    [
      "no role on EKS",
      { ...ON_EKS, [path]: operatorWith({ credentials: undefined }) },
      `${path}.role: required: the ARN of the role that \`up\` runs as; the operator takes it`,
    ],
    [
      "an index beside the platform",
      { shard: { count: 2, index: 1 } },
      "shard.index: stands in the stack of a shard; the platform's own stack has the count alone",
    ],
    [
      "a pin of nobody",
      { shard: { count: 2, pins: { news: 1 } } },
      'shard.pins.news: there is no tenant "news"; remove the line',
    ],
  ]);
});

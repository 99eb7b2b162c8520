import assert from "node:assert/strict";
import openchoreo from "../../index";
import { policies } from "../clusters/eks/support";
import { ACCOUNT } from "../support/aws";
import type { Run } from "../support/program";
import { tryProgram } from "../support/program";
import type { Edits, Json } from "../support/settings";
import { edit } from "../support/settings";
import { object, stackConfig } from "../support/stack";

const WRITER = `arn:aws:iam::${ACCOUNT}:role/openchoreo-deployer`;
const READER = `arn:aws:iam::${ACCOUNT}:role/openchoreo-previewer`;

/** Runs the bootstrap stack of this repository after `edits` to its settings, which begin with `bootstrap`. */
function run(edits: Edits = {}, more: Json = {}): Promise<Run> {
  const config = stackConfig("bootstrap");
  const { bootstrap } = edit({ bootstrap: object(config["openchoreo:bootstrap"]) }, edits);
  return tryProgram(() => openchoreo(), {
    stack: "bootstrap",
    config: { ...config, "openchoreo:bootstrap": bootstrap, ...more },
  });
}

describe("the bootstrap stack", () => {
  let done: Run;
  before(async () => {
    done = await run();
    assert.deepEqual(done.errors, []);
  });

  it("says where states are, how secrets are encrypted, and what clusters' networks are peered with", () => {
    assert.deepEqual(done.outputs, {
      backend: `s3://bootstrap-state-${ACCOUNT}?region=us-east-1&awssdk=v2`,
      secretsProvider: "awskms://alias/bootstrap-secrets?region=us-east-1",
      runner: {
        region: "us-east-1",
        vpcId: "bootstrap.runner-id",
        cidr: "172.16.0.0/24",
        routeTableIds: ["use1-az1", "use1-az2", "use1-az4"].map((zone) => `bootstrap.runner-private-${zone}-routes-id`),
      },
      runnerPlacement: {
        subnetIds: ["use1-az1", "use1-az2", "use1-az4"].map((zone) => `bootstrap.runner-private-${zone}-id`),
        securityGroupId: "bootstrap.runner-runners-id",
      },
    });
  });

  it("keeps states in an encrypted, versioned bucket, and neither loses it nor its keys", () => {
    const { graph } = done;
    assert.deepEqual(graph.get("bootstrap.state-versioning").inputs.versioningConfiguration, { status: "Enabled" });
    assert.deepEqual(graph.get("bootstrap.state-encryption").inputs.rules, [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:kms:::bootstrap.state-key",
        },
        bucketKeyEnabled: true,
      },
    ]);
    const kept = graph.resources.filter((one) => one.protect).map(({ name }) => name);
    assert.deepEqual(kept.sort(), ["bootstrap.state", "bootstrap.state-key", "bootstrap.state-secrets"]);
  });

  it("admits those whom settings name to states, and refuses everyone else", () => {
    const own = policies(done.graph).filter(([owner]) => owner === "bootstrap.state-policy");
    const said = own.map(([, { Effect, Principal, Action, Condition }]) => [Effect, Principal?.AWS, Action, Condition]);
    const [read, write, list] = [
      ["s3:GetObject", "s3:GetObjectVersion"],
      ["s3:PutObject", "s3:DeleteObject"],
      ["s3:ListBucket", "s3:ListBucketVersions"],
    ];
    assert.deepEqual(said, [
      ["Deny", "*", ["s3:*"], { Bool: { "aws:SecureTransport": "false" } }],
      ["Allow", [WRITER, READER], list, undefined],
      ["Allow", [WRITER, READER], read, undefined],
      ["Allow", [WRITER], write, undefined],
      ["Deny", "*", [...read, ...write, ...list], { ArnNotEquals: { "aws:PrincipalArn": [WRITER, READER] } }],
      ["Deny", "*", ["s3:DeleteObjectVersion"], undefined],
      ["Deny", "*", write, { ArnNotEquals: { "aws:PrincipalArn": [WRITER] } }],
    ]);
  });

  it("lets nobody else decrypt secrets, and the account manage the key", () => {
    for (const key of ["bootstrap.state-secrets", "bootstrap.state-key"]) {
      const uses = policies(done.graph)
        .filter(([owner, { Action }]) => owner === key && [Action].flat().includes("kms:Decrypt"))
        .map(([, { Principal }]) => Principal?.AWS);
      assert.deepEqual(uses, [[WRITER, READER]], key);
      const grants = policies(done.graph)
        .filter(([owner, { Action }]) => owner === key && [Action].flat().includes("kms:CreateGrant"))
        .map(([, { Principal }]) => Principal?.AWS);
      assert.deepEqual(grants, [], `${key}: a grant gives use of it past its policy`);
    }
  });

  it("admits nothing to the runner's network, and lets it out to HTTPS", () => {
    const { graph } = done;
    assert.deepEqual(graph.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
    const rules = graph.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
    assert.deepEqual(
      rules.map(({ inputs: { fromPort, toPort } }) => [fromPort, toPort]),
      [[443, 443]],
    );
  });

  it("makes everything in its region by a provider of its own, with tags", () => {
    const made = done.graph.resources.filter(({ type }) => type.startsWith("aws:"));
    assert.ok(made.length > 30);
    for (const { provider, name } of made) assert.equal(provider, "bootstrap.aws", name);
    const { inputs } = done.graph.get("bootstrap.aws");
    assert.deepEqual(JSON.parse(String(inputs.defaultTags)), {
      tags: { stack: "bootstrap", cluster: "fleet", owner: "platform", "cost-center": "cc-1000" },
    });
  });

  it("makes no network where there is one", async () => {
    const { graph, outputs, errors } = await run({ "bootstrap.runner": undefined });
    assert.deepEqual(errors, []);
    assert.deepEqual(graph.ofType("aws:ec2/vpc:Vpc"), []);
    assert.deepEqual(Object.keys(outputs), ["backend", "secretsProvider"]);
  });
});

describe("settings: the bootstrap stack", () => {
  const bad: readonly (readonly [title: string, edits: Edits, problem: string, more?: Json])[] = [
    [
      "nobody who writes",
      { "bootstrap.state.writers": [] },
      "bootstrap.state.writers: name who runs `pulumi up`; nobody else reaches the state",
    ],
    [
      "an unknown region",
      { "bootstrap.region": "us-east-9" },
      'bootstrap.region: no AWS region; it is such as "us-east-1" (a region newer than this program goes into components/settings/aws-regions.ts)',
    ],
    [
      "a network that is too small",
      { "bootstrap.runner.cidr": "172.16.0.0/26" },
      "bootstrap.runner.cidr: a network with its subnets is /16 to /24",
    ],
    [
      "those who read in another partition of AWS",
      { "bootstrap.state.readers": [READER, READER.replace("arn:aws:", "arn:aws-us-gov:")] },
      `bootstrap.state.readers[1]: ${READER.replace("arn:aws:", "arn:aws-us-gov:")} is in another partition of AWS than us-east-1; a stack is in one of them`,
    ],
    [
      "an unknown key",
      { "bootstrap.bucket": "a" },
      "bootstrap.bucket: unknown key; remove it, or check its spelling in docs/settings.schema.json",
    ],
    [
      "a platform beside it",
      {},
      "platform: stands beside bootstrap; state and the runner's network are a stack of their own, which is there before",
      { "openchoreo:platform": {} },
    ],
  ];
  for (const [title, edits, problem, more] of bad) {
    it(title, async () => {
      const { errors, graph } = await run(edits, more);
      assert.deepEqual(
        errors.map(({ message }) => message),
        [`1 problem in the settings; nothing was created:\n  ${problem}`],
      );
      assert.deepEqual(graph.resources, []);
    });
  }
});

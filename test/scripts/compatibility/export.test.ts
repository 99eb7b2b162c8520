import assert from "node:assert/strict";
import { exportedResources } from "../../../scripts/compatibility/export";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ENCRYPTED = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:c2VjcmV0" };
const URN = "urn:pulumi:acme-prod::openchoreo::";
const STACK = `${URN}pulumi:pulumi:Stack::openchoreo-acme-prod`;
const CLUSTER = `${URN}openchoreo:clusters:EksCluster::east.eks`;
const AWS = `${URN}pulumi:providers:aws::east`;
const ROLE = `${URN}openchoreo:clusters:EksCluster$aws:iam/role:Role::east.role`;

/** What `pulumi stack export` writes, in the order in which things were made. */
function exported(...resources: readonly object[]): string {
  const stack = { urn: STACK, type: "pulumi:pulumi:Stack", custom: false };
  const provider = {
    urn: AWS,
    type: "pulumi:providers:aws",
    custom: true,
    inputs: { region: "eu-west-1" },
    parent: STACK,
  };
  const cluster = { urn: CLUSTER, type: "openchoreo:clusters:EksCluster", custom: false, parent: STACK };
  return JSON.stringify({ version: 3, deployment: { resources: [stack, provider, cluster, ...resources] } });
}

/** A child of the cluster. */
function child(type: string, name: string, more: object): object {
  return {
    urn: `${URN}openchoreo:clusters:EksCluster$${type}::${name}`,
    type,
    custom: true,
    parent: CLUSTER,
    provider: `${AWS}::1`,
    ...more,
  };
}

const last = (text: string) => exportedResources(text).at(-1) ?? assert.fail();

describe("the export of a stack", () => {
  it("is read without the stack's own name, its stack, and what is about to be deleted", () => {
    const found = exportedResources(exported(child("aws:kms/key:Key", "east.old", { delete: true })));
    assert.deepEqual(found, [
      {
        id: "openchoreo:clusters:EksCluster::east.eks",
        type: "openchoreo:clusters:EksCluster",
        name: "east.eks",
        protect: false,
        retain: false,
        fixed: {},
        sources: {},
      },
      {
        id: "pulumi:providers:aws::east",
        type: "pulumi:providers:aws",
        name: "east",
        protect: false,
        retain: false,
        fixed: { region: "eu-west-1" },
        sources: {},
      },
    ]);
  });

  it("gives what cannot change of what is worth something, and what it comes from", () => {
    const cluster = child("aws:eks/cluster:Cluster", "east", {
      protect: true,
      inputs: { name: "prod-east", tags: { owner: "x" }, roleArn: "arn:1" },
      propertyDependencies: { roleArn: [ROLE], tags: [] },
    });
    const { parent, provider, protect, fixed, sources } = last(exported(cluster));
    assert.deepEqual(
      [parent, provider, protect],
      ["openchoreo:clusters:EksCluster::east.eks", "pulumi:providers:aws::east", true],
    );
    assert.deepEqual(fixed, { name: "prod-east", roleArn: "arn:1" });
    assert.deepEqual(sources, { roleArn: ["openchoreo:clusters:EksCluster$aws:iam/role:Role::east.role"] });
  });

  it("leaves out names that providers made up, as no program says them", () => {
    const bucket = child("aws:s3/bucket:Bucket", "east.logs", {
      inputs: { __defaults: ["bucket"], bucket: "logs-1a2b" },
    });
    assert.deepEqual(last(exported(bucket)).fixed, {});
    const metadata = (annotations: object) => ({ inputs: { metadata: { name: "data-1a2b", annotations } } });
    const namespace = (annotations: object) =>
      child("kubernetes:core/v1:Namespace", "east.data", metadata(annotations));
    assert.deepEqual(last(exported(namespace({ "pulumi.com/autonamed": "true" }))).fixed, {});
    assert.deepEqual(last(exported(namespace({}))).fixed, { "metadata.name": "data-1a2b" });
  });

  it("shows no secret", () => {
    const password = child("random:index/randomPassword:RandomPassword", "one", {
      inputs: { length: 32, keepers: ENCRYPTED },
    });
    assert.deepEqual(last(exported(password)).fixed, { keepers: "(secret)", length: 32 });
  });

  it("knows no provider of the engine's own: its name has the provider's version in it", () => {
    const own = `${URN}pulumi:providers:random::default_4_18_4`;
    const text = exported(
      { urn: own, type: "pulumi:providers:random", custom: true, parent: STACK },
      child("random:index/randomPassword:RandomPassword", "one", { provider: `${own}::1`, inputs: { length: 32 } }),
    );
    const { provider, name } = last(text);
    assert.deepEqual([name, provider], ["one", undefined]);
    assert.equal(exportedResources(text).length, 3);
  });

  for (const text of ["{}", '{"deployment":{"resources":[]}}'])
    it(`is refused where it is ${text}`, () => assert.throws(() => exportedResources(text), /is no export of a stack/));
});

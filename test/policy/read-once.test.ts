import assert from "node:assert/strict";
import type { ResourceValidation } from "@pulumi/policy";
import { readOnce } from "../../policy/lib/read-once";

const { AnalyzeRequest, AnalyzerResourceOptions } = require("@pulumi/pulumi/proto/analyzer_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const { makeAnalyzeRpcFun } = require("@pulumi/policy/server");

/** What policies are given of a resource, and how often its properties are read for them. */
async function analyze(inputs: object, count: number): Promise<{ readonly seen: unknown[]; readonly reads: number }> {
  const seen: unknown[] = [];
  const validateResource: ResourceValidation = ({ props }) => void seen.push(props.spec.replicas);
  const policies = Array.from({ length: count }, (_, index) => ({
    name: `rule-${index}`,
    description: "",
    enforcementLevel: "advisory",
    validateResource,
  }));
  const properties = Struct.fromJavaScript(inputs);
  let reads = 0;
  const { getFieldsMap } = properties;
  properties.getFieldsMap = () => {
    reads++;
    return getFieldsMap.call(properties);
  };
  const request = new AnalyzeRequest();
  request.setType("kubernetes:apps/v1:Deployment");
  request.setUrn("urn:pulumi:dev::p::kubernetes:apps/v1:Deployment::web");
  request.setName("web");
  request.setOptions(new AnalyzerResourceOptions());
  request.getProperties = () => properties;
  const server = makeAnalyzeRpcFun("pack", "1.0.0", "advisory", policies);
  await new Promise<void>((done, fail) => {
    server({ request }, (error: unknown) => (error ? fail(error) : done()));
  });
  return { seen, reads };
}

describe("what Pulumi reads of a resource for a policy pack", () => {
  before(readOnce);

  it("is read once for all policies, and is the same for each", async () => {
    const { seen, reads } = await analyze({ spec: { replicas: 2 } }, 50);
    assert.deepEqual(new Set(seen), new Set([2]));
    assert.equal(seen.length, 50);
    assert.equal(reads, 1);
  });

  it("is read anew for another resource", async () => {
    const [first, second] = [await analyze({ spec: { replicas: 2 } }, 3), await analyze({ spec: { replicas: 3 } }, 3)];
    assert.deepEqual(
      [first.seen, second.seen],
      [
        [2, 2, 2],
        [3, 3, 3],
      ],
    );
  });

  it("is not wrapped twice", async () => {
    const sdk = require("@pulumi/policy/deserialize");
    const wrapped = sdk.deserializeProperties;
    readOnce();
    assert.equal(sdk.deserializeProperties, wrapped);
  });
});

import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { AddonTarget } from "../../../components/addons";
import { bucketFile, bucketStatements } from "../../../components/addons/metrics/metrics-bucket";
import { targetOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Json, STORE, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}

async function fileOf(target: AddonTarget): Promise<Json> {
  return object(parse(await resolved(bucketFile(target))));
}

describe("the bucket of metrics", () => {
  const account = { access_key: "(access key)", secret_key: "(secret key)" };

  it("is in the cluster's own server, without encryption inside the cluster", async () => {
    const { type, config, prefix } = await fileOf(targetOn("east"));
    assert.deepEqual({ type, prefix }, { type: "S3", prefix: undefined });
    assert.deepEqual(config, {
      bucket: "metrics",
      region: "us-east-1",
      endpoint: "seaweedfs-all-in-one.object-store.svc:8333",
      insecure: true,
      bucket_lookup_type: "path",
      access_key: "platform",
      secret_key: "(password east/s3)",
    });
  });

  it("is the one that settings name, and each cluster has its own part of it, so that none compacts another's", async () => {
    const store = { "platform.objectStore": { ...STORE, endpoint: "https://s3.test" } };
    const [east, west] = await Promise.all(["east", "west"].map((name) => fileOf(targetOn(name, store))));
    assert.deepEqual(east?.config, {
      bucket: "test-metrics",
      region: "eu-west-1",
      endpoint: "s3.test",
      insecure: false,
      bucket_lookup_type: "path",
      ...account,
    });
    assert.deepEqual([east?.prefix, west?.prefix], ["test/east", "test/west"]);
  });

  const regions = [
    ["eu-west-1", "s3.eu-west-1.amazonaws.com"],
    ["cn-north-1", "s3.cn-north-1.amazonaws.com.cn"],
  ] as const;
  for (const [region, endpoint] of regions) {
    it(`is at ${endpoint} in ${region}`, async () => {
      const { config } = await fileOf(targetOn("east", { "platform.objectStore": { ...STORE, region } }));
      assert.deepEqual(config, { bucket: "test-metrics", region, endpoint, ...account });
    });
  }

  it("is the cluster's own in AWS, by the pods' identity", async () => {
    const { config, prefix } = await fileOf(targetOn("east", {}, { aws: true }));
    assert.equal(prefix, undefined);
    assert.deepEqual(config, {
      bucket: "test-east-metrics",
      region: "eu-west-1",
      endpoint: "s3.eu-west-1.amazonaws.com",
      aws_sdk_auth: true,
    });
  });

  it("may be used by each part as far as it has to, and by none outside AWS", async () => {
    assert.deepEqual(bucketStatements(targetOn("east"), "clean"), []);
    const target = targetOn("east", {}, { aws: true });
    const actions = (access: "read" | "write" | "clean") =>
      bucketStatements(target, access).map((statement) => statement.actions);
    assert.deepEqual(actions("read"), [["s3:ListBucket"], ["s3:GetObject"], ["kms:Decrypt"]]);
    assert.deepEqual(actions("write"), [
      ["s3:ListBucket"],
      ["s3:GetObject", "s3:PutObject"],
      ["kms:Decrypt", "kms:GenerateDataKey"],
    ]);
    assert.deepEqual(actions("clean"), [
      ["s3:ListBucket"],
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      ["kms:Decrypt", "kms:GenerateDataKey"],
    ]);
    const resources = bucketStatements(target, "read").flatMap((statement) => statement.resources);
    assert.deepEqual(await Promise.all(resources.map((one) => resolved(one as pulumi.Output<string>))), [
      "arn:aws:s3:::test-east-metrics",
      "arn:aws:s3:::test-east-metrics/*",
      "arn:aws:kms:eu-west-1:123456789012:key/1",
    ]);
  });

  it("is a secret wherever it goes, and what pods are started anew by is none", async () => {
    const { graph } = await runFleet(switchOn("kube-prometheus-stack", "thanos", "thanos-global"));
    for (const name of ["kube-prometheus-stack", "thanos", "thanos-global"]) {
      const { stringData } = graph.get(`control.${name}-bucket`).inputs;
      assert.deepEqual(Object.keys(object(stringData)), ["secret"]);
      const values = JSON.stringify(graph.get(`control.${name}`, "kubernetes:helm.sh/v3:Release").inputs.values);
      assert.doesNotMatch(values, /\(result of/);
      assert.match(values, /"openchoreo\.dev\/start":"[0-9a-f]{16}"/);
    }
  });
});

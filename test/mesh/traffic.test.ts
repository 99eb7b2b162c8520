import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { recordAnnotations } from "../../components/mesh";
import { runFleet } from "../support/fleet";
import { type Edits, type Json, ON_EKS, refuses, switchOn } from "../support/settings";

const CHECK = "aws:route53/healthCheck:HealthCheck";
const TWO: Edits = { ...ON_EKS, ...switchOn("envoy-gateway"), "platform.clusters.west": undefined, tenants: {} };

describe("health checks of gateways", () => {
  const checks = async (edits: Edits = {}) => (await runFleet({ ...TWO, ...edits })).graph.ofType(CHECK);

  it("ask the gateway of each data plane whether it works, by the name that is its own", async () => {
    const found = await checks();
    assert.deepEqual(
      found.map(({ name, provider, inputs }) => [name, provider, inputs]),
      [
        [
          "east.gateway-health",
          "east.aws",
          {
            type: "HTTPS",
            fqdn: "east.gateway.choreo.test",
            port: 443,
            resourcePath: "/.well-known/choreo-gateway/health",
            enableSni: true,
            requestInterval: 10,
            failureThreshold: 3,
            measureLatency: true,
            tags: { Name: "east.gateway-health" },
          },
        ],
      ],
    );
  });

  const unreached: readonly (readonly [title: string, edits: Edits])[] = [
    ["within the network only", { "platform.envoyGateway.scheme": "internal" }],
    ["for some ranges only", { "platform.envoyGateway.sourceRanges": ["203.0.113.0/24"] }],
    ["nowhere", { "platform.envoyGateway.enabled": false }],
  ];
  for (const [title, edits] of unreached) {
    it(`ask no gateway that is ${title}`, async () => assert.deepEqual(await checks(edits), []));
  }
});

describe("the name that the gateways of all data planes share", () => {
  const THREE: Edits = { ...ON_EKS, ...switchOn("envoy-gateway", "external-dns"), tenants: {} };
  const graphAfter = async (edits: Edits = {}) => (await runFleet({ ...THREE, ...edits })).graph;
  const record = (cluster: string, weight: string): Json => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "choreo-gateway-shared",
      namespace: "envoy-gateway-system",
      annotations: {
        "external-dns.alpha.kubernetes.io/hostname": "gateway.choreo.test",
        "external-dns.alpha.kubernetes.io/ttl": "60",
        "external-dns.alpha.kubernetes.io/set-identifier": cluster,
        "external-dns.alpha.kubernetes.io/aws-weight": weight,
        "external-dns.alpha.kubernetes.io/aws-health-check-id": `${cluster}.gateway-health-id`,
      },
    },
    spec: { type: "ExternalName", externalName: `${cluster}.gateway.choreo.test` },
  });

  it("is published by each of them, by weight, as long as the gateway works", async () => {
    const graph = await graphAfter();
    const records = graph.resources.filter(({ name }) => name.endsWith(".gateway-record"));
    assert.deepEqual(
      records.map(({ name, provider, inputs }) => [name, provider, inputs]),
      ["east", "west"].map((cluster) => [`${cluster}.gateway-record`, cluster, record(cluster, "100")]),
    );
  });

  it("leads nowhere but elsewhere while a cluster is drained, and nothing else changes", async () => {
    const [before, after] = [await graphAfter(), await graphAfter({ "platform.clusters.east.drained": true })];
    assert.deepEqual(after.changesSince(before), { added: [], removed: [], changed: ["east.gateway-record"] });
    assert.deepEqual(after.get("east.gateway-record").inputs, record("east", "0"));
  });

  refuses([
    [
      "a drained cluster without the data plane",
      { ...THREE, "platform.clusters.control.drained": true },
      "platform.clusters.control.drained: clients are sent to clusters with the data plane only; remove this key",
    ],
    [
      "a drained cluster whose records nobody weighs",
      { "platform.clusters.east.drained": true },
      "platform.clusters.east.drained: no records of the cluster are given out by weight: that takes Route 53 (aws.zone, or externalDns.provider aws); remove this key, and change the names where they are served",
    ],
  ]);
});

describe("records of a route's host names", () => {
  const east = { name: "east", drained: false };
  const region = "eu-west-1";
  const own = (annotations: Json) =>
    Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [key.replace("external-dns.alpha.kubernetes.io/", ""), value]),
    );
  const cases: readonly (readonly [title: string, ...args: Parameters<typeof recordAnnotations>, expected: Json])[] = [
    ["by weight", east, { kind: "weighted" }, undefined, { "set-identifier": "east", "aws-weight": "100" }],
    [
      "by a weight of their own",
      east,
      { kind: "weighted", weight: 5 },
      undefined,
      { "set-identifier": "east", "aws-weight": "5" },
    ],
    [
      "by weight, drained",
      { ...east, drained: true },
      { kind: "weighted", weight: 5 },
      undefined,
      { "set-identifier": "east", "aws-weight": "0" },
    ],
    [
      "by distance",
      { ...east, region },
      { kind: "latency" },
      undefined,
      { "set-identifier": "east", "aws-region": "eu-west-1" },
    ],
    [
      "by distance, drained",
      { ...east, region, drained: true },
      { kind: "latency" },
      undefined,
      { controller: "none" },
    ],
    [
      "by distance, where that is not known",
      east,
      { kind: "latency" },
      undefined,
      { "set-identifier": "east", "aws-weight": "100" },
    ],
  ];
  for (const [title, cluster, policy, health, expected] of cases) {
    it(`are given out ${title}`, () => assert.deepEqual(own(recordAnnotations(cluster, policy, health)), expected));
  }

  it("are given out as long as the gateway works", () => {
    const health = pulumi.output("check-1");
    assert.equal(own(recordAnnotations(east, { kind: "weighted" }, health))["aws-health-check-id"], health);
  });
});

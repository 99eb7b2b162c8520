import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { recordAnnotations } from "../../components/mesh";
import { runFleet } from "../support/fleet";
import { type Edits, type Json, ON_EKS, switchOn } from "../support/settings";

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

import assert from "node:assert/strict";
import {
  type GlobalServiceArgs,
  globalService,
  globalServiceAnnotations,
  NOT_AWAITED,
  reaches,
} from "../../components/addons/global-service";
import { targetOn } from "../support/addons";
import { runProgram } from "../support/program";
import type { Edits, Json } from "../support/settings";

const SERVICE = "kubernetes:core/v1:Service";

async function made(args: GlobalServiceArgs): Promise<Json> {
  const { graph } = await runProgram(async () => {
    globalService("east.search-service", args, {});
    return {};
  });
  assert.deepEqual(graph.counts(), { [SERVICE]: 1 });
  return graph.get("east.search-service", SERVICE).inputs;
}

describe("globalService", () => {
  const common = { service: "search", namespace: "logging", ports: [{ name: "https", port: 9200 }] };

  it("selects the pods where they are, and shares them", async () => {
    assert.deepEqual(await made({ ...common, selector: { app: "search" } }), {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "search",
        namespace: "logging",
        annotations: { "service.cilium.io/global": "true", ...NOT_AWAITED },
      },
      spec: {
        type: "ClusterIP",
        selector: { app: "search" },
        ports: [{ name: "https", protocol: "TCP", port: 9200 }],
      },
    });
  });

  it("selects nothing elsewhere, and shares nothing", async () => {
    const annotations = { "service.cilium.io/global": "true", "service.cilium.io/shared": "false", ...NOT_AWAITED };
    assert.deepEqual(await made(common), {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "search", namespace: "logging", annotations },
      spec: { type: "ClusterIP", ports: [{ name: "https", protocol: "TCP", port: 9200 }] },
    });
  });

  it("has the pods' own port and the protocol where they are given", async () => {
    const port = { name: "grpc", port: 10901, targetPort: "grpc", appProtocol: "kubernetes.io/h2c" };
    const { spec } = await made({ ...common, ports: [port] });
    assert.deepEqual(spec, {
      type: "ClusterIP",
      ports: [{ name: "grpc", protocol: "TCP", port: 10901, targetPort: "grpc", appProtocol: "kubernetes.io/h2c" }],
    });
  });

  it("has the annotations of its side", () => {
    assert.deepEqual(globalServiceAnnotations("pods"), { "service.cilium.io/global": "true" });
    assert.deepEqual(globalServiceAnnotations("callers"), {
      "service.cilium.io/global": "true",
      "service.cilium.io/shared": "false",
    });
  });
});

describe("reaches", () => {
  const east = (edits: Edits = {}) => targetOn("east", edits).cluster;
  const west = targetOn("west").cluster;
  const outside = east({ "platform.clusters.east.network.mesh": false });

  it("is true between members of the mesh, and of a cluster with itself", () => {
    assert.equal(reaches(east(), west), true);
    assert.equal(reaches(outside, outside), true);
  });

  it("is false from and to a cluster outside the mesh", () => {
    assert.equal(reaches(outside, west), false);
    assert.equal(reaches(west, outside), false);
  });
});

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeployed, isRolledOut, liveProbe, type Workload } from "../../components/clusters";
import type { Json } from "../support/settings";
import { kubeconfigOf } from "../support/stack";

/** An object that a small API server answers with, or a status that is an error. */
type Answer = Json | number;

const WIDGETS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.choreo.test";
const GADGETS = WIDGETS.replace("widgets", "gadgets");
const CILIUM = "/apis/apps/v1/namespaces/kube-system/daemonsets/cilium";
const NAMESPACES = "/api/v1/namespaces?limit=1";
const OPERATOR = "/apis/apps/v1/namespaces/kube-system/deployments/operator";

const established = (status: string): Json => ({
  status: {
    conditions: [
      { type: "NamesAccepted", status: "True" },
      { type: "Established", status },
    ],
  },
});
const namespaces: Json = { kind: "NamespaceList", apiVersion: "v1", metadata: {}, items: [] };
const rolledOut = (numberAvailable: number): Json => ({
  metadata: { generation: 2 },
  status: { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable },
});
const deployed = (availableReplicas: number): Json => ({
  metadata: { generation: 1 },
  spec: { replicas: 2 },
  status: { observedGeneration: 1, updatedReplicas: 2, availableReplicas },
});

describe("liveProbe", () => {
  let server: Server;
  let port: number;
  /** By path, one answer after the other; the last one stays. */
  let answers: Readonly<Record<string, readonly Answer[]>> = {};
  let asked: string[] = [];
  before((done) => {
    server = createServer((request, response) => {
      const path = request.url ?? "";
      const given = answers[path] ?? [];
      const answer = given[asked.filter((one) => one === path).length] ?? given.at(-1) ?? 500;
      asked.push(path);
      response.writeHead(typeof answer === "number" ? answer : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1", () => {
      port = (server.address() as AddressInfo).port;
      done();
    });
  });
  after((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  beforeEach(() => {
    asked = [];
  });

  const kubeconfig = () => {
    const text = kubeconfigOf("local", `http://127.0.0.1:${port}`);
    // Without it the client refuses a server without TLS.
    return text.replace("server:", "insecure-skip-tls-verify: true\n      server:");
  };
  const kinds = (seconds: number, ...names: string[]) => liveProbe.established(kubeconfig(), names, seconds);
  const workloads = (seconds: number) => {
    const both: Workload[] = [
      { kind: "DaemonSet", namespace: "kube-system", name: "cilium" },
      { kind: "Deployment", namespace: "kube-system", name: "operator" },
    ];
    return liveProbe.ready(kubeconfig(), both, seconds);
  };

  it("reaches a server that listens", async () => {
    assert.equal(await liveProbe.unreachable({ host: "127.0.0.1", port }), undefined);
  });

  it("says why a server cannot be reached", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const closed = (other.address() as AddressInfo).port;
    await new Promise((resolve) => other.close(resolve));
    assert.equal(await liveProbe.unreachable({ host: "127.0.0.1", port: closed }), "ECONNREFUSED");
  });

  it("is content with kinds that are established, asked for once", async () => {
    answers = { [WIDGETS]: [established("True")], [GADGETS]: [established("True")] };
    await kinds(5, "widgets.choreo.test", "gadgets.choreo.test");
    assert.deepEqual(asked.sort(), [GADGETS, WIDGETS]);
  });

  it("waits for a kind that is not there yet, and then not established yet, and asks for it alone", async () => {
    answers = { [WIDGETS]: [404, established("False"), established("True")], [GADGETS]: [established("True")] };
    await kinds(20, "widgets.choreo.test", "gadgets.choreo.test");
    assert.equal(asked.filter((path) => path === WIDGETS).length, 3);
    assert.equal(asked.filter((path) => path === GADGETS).length, 1);
  });

  it("names the kinds that are missing when the time is over", async () => {
    answers = { [WIDGETS]: [404], [GADGETS]: [established("True")] };
    await assert.rejects(kinds(0, "widgets.choreo.test", "gadgets.choreo.test"), {
      message: "not established after 0 s: widgets.choreo.test",
    });
  });

  it("says what stood in the way, on one line", async () => {
    answers = { [WIDGETS]: [503] };
    await assert.rejects(kinds(0, "widgets.choreo.test"), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /^not established after 0 s: widgets\.choreo\.test \([^\n]*503[^\n]*\)$/);
      return true;
    });
  });

  for (const status of [401, 403]) {
    it(`does not wait where the credentials are refused (${status})`, async () => {
      answers = { [WIDGETS]: [status] };
      await assert.rejects(kinds(300, "widgets.choreo.test"), {
        message: `the API server refuses the kubeconfig's credentials (${status})`,
      });
    });
  }

  it("waits until credentials are admitted, by several API servers in a row", async () => {
    answers = { [NAMESPACES]: [401, namespaces, 403, namespaces] };
    await liveProbe.admitted(kubeconfig(), 60);
    assert.equal(asked.length, 6);
  });

  it("says how credentials are refused when the time is over", async () => {
    answers = { [NAMESPACES]: [401] };
    await assert.rejects(liveProbe.admitted(kubeconfig(), 0), /^Error: credentials are not admitted after 0 s: .*401/);
  });

  it("waits until workloads run", async () => {
    answers = { [CILIUM]: [404, rolledOut(1), rolledOut(2)], [OPERATOR]: [deployed(2)] };
    await workloads(20);
    assert.equal(asked.filter((path) => path === CILIUM).length, 3);
    assert.equal(asked.filter((path) => path === OPERATOR).length, 1);
  });

  it("names the workloads that do not run when the time is over", async () => {
    answers = { [CILIUM]: [rolledOut(2)], [OPERATOR]: [deployed(1)] };
    await assert.rejects(workloads(0), { message: "not ready after 0 s: Deployment kube-system/operator" });
  });
});

describe("isRolledOut", () => {
  const status = { observedGeneration: 3, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 };
  const cases: readonly (readonly [title: string, changes: object, ready: boolean])[] = [
    ["everywhere", {}, true],
    ["before its controller saw the newest form", { observedGeneration: 2 }, false],
    ["in an older form somewhere", { updatedNumberScheduled: 1 }, false],
    ["with a pod that is not available", { numberAvailable: 1 }, false],
    [
      "on no node, where there is none",
      { desiredNumberScheduled: 0, updatedNumberScheduled: 0, numberAvailable: 0 },
      true,
    ],
  ];
  for (const [title, changes, ready] of cases) {
    it(`is ${ready} of a DaemonSet ${title}`, () => {
      assert.equal(isRolledOut({ metadata: { generation: 3 }, status: { ...status, ...changes } }), ready);
    });
  }

  it("is false of one without a status", () => assert.equal(isRolledOut({ metadata: { generation: 1 } }), false));
});

describe("isDeployed", () => {
  const status = { observedGeneration: 1, updatedReplicas: 2, availableReplicas: 2 };
  const cases: readonly (readonly [title: string, changes: object, replicas: number | undefined, ready: boolean])[] = [
    ["with all its replicas", {}, 2, true],
    ["before its controller saw the newest form", { observedGeneration: 0 }, 2, false],
    ["with a replica of an older form", { updatedReplicas: 1 }, 2, false],
    ["with a replica that is not available", { availableReplicas: 1 }, 2, false],
    ["scaled to nothing", { updatedReplicas: 0, availableReplicas: 0 }, 0, true],
    ["of one replica, as it says no number", { updatedReplicas: 1, availableReplicas: 1 }, undefined, true],
    ["of no replica, though it says no number", { updatedReplicas: 0, availableReplicas: 0 }, undefined, false],
  ];
  for (const [title, changes, replicas, ready] of cases) {
    it(`is ${ready} of a Deployment ${title}`, () => {
      const deployment = { metadata: { generation: 1 }, spec: { replicas }, status: { ...status, ...changes } };
      assert.equal(isDeployed(deployment), ready);
    });
  }
});

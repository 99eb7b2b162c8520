import { deepEqual, doesNotMatch, rejects } from "node:assert/strict";
import { createServer } from "node:http";
import { asSecret, parseState } from "../../../recovery/state";
import { type Sources, troubleIn } from "../../../recovery/trouble/ask";
import type { AskedCluster } from "../../../recovery/trouble/events";
import { resource } from "../support/situations";
import { clusterIn, deployment, event } from "./support";

/** Something that a state holds and nobody may read. */
const SECRET = "s3cr3t-t0k3n";

const provider = (name: string, kubeconfig: unknown) =>
  resource("pulumi:providers:kubernetes", name, { inputs: kubeconfig === undefined ? {} : { kubeconfig } });

/** The state of a stack that failed while it came up: it has no outputs yet. */
const exporting = (...resources: readonly object[]): Sources["pulumi"] => ({
  export: async ({ plain }) => {
    deepEqual(plain, true, "kubeconfigs are secrets of the state");
    const text = JSON.stringify({ version: 3, deployment: { resources } });
    return { text, state: parseState(text) };
  },
});

/** A cluster whose API server answers in this way to everything. */
function answering(name: string, answer: () => Promise<never>): AskedCluster {
  return { ...clusterIn({ name }), core: { listEventForAllNamespaces: answer, listPodForAllNamespaces: answer } };
}

const failing = clusterIn({
  deployments: [deployment("web", 0)],
  events: [event("web-1", "BackOff", "Back-off pulling image")],
});

async function lines(
  resources: readonly object[],
  clusters: Readonly<Record<string, (kubeconfig: string) => AskedCluster>>,
  fresh: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  return troubleIn({
    pulumi: exporting(...resources),
    kubeconfigs: async () => new Map(Object.entries(fresh)),
    connect: (name, kubeconfig) => clusters[name]?.(kubeconfig) ?? clusterIn({ name }),
    patienceMs: 20,
  });
}

describe("trouble of a stack", () => {
  it("is what the events of each cluster say, by the kubeconfigs that its state holds as secrets", async () => {
    const given: string[] = [];
    const east = (kubeconfig: string) => {
      given.push(kubeconfig);
      return failing;
    };
    deepEqual(await lines([provider("east", asSecret(`of east ${SECRET}`)), provider("west", "of west")], { east }), [
      "east: Deployment apps/web: BackOff: Back-off pulling image",
      "west: every workload is ready",
    ]);
    deepEqual(given, [`of east ${SECRET}`]);
  });

  it("is asked by the kubeconfig that is valid now, where settings name one", async () => {
    const given: string[] = [];
    const east = (kubeconfig: string) => {
      given.push(kubeconfig);
      return failing;
    };
    await lines([provider("east", "expired")], { east }, { east: "fresh" });
    deepEqual(given, ["fresh"]);
  });

  const silent: readonly (readonly [title: string, cluster: () => AskedCluster, line: string])[] = [
    [
      "refuses",
      () => answering("east", () => Promise.reject(Object.assign(new Error(SECRET), { code: 401 }))),
      "east: does not answer (HTTP status 401)",
    ],
    [
      "is not reached",
      () => answering("east", () => Promise.reject(Object.assign(new Error(SECRET), { code: "ECONNREFUSED" }))),
      "east: does not answer (ECONNREFUSED)",
    ],
    [
      "has a plugin that quotes what it was given",
      () => answering("east", () => Promise.reject(new Error(`Unexpected token in ${SECRET}`))),
      "east: does not answer",
    ],
    [
      "has a code that is none",
      () => answering("east", () => Promise.reject(Object.assign(new Error("x"), { code: SECRET }))),
      "east: does not answer",
    ],
    ["is silent", () => answering("east", () => new Promise(() => {})), "east: does not answer within 0.02 s"],
    [
      "has a kubeconfig that is none",
      () => {
        throw new Error(SECRET);
      },
      "east: its kubeconfig cannot be read",
    ],
  ];
  for (const [title, cluster, line] of silent) {
    it(`is one line of a cluster that ${title}, and what the others say`, async () => {
      const found = await lines([provider("east", asSecret(SECRET)), provider("west", "y")], { east: cluster });
      deepEqual(found, [line, "west: every workload is ready"]);
      doesNotMatch(found.join("\n"), new RegExp(SECRET));
    });
  }

  it("is nothing yet where the state has no cluster, or one without a kubeconfig", async () => {
    deepEqual(await lines([], {}), ["the stack's state has no cluster yet"]);
    deepEqual(await lines([provider("east", undefined)], {}), ["east: its kubeconfig is not known yet"]);
  });

  it("fails where the state cannot be read", async () => {
    const pulumi = { export: () => Promise.reject(new Error("no such stack")) };
    await rejects(troubleIn({ pulumi, kubeconfigs: async () => new Map() }), /no such stack/);
  });
});

describe("a cluster of a kubeconfig", () => {
  const server = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    const items = request.url?.endsWith("/deployments") ? [deployment("web", 0)] : [];
    response.setHeader("content-type", "application/json").end(JSON.stringify({ items }));
  });
  const asked: string[] = [];
  before(() => new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready)));
  after(() => new Promise((done) => server.close(done)));

  const kubeconfig = (port: number) =>
    JSON.stringify({
      "current-context": "a",
      contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
      clusters: [{ name: "a", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "a", user: { token: SECRET } }],
    });
  const call = (text: string) =>
    troubleIn({ pulumi: exporting(provider("east", text)), kubeconfigs: async () => new Map() });

  it("is asked over the network, as the user that it names", async () => {
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    deepEqual(await call(kubeconfig(port)), ["east: Deployment apps/web: is not ready, and no event says why"]);
    deepEqual(asked.sort(), [
      `Bearer ${SECRET} /api/v1/events?fieldSelector=type%3DWarning`,
      `Bearer ${SECRET} /api/v1/pods`,
      ...["daemonsets", "deployments", "statefulsets"].map((kind) => `Bearer ${SECRET} /apis/apps/v1/${kind}`),
    ]);
  });

  it("is one line where nobody answers there, or the text is no kubeconfig", async () => {
    deepEqual(await call(kubeconfig(1)), ["east: does not answer (ECONNREFUSED)"]);
    deepEqual(await call(`: ${SECRET}: [`), ["east: its kubeconfig cannot be read"]);
  });
});

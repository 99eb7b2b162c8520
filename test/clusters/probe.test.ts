import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { liveProbe } from "../../components/clusters";
import { kubeconfigOf } from "../support/stack";

/** Answers of a small API server, one after the other for each definition; the last one stays. */
type Answers = Readonly<Record<string, readonly (readonly [status: number, established?: boolean])[]>>;

const NAME = "widgets.choreo.test";

describe("liveProbe", () => {
  let server: Server;
  let port: number;
  let answers: Answers = {};
  let asked: string[] = [];
  before((done) => {
    server = createServer((request, response) => {
      const name = request.url?.split("/").at(-1) ?? "";
      const given = answers[name] ?? [];
      const [status, established] = given[asked.filter((one) => one === name).length] ?? given.at(-1) ?? [500];
      asked.push(name);
      const conditions = [{ type: "Established", status: established ? "True" : "False", lastTransitionTime: null }];
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ kind: "CustomResourceDefinition", metadata: { name }, status: { conditions } }));
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

  const established = (names: readonly string[], seconds: number) => {
    const kubeconfig = kubeconfigOf("local", `http://127.0.0.1:${port}`);
    // Without it the client refuses a server without TLS.
    return liveProbe.established(
      kubeconfig.replace("server:", "insecure-skip-tls-verify: true\n      server:"),
      names,
      seconds,
    );
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

  it("is content with definitions that are established", async () => {
    answers = { [NAME]: [[200, true]], "gadgets.choreo.test": [[200, true]] };
    await established([NAME, "gadgets.choreo.test"], 5);
    assert.deepEqual(asked.sort(), ["gadgets.choreo.test", NAME]);
  });

  it("waits for one that is not there yet, and then not established yet, and asks for it alone", async () => {
    answers = { [NAME]: [[404], [200, false], [200, true]], "gadgets.choreo.test": [[200, true]] };
    await established([NAME, "gadgets.choreo.test"], 20);
    assert.deepEqual(asked.filter((name) => name === NAME).length, 3);
    assert.deepEqual(asked.filter((name) => name !== NAME).length, 1);
  });

  it("names what is missing when the time is over", async () => {
    answers = { [NAME]: [[404]], "gadgets.choreo.test": [[200, true]] };
    await assert.rejects(established([NAME, "gadgets.choreo.test"], 0), {
      message: `not established after 0 s: ${NAME}`,
    });
  });

  it("says what stood in the way, on one line", async () => {
    answers = { [NAME]: [[403]] };
    await assert.rejects(established([NAME], 0), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, new RegExp(`^not established after 0 s: ${NAME} \\([^\\n]*403[^\\n]*\\)$`));
      return true;
    });
  });
});

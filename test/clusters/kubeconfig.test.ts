import assert from "node:assert/strict";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { endpointOf, KubeconfigError, selectContext, selectFromFile } from "../../components/clusters";
import { type Edits, edit } from "../support/settings";
import { object, temporaryFolder } from "../support/stack";

/** A good kubeconfig of two contexts; every case breaks one thing of it. */
function good() {
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "one",
    preferences: {},
    contexts: [
      { name: "one", context: { cluster: "first", user: "alice", namespace: "shop" } },
      { name: "two", context: { cluster: "second", user: "bob" } },
    ],
    clusters: [
      { name: "first", cluster: { server: "https://first.test:6443", "certificate-authority-data": "Zmlyc3Q=" } },
      { name: "second", cluster: { server: "https://second.test", "proxy-url": "http://proxy.test:3128" } },
    ],
    users: [
      { name: "alice", user: { token: "a-token" } },
      { name: "bob", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "aws", args: ["eks"] } } },
    ],
  };
}

const text = (edits: Edits = {}) => stringify(edit(good(), edits));

describe("selectContext", () => {
  it("takes the current context, alone", () => {
    const { text: alone, ...rest } = selectContext(text());
    assert.deepEqual(rest, { endpoint: { host: "first.test", port: 6443 }, proxied: false });
    assert.deepEqual(parse(alone), {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "one",
      contexts: [good().contexts[0]],
      clusters: [good().clusters[0]],
      users: [good().users[0]],
    });
  });

  it("takes the context that is named, its proxy and its command", () => {
    const { text: alone, ...rest } = selectContext(text(), "two");
    assert.deepEqual(rest, { endpoint: { host: "second.test", port: 443 }, proxied: true });
    assert.deepEqual(object(parse(alone)).users, [good().users[1]]);
    assert.equal(object(parse(alone))["current-context"], "two");
  });

  it("takes a context without a user", () => {
    const { text: alone } = selectContext(text({ "contexts.0.context.user": undefined, users: undefined }));
    assert.deepEqual(object(parse(alone)).users, []);
  });

  const bad: readonly (readonly [title: string, kubeconfig: string, message: string | RegExp, context?: string])[] = [
    ["no YAML", "a: [", /^is no YAML: look at line \d+, column \d+$/],
    ["nothing", "", "is no kubeconfig: must be an object, but is empty"],
    ["text", "hello", "is no kubeconfig: must be an object, but is text"],
    [
      "an object of another kind",
      stringify({ kind: "Pod" }),
      "is no kubeconfig: contexts: required: a list; clusters: required: a list",
    ],
    [
      "a server that is no URL",
      text({ "clusters.0.cluster.server": "first" }),
      `is no kubeconfig: clusters[0].cluster.server: not a URL such as "https://10.0.0.5:6443"`,
    ],
    ["no current context", text({ "current-context": undefined }), "has no current context; name one with `context`"],
    ["an empty current context", text({ "current-context": "" }), "has no current context; name one with `context`"],
    ["a context that is not there", text(), 'has no context "three"; it has one, two', "three"],
    ["no contexts", text({ contexts: [] }), 'has no context "one"; it has none'],
    ["a cluster that is not there", text({ clusters: [] }), 'has no cluster "first", which context "one" names'],
    ["a user that is not there", text({ users: [] }), 'has no user "alice", which context "one" names'],
    [
      "a file with a token",
      text({ "users.0.user": { tokenFile: "token" } }),
      "has a tokenFile, which other machines do not have; use an exec credential",
    ],
    [
      "a file beside a text that came from elsewhere",
      text({ "users.0.user": { "client-key": "alice.key" } }),
      "names the file alice.key; put its content in client-key-data instead",
    ],
    [
      "an authority's file beside such a text",
      text({ "clusters.0.cluster.certificate-authority": "ca.crt" }),
      "names the file ca.crt; put its content in certificate-authority-data instead",
    ],
  ];
  for (const [title, kubeconfig, message, context] of bad) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => selectContext(kubeconfig, context),
        (error: unknown) => {
          assert.ok(error instanceof KubeconfigError);
          if (typeof message === "string") assert.equal(error.message, message);
          else assert.match(error.message, message);
          assert.doesNotMatch(error.message, /Invalid|received|\n/);
          return true;
        },
      );
    });
  }
});

describe("selectFromFile", () => {
  const folder = temporaryFolder();

  it("puts the content of files where their names were, relative to the kubeconfig", () => {
    folder.write("ca.crt", "the authority");
    folder.write("alice.crt", "the certificate");
    const key = folder.write("alice.key", "the key");
    const file = folder.write(
      "kubeconfig",
      text({
        "clusters.0.cluster.certificate-authority-data": undefined,
        "clusters.0.cluster.certificate-authority": "ca.crt",
        "users.0.user": { "client-certificate": "./alice.crt", "client-key": key },
      }),
    );
    const alone = object(parse(selectFromFile(file).text));
    const data = (content: string) => Buffer.from(content).toString("base64");
    assert.deepEqual(alone.clusters, [
      {
        name: "first",
        cluster: { server: "https://first.test:6443", "certificate-authority-data": data("the authority") },
      },
    ]);
    assert.deepEqual(alone.users, [
      {
        name: "alice",
        user: { "client-certificate-data": data("the certificate"), "client-key-data": data("the key") },
      },
    ]);
  });

  it("leaves files of other contexts alone", () => {
    const file = folder.write("other", text({ "users.1.user": { "client-key": "missing.key" } }));
    assert.equal(selectFromFile(file, "one").endpoint.host, "first.test");
  });

  it("refuses a file that names a file that is not there", () => {
    const file = folder.write("missing", text({ "users.0.user": { "client-key": "missing.key" } }));
    const message = `names the file ${join(folder.path, "missing.key")}, which cannot be read`;
    assert.throws(() => selectFromFile(file), { message });
  });

  it("refuses a file that is not there", () => {
    assert.throws(() => selectFromFile(join(folder.path, "none")), { message: "cannot be read; check the path" });
  });
});

describe("a kubeconfig that cannot be read", () => {
  const MARK = "TOP-SECRET";
  const marked = text({ "users.0.user.token": MARK });
  const broken: readonly (readonly [string, string])[] = [
    ["a text", MARK],
    ["a list", `[${MARK}]`],
    ["an item in the middle", `${marked}\n- ${MARK}: [`],
    ["a tab", marked.replace("users:", "\tusers:")],
    ["a key twice", `${marked}users: [${MARK}]\n`],
    ["a token that begins with *", marked.replace(MARK, `*${MARK}`)],
    ["a token that begins with a quote", marked.replace(MARK, `"${MARK}`)],
    ["a token that is followed by another", marked.replace(MARK, `"a" ${MARK}`)],
    ["a user that is a text", text({ "users.0.user": MARK })],
    ["a server that is no URL", text({ "clusters.0.cluster.server": MARK })],
    ["a token in a file", text({ "users.0.user": { tokenFile: "/token", token: MARK } })],
  ];
  for (const [title, config] of broken)
    it(`is refused without a word of what is in it: ${title}`, () => {
      assert.throws(
        () => selectContext(config),
        (error) => error instanceof KubeconfigError && !`${error.message}${error.stack}`.includes(MARK),
      );
    });
});

describe("endpointOf", () => {
  const cases: readonly (readonly [server: string, host: string, port: number])[] = [
    ["https://api.test", "api.test", 443],
    ["https://api.test:443", "api.test", 443],
    ["https://api.test:6443/", "api.test", 6443],
    ["http://127.0.0.1", "127.0.0.1", 80],
    ["https://api.test/k8s/clusters/c-1", "api.test", 443],
    ["https://[fd00::1]:6443", "fd00::1", 6443],
  ];
  for (const [server, host, port] of cases) {
    it(`of ${server} is ${host} ${port}`, () => assert.deepEqual(endpointOf(server), { host, port }));
  }
});

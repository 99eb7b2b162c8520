import { deepEqual, equal, match } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localConfig, override, placeholderSecrets, readStack } from "../../rehearsal/stack-file";

const GOOD = `config:
  pulumi:disable-default-providers: [kubernetes, aws]
  openchoreo:token: { secure: AAABBB }
  openchoreo:platform:
    profile: development
    domain: choreo.localhost
    charts: { mirror: oci://registry.example.com/charts }
    clusters:
      main:
        planes: [control, data]
        provider: { kind: existing, kubeconfig: { secret: token }, apiServer: "10.0.0.5:6443" }
        network: { meshId: 1 }
`;

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: local
contexts: [{ name: local, context: { cluster: local } }]
clusters: [{ name: local, cluster: { server: "https://127.0.0.1:7443" } }]
`;

describe("a stack's file in a rehearsal", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stack-file-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const read = (text: string, overrides: Parameters<typeof readStack>[2] = []) => {
    writeFileSync(join(root, "Pulumi.test.yaml"), text);
    return readStack(root, "test", overrides);
  };
  const problemsOf = (result: ReturnType<typeof readStack>) => ("problems" in result ? result.problems : []);

  it("leaves the bootstrap stack alone, which has no cluster", () => {
    const text = GOOD.replace("openchoreo:platform:", "openchoreo:bootstrap: {}\n  openchoreo:platform:");
    const message = "makes the place of states, and no cluster to rehearse; look at it by: pulumi preview";
    deepEqual(problemsOf(read(text)), [{ path: "bootstrap", message }]);
  });

  it("replaces connections, charts and encrypted values, and nothing else", () => {
    const stack = read(GOOD);
    if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
    const kubeconfig = join(root, "main.yaml");
    writeFileSync(kubeconfig, KUBECONFIG);
    const local = localConfig(stack, {
      root,
      kubeconfigs: new Map([["main", kubeconfig]]),
      charts: "/local/charts",
    });
    const platform = local["openchoreo:platform"];
    deepEqual(platform, {
      profile: "development",
      domain: "choreo.localhost",
      charts: { mirror: "/local/charts", timeout: 180 },
      clusters: {
        main: {
          planes: ["control", "data"],
          provider: { kind: "existing", kubeconfig: { path: kubeconfig }, apiServer: "10.0.0.5:6443" },
          network: { meshId: 1 },
        },
      },
    });
    equal("openchoreo:token" in local, false);
  });

  it("stands in for the secrets that settings refer to, in their form", () => {
    const store = "    objectStore: { buckets: { metrics: m-1, backups: b-1, logs: l-1 }, credentials: store }\n";
    const stack = read(GOOD + store);
    if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
    const { "openchoreo:store": account = "", ...others } = placeholderSecrets(stack);
    deepEqual(Object.keys(JSON.parse(account)), ["accessKeyId", "secretAccessKey"]);
    deepEqual(others, {});
  });

  it("stands in for the secrets that add-ons' settings refer to", () => {
    const receiver = "    prometheus: { alertmanager: { receiver: { kind: webhook, secret: alerts } } }\n";
    const stack = read(GOOD + receiver);
    if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
    deepEqual(Object.keys(placeholderSecrets(stack)), ["openchoreo:alerts"]);
  });

  it("needs no secrets where settings refer to none", () => {
    const stack = read(GOOD);
    if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
    deepEqual(placeholderSecrets(stack), {});
  });

  it("says where nodes find the local API server, where the settings do not", () => {
    const stack = read(GOOD.replace(', apiServer: "10.0.0.5:6443"', ""));
    if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
    const kubeconfig = join(root, "main.yaml");
    writeFileSync(kubeconfig, KUBECONFIG);
    const local = localConfig(stack, { root, kubeconfigs: new Map([["main", kubeconfig]]) });
    const platform = local["openchoreo:platform"] as { clusters: { main: { provider: { apiServer: string } } } };
    equal(platform.clusters.main.provider.apiServer, "127.0.0.1:7443");
  });

  it("refuses an encrypted value inside the settings", () => {
    const paths = problemsOf(read(GOOD.replace("domain: choreo.localhost", "domain: { secure: AAA }"))).map(
      ({ path }) => path,
    );
    deepEqual(paths, ["platform", "platform.domain"]);
  });

  it("refuses a key that is neither settings nor a secret", () => {
    const [problem, ...others] = problemsOf(read(`${GOOD}  openchoreo:platfrom: { a: 1 }\n`));
    equal(problem?.path, "platfrom");
    match(problem?.message ?? "", /^unknown key/);
    deepEqual(others, []);
  });

  it("drops the mirror for upstream's charts", () => {
    const stack = read(GOOD);
    if ("problems" in stack) throw new Error(JSON.stringify(stack.problems));
    const local = localConfig(stack, { root, kubeconfigs: new Map() });
    deepEqual((local["openchoreo:platform"] as { charts: unknown }).charts, { timeout: 180 });
  });

  it("names a file that is not there", () => {
    deepEqual(problemsOf(readStack(root, "none", [])), [
      {
        path: "Pulumi.none.yaml",
        message: "there is no such file; write it (Pulumi.dev.yaml is an example) or name another stack",
      },
    ]);
  });

  it("gives the line of malformed YAML and of a doubled key", () => {
    match(problemsOf(read(`${GOOD}  bad: [1`))[0]?.path ?? "", /^Pulumi\.test\.yaml:\d+$/);
    const [doubled] = problemsOf(read(`${GOOD}  openchoreo:platform: {}\n`));
    match(doubled?.message ?? "", /unique/i);
  });

  it("checks what --set makes of the settings", () => {
    const [problem, ...others] = problemsOf(
      read(GOOD, [{ path: ["platform", "clusters", "main", "network", "meshId"], value: 200 }]),
    );
    equal(problem?.path, "platform.clusters.main.network.meshId");
    deepEqual(others, []);
  });

  it("asks for explicit providers", () => {
    const paths = problemsOf(read(GOOD.replace("[kubernetes, aws]", "[aws]"))).map(({ path }) => path);
    deepEqual(paths, ["pulumi:disable-default-providers"]);
  });

  it("sets and removes without touching the original", () => {
    const before = { "openchoreo:platform": { a: { b: 1, c: 2 } } };
    deepEqual(override(before, { path: ["platform", "a", "b"], value: null }), {
      "openchoreo:platform": { a: { c: 2 } },
    });
    deepEqual(override(before, { path: ["platform", "x", "y"], value: 3 }), {
      "openchoreo:platform": { a: { b: 1, c: 2 }, x: { y: 3 } },
    });
    deepEqual(before, { "openchoreo:platform": { a: { b: 1, c: 2 } } });
  });
});

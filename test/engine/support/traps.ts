import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";

/** Credentials and addresses that a rehearsal must not touch. */
export interface Traps {
  /** An environment full of them. */
  readonly env: NodeJS.ProcessEnv;
  /** What went into a trap: a request, or a login command that was run. */
  readonly sprung: () => string[];
  readonly stop: () => void;
}

/** Sets traps: a server in the place of every API server and service, and files that name it. */
export async function setTraps(folder: string, contexts: readonly string[]): Promise<Traps> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  // A connection counts, whatever is said on it: a client that speaks TLS never gets as far as a request.
  server.on("connection", () => requests.push("a connection"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const canary = join(folder, "canary");
  const login = join(folder, "login.sh");
  mkdirSync(folder, { recursive: true });
  writeFileSync(canary, "");
  writeFileSync(login, `#!/bin/sh\necho "a login command was run: $0 $*" >> ${canary}\nexit 1\n`, { mode: 0o755 });
  writeHome(folder, url, login, contexts);
  return {
    env: environment(folder, url),
    sprung: () => [...requests, ...readFileSync(canary, "utf8").split("\n").filter(Boolean)],
    stop: () => server.close(),
  };
}

function writeHome(home: string, url: string, login: string, contexts: readonly string[]): void {
  const write = (path: string, text: string) => {
    mkdirSync(join(home, path, ".."), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  const kubeconfig = stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": contexts[0],
    clusters: [{ name: "trap", cluster: { server: url } }],
    users: [{ name: "trap", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: login } } }],
    contexts: contexts.map((name) => ({ name, context: { cluster: "trap", user: "trap" } })),
  });
  write("kubeconfig.yaml", kubeconfig);
  write(".kube/config", kubeconfig);
  write(".aws/config", `[default]\nregion = us-east-1\nendpoint_url = ${url}\n`);
  write(".aws/credentials", `[default]\ncredential_process = ${login}\n`);
  write(".pulumi/credentials.json", JSON.stringify({ current: url, accessTokens: { [url]: "pul-trap" } }));
  write(".docker/config.json", JSON.stringify({ credsStore: "trap", proxies: { default: { httpProxy: url } } }));
  write(".config/helm/repositories.yaml", stringify({ apiVersion: "", repositories: [{ name: "cilium", url }] }));
}

function environment(home: string, url: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    HOME: home,
    KUBECONFIG: join(home, "kubeconfig.yaml"),
    AWS_ACCESS_KEY_ID: "AKIATRAPTRAPTRAPTRAP",
    AWS_SECRET_ACCESS_KEY: "trap",
    AWS_PROFILE: "default",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: url,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    PULUMI_BACKEND_URL: url,
    PULUMI_ACCESS_TOKEN: "pul-trap",
    PULUMI_CONFIG_PASSPHRASE: "trap",
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    http_proxy: url,
    https_proxy: url,
    HELM_REPOSITORY_CONFIG: join(home, ".config/helm/repositories.yaml"),
    KUBERNETES_SERVICE_HOST: "127.0.0.1",
    KUBERNETES_SERVICE_PORT: new URL(url).port,
  };
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NOT_AWAITED } from "../../../components/addons";
import { fluentBitFiles } from "../../../components/addons/logs/fluent-bit-config";
import { ACCESS_LOG } from "../../../components/addons/networking/envoy-gateway/proxies";
import { valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Json, switchOn } from "../../support/settings";
import { object, ROOT } from "../../support/stack";
import { OUTSIDE_MESH } from "../../support/variants";
import { addonNamed } from "./support";

const LOGS = switchOn("fluent-bit");

/** Keys and values of a section in Fluent Bit's classic format. */
function entries(section: string): Record<string, string> {
  const lines = section
    .split("\n")
    .slice(1)
    .filter((line) => line !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [, key = "", value = ""] = /^ {4}(\S+) (.+)$/.exec(line) ?? assert.fail(`not a line of a section: ${line}`);
      return [key, value];
    }),
  );
}

describe("Fluent Bit's configuration", () => {
  const files = fluentBitFiles({ host: "opensearch.test", buffer: "1G", user: "writer" });

  it("sends by TLS that is verified, and knows a record that it sends again", () => {
    const output = entries(files.outputs);
    const expected = {
      Host: "opensearch.test",
      Port: "9200",
      HTTP_User: "writer",
      HTTP_Passwd: `$\{OPENSEARCH_PASSWORD}`,
      tls: "On",
      "tls.verify": "On",
      "tls.verify_hostname": "On",
      Index: "$stream",
      Generate_ID: "On",
      Write_Operation: "create",
      "storage.total_limit_size": "1G",
    };
    for (const [key, value] of Object.entries(expected)) assert.equal(output[key], value, key);
  });

  it("keeps on disk what it has read, and pauses reading when there is too much of it", () => {
    assert.equal(entries(files.service)["storage.path"], "/var/lib/fluent-bit/buffer");
    const input = entries(files.inputs);
    assert.equal(input["storage.type"], "filesystem");
    assert.equal(input["storage.pause_on_chunks_overlimit"], "On");
    assert.equal(input.DB, "/var/lib/fluent-bit/tail.db");
  });

  it("makes records of whole stack traces, with metadata before they are formed", () => {
    const filters = files.filters.split(/(?=\[FILTER\])/).map((section) => entries(section));
    assert.deepEqual(
      filters.map(({ Name }) => Name),
      ["multiline", "kubernetes", "lua"],
    );
    assert.equal(filters[1]?.Namespace_Labels, "On");
  });

  it("reads of the gateway's access log only what the gateway writes", () => {
    const script = readFileSync(join(ROOT, "components/addons/logs/record.lua"), "utf8");
    const fields = /local HTTP_FIELDS = \{([^}]*)\}/.exec(script)?.[1] ?? assert.fail("no fields");
    const read = [...fields.matchAll(/= "(.+?)"/g)].map(([, field]) => field ?? "");
    assert.ok(read.length > 10, fields);
    assert.deepEqual(
      read.filter((field) => !(field in ACCESS_LOG)),
      [],
    );
  });

  it("has nothing in it that Helm would take for a template", async () => {
    const { config, luaScripts } = await valuesOn("east", addonNamed("fluent-bit"), LOGS);
    assert.doesNotMatch(JSON.stringify({ config, luaScripts }), /\{\{/);
  });
});

describe("Fluent Bit", () => {
  const host = async (cluster: string, edits: Json) => {
    const { config } = await valuesOn(cluster, addonNamed("fluent-bit"), edits);
    return entries(String(object(config).outputs)).Host;
  };

  it("sends to the global service in the mesh, and to the name that settings say outside it", async () => {
    assert.equal(await host("control", LOGS), "opensearch.logging.svc");
    assert.equal(await host("east", LOGS), "opensearch.logging.svc");
    assert.equal(await host("east", OUTSIDE_MESH), "opensearch.choreo.test");
  });

  it("finds OpenSearch's Service on every cluster of the mesh, and has it made only where the chart does not", async () => {
    const { graph } = await runFleet({
      ...LOGS,
      "platform.clusters.west.network.mesh": false,
      "platform.fluentBit.opensearchHost": "os.test",
    });
    const services = graph
      .ofType("kubernetes:core/v1:Service")
      .filter(({ name }) => name.endsWith("fluent-bit-service"));
    assert.deepEqual(
      services.map(({ name }) => name),
      ["east.fluent-bit-service"],
    );
    assert.deepEqual(services[0]?.inputs, {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "opensearch",
        namespace: "logging",
        annotations: { "service.cilium.io/global": "true", "service.cilium.io/shared": "false", ...NOT_AWAITED },
      },
      spec: { type: "ClusterIP", ports: [{ name: "http", protocol: "TCP", port: 9200 }] },
    });
  });

  it("has the roots that sign OpenSearch's certificate and a password on every cluster", async () => {
    const { graph } = await runFleet(LOGS);
    const secrets = graph
      .ofType("kubernetes:core/v1:Secret")
      .filter(({ name }) => name.endsWith("fluent-bit-opensearch"));
    assert.deepEqual(
      secrets.map(({ name, provider }) => [name.split(".")[0], provider !== undefined]),
      [
        ["control", true],
        ["east", true],
        ["west", true],
      ],
    );
  });
});

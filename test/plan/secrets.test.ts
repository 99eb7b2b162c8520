import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { mask } from "../../plan/facts/mask";
import { planOf } from "../../plan/make";
import { mockCall } from "../../plan/program/aws";
import { mockResource } from "../../plan/program/mocks";
import { runStackOffline } from "../../plan/program/stack";
import { ROOT } from "../support/stack";

const MARK = "TOP-SECRET";

/** Providers whose private keys and passwords are marked. */
function marked(stacks: Parameters<typeof mockResource>[1]): pulumi.runtime.Mocks {
  return {
    call: mockCall,
    newResource: (args) => {
      const made = mockResource(args, stacks, false);
      const entries = Object.entries(made.state).map(([key, value]) => {
        return [key, args.type.startsWith("random:") || /^private/.test(key) ? wrap(value) : value] as const;
      });
      return { ...made, state: Object.fromEntries(entries) };
    },
  };
}

function wrap(value: unknown): unknown {
  return isOutput(value) ? value.apply((text) => `${MARK} ${text}`) : value;
}

function isOutput(value: unknown): value is pulumi.Output<unknown> {
  return typeof value === "object" && value !== null && "apply" in value;
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: MARK };

describe("secrets", () => {
  it("of prod are nowhere in the plan", async () => {
    const ran = await runStackOffline({ root: ROOT, stack: "prod", mocks: marked });
    assert.ok(JSON.stringify(ran.run.graph.resources).split(MARK).length > 100, "the program got the marked secrets");
    const text = JSON.stringify(planOf(ran));
    assert.match(text, /\(secret [0-9a-f]{12}\)/);
    assert.equal(text.indexOf(MARK), -1);
    // Placeholders of encrypted values, and of kubeconfigs.
    assert.doesNotMatch(text, /token-of-|\(openchoreoClients\)/);
  });

  const hidden: readonly (readonly [string, string, Record<string, unknown>])[] = [
    ["what the program says is one", "aws:x:X", { list: [{ deep: SECRET }] }],
    ["the content of a Secret", "kubernetes:core/v1:Secret", { stringData: { user: MARK } }],
    ["the content of a Secret as a whole", "kubernetes:core/v1:Secret", { data: SECRET }],
    ["a field that is called so", "kubernetes:helm.sh/v3:Release", { values: { admin: { password: MARK } } }],
    ["a setting in a ConfigMap", "kubernetes:core/v1:ConfigMap", { data: { API_TOKEN: MARK } }],
    ["a setting that is called secret", "kubernetes:core/v1:ConfigMap", { data: { secret: MARK } }],
    ["a ConfigMap that is one", "kubernetes:core/v1:ConfigMap", { data: SECRET }],
    ["an address in a ConfigMap", "kubernetes:core/v1:ConfigMap", { data: { DATABASE_URL: `postgres://u:${MARK}@h` } }],
    ["a password alone in an address", "kubernetes:core/v1:ConfigMap", { data: { CACHE: `redis://:${MARK}@h/0` } }],
    ["a variable of a container", "kubernetes:apps/v1:Deployment", { env: [{ name: "DB_PASSWORD", value: MARK }] }],
    ["an argument of a container", "kubernetes:apps/v1:Deployment", { args: ["serve", `--api-token=${MARK}`] }],
    ["a value that begins as a path does", "kubernetes:core/v1:ConfigMap", { data: { API_TOKEN: `/${MARK}` } }],
    ["a value of a chart in camel case", "kubernetes:helm.sh/v3:Release", { values: { adminPassword: MARK } }],
    ["an address in a chart's values", "kubernetes:helm.sh/v3:Release", { values: { list: [`amqp://u:${MARK}@h`] } }],
    ["a private key", "aws:x:X", { text: `-----BEGIN EC PRIVATE KEY-----\n${MARK}` }],
  ];
  for (const [title, type, wire] of hidden)
    it(`hides ${title}`, () => {
      assert.doesNotMatch(JSON.stringify(mask(type, wire)), new RegExp(MARK));
    });

  it("shows which keys a Secret has, and that another content is another one", () => {
    const data = (text: string) => mask("kubernetes:core/v1:Secret", { stringData: { user: text } }).stringData;
    assert.deepEqual(Object.keys(data("a") as object), ["user"]);
    assert.notDeepEqual(data("a"), data("b"));
    assert.deepEqual(data("a"), data("a"));
  });

  it("leaves everything else as it is", () => {
    const wire = {
      volumes: [{ secret: { secretName: "tls" } }],
      env: [
        { name: "TOKEN", value: "$(OTHER)" },
        { name: "USERS", value: "12" },
      ],
      tokenTtl: 5,
      token: "",
      url: "https://git.test/@team/a",
      existingSecret: "sso",
      account: { secret: "sso" },
      passwordSecretRef: "sso",
    };
    assert.deepEqual(mask("kubernetes:apps/v1:Deployment", wire), wire);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { secretObject } from "../../components/addons/secret-object";
import { tryProgram } from "../support/program";
import { ROOT } from "../support/stack";

const MARK = "TOP-SECRET";

/** Puts out what a secret holds, with the errors of the attempt. */
async function read(value: string) {
  return tryProgram(async () => ({ login: secretObject("login", ["username", "password"]) }), {
    config: { "openchoreo:login": value },
    secrets: ["openchoreo:login"],
  });
}

describe("a secret that holds texts by name", () => {
  it("gives them, as a secret", async () => {
    const login = { username: "deploy", password: MARK };
    const { outputs, errors } = await read(JSON.stringify(login));
    assert.deepEqual([outputs, errors], [{ login: { secret: login } }, []]);
  });

  const both = '"username" and "password"';
  const bad: readonly (readonly [string, string, string])[] = [
    ["a text", MARK, both],
    ["a text in quotes", JSON.stringify(MARK), both],
    ["a list", JSON.stringify([MARK]), both],
    ["null", "null", both],
    ["broken JSON", `{"username": "${MARK}"`, both],
    ["an object without one of them", JSON.stringify({ username: MARK }), '"password"'],
    ["an object with another type", JSON.stringify({ username: { name: MARK }, password: MARK }), '"username"'],
  ];
  for (const [title, value, missing] of bad)
    it(`is refused where it is ${title}, without a word of it`, async () => {
      const { errors, said } = await read(value);
      assert.equal(errors.length, 1);
      const { message = "", stack = "" } = errors[0] ?? {};
      assert.match(
        message,
        new RegExp(`the secret "login" is no JSON object with ${missing}; set it: pulumi config set --secret login `),
      );
      assert.ok(errors[0] instanceof pulumi.RunError);
      assert.ok(!`${message}${stack}${said.join()}`.includes(MARK));
    });

  it("is read this way everywhere: Pulumi's own way prints what it cannot read", () => {
    const files = readdirSync(join(ROOT, "components"), { recursive: true, encoding: "utf8" });
    const found = files.filter(
      (file) =>
        file.endsWith(".ts") &&
        /\.(require|get)SecretObject|\.(require|get)(Secret)?(Number|Boolean)\(/.test(
          readFileSync(join(ROOT, "components", file), "utf8"),
        ),
    );
    assert.deepEqual(found, []);
  });
});

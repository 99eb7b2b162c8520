import assert from "node:assert/strict";
import { buildTemplate } from "../../../components/addons/delivery/build-template";
import type { Json } from "../../support/settings";
import { object } from "../../support/stack";
import { ARGS } from "./build-scripts-support";

const ECR = { host: "1.dkr.ecr.eu-west-1.amazonaws.com", region: "eu-west-1" };

const spec = (args: Parameters<typeof buildTemplate>[0] = ARGS) => buildTemplate(args) as Json;
const templates = (args?: Parameters<typeof buildTemplate>[0]) => spec(args).templates as readonly Json[];
const named = (name: string, args?: Parameters<typeof buildTemplate>[0]) =>
  object(templates(args).find((one) => one.name === name));

/** What Argo makes of the expressions in a manifest, for the values of parameters. */
function filled(
  manifest: string,
  inputs: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>>,
) {
  const known = (term: string): string => {
    const [, parameter] = /^workflow\.parameters\["(.+)"\]$/.exec(term) ?? [];
    const [, input] = /^inputs\.parameters\.(\w+)$/.exec(term) ?? [];
    const [, text] = /^"(.*)"$/.exec(term) ?? [];
    return (parameter && parameters[parameter]) ?? (input && inputs[input]) ?? text ?? assert.fail(`unknown ${term}`);
  };
  return manifest
    .replace(/\{\{=toJson\((.+?)\)\}\}/g, (_, sum: string) => JSON.stringify(sum.split(" + ").map(known).join("")))
    .replace(/\{\{(.+?)\}\}/g, (_, term: string) => known(term));
}

describe("the template of builds", () => {
  it("runs each script in a shell that stops at the first failure, and gives it values by its environment alone", () => {
    const scripts = templates({ ...ARGS, ecr: ECR }).filter((one) => one.script !== undefined);
    assert.equal(scripts.length, 6);
    for (const { name, script } of scripts) {
      const { command, source } = object(script);
      assert.deepEqual(command, ["sh", "-eu"], String(name));
      assert.ok(!String(source).includes("{{"), `${name}: a value in the script`);
    }
  });

  it("has kpack build the commit that was checked out, in a Build of the run's own", () => {
    const { resource, outputs } = named("buildpacks");
    const { action, setOwnerReference, manifest } = object(resource);
    assert.deepEqual([action, setOwnerReference], ["create", true]);
    const commit = "a".repeat(40);
    const build = filled(
      String(manifest),
      { commit, tag: `${commit}-1` },
      { component: "shop.store.api", repository: 'https://git.test/"x', path: "api", image: "registry.test/shop/api" },
    );
    assert.deepEqual(JSON.parse(build), {
      apiVersion: "kpack.io/v1alpha2",
      kind: "Build",
      metadata: { generateName: "build-", annotations: { "choreo.dev/component": "shop.store.api" } },
      spec: {
        tags: [`registry.test/shop/api:${commit}-1`],
        serviceAccountName: "choreo-builder",
        builder: { image: "registry.test/choreo-builder" },
        source: { git: { url: 'https://git.test/"x', revision: commit }, subPath: "api" },
        cache: { registry: { tag: "registry.test/shop/api:build-cache" } },
        activeDeadlineSeconds: 3600,
      },
    });
    assert.deepEqual(outputs, {
      parameters: [{ name: "digest", valueFrom: { jqFilter: '.status.latestImage | split("@") | .[1]' } }],
    });
  });

  it("logs in with ECR before it builds, and elsewhere by a Secret", () => {
    const steps = (args: Parameters<typeof buildTemplate>[0]) =>
      (named("build-image", args).steps as readonly (readonly Json[])[]).map((one) =>
        one.map(({ template }) => template),
      );
    assert.deepEqual(steps(ARGS), [["checkout"], ["buildpacks", "dockerfile"]]);
    assert.deepEqual(steps({ ...ARGS, ecr: ECR }), [["checkout"], ["registry-login"], ["buildpacks", "dockerfile"]]);
    for (const name of ["dockerfile", "scan", "sign"]) {
      const where = (args: Parameters<typeof buildTemplate>[0]) => {
        const { env, volumeMounts } = object(named(name, args).script);
        const config = (env as readonly Json[]).find((one) => one.name === "DOCKER_CONFIG")?.value;
        return [config, (volumeMounts as readonly Json[]).some((one) => one.name === "registry")];
      };
      assert.deepEqual(where(ARGS), ["/registry", true]);
      assert.deepEqual(where({ ...ARGS, ecr: ECR }), ["/workspace/.registry", false]);
    }
  });

  it("mounts Git's logins by host, and only in the steps that use Git", () => {
    const volumes = spec().volumes as readonly Json[];
    const sources = (object(volumes[0]).projected as { sources: readonly { secret: Json }[] }).sources;
    assert.deepEqual(
      sources.map(({ secret }) => [secret.name, (secret.items as readonly Json[]).map(({ path }) => path)]),
      [
        ["git-login-git.choreo.test", ["git.choreo.test/username", "git.choreo.test/password"]],
        ["git-login-code.choreo.test-8443", ["code.choreo.test:8443/username", "code.choreo.test:8443/password"]],
      ],
    );
    const mounting = templates().filter(({ script }) =>
      ((script === undefined ? [] : object(script).volumeMounts) as readonly Json[]).some(({ name }) => name === "git"),
    );
    assert.deepEqual(mounting.map(({ name }) => name).sort(), ["checkout", "promote"]);
    assert.deepEqual((spec({ ...ARGS, gitHosts: [] }).volumes as readonly Json[])[0], { name: "git", emptyDir: {} });
  });

  it("leaves no volume of a build that failed, and no pod that would keep it", () => {
    const { volumeClaimGC, podGC } = spec();
    assert.deepEqual(volumeClaimGC, { strategy: "OnWorkflowCompletion" });
    assert.deepEqual(podGC, { strategy: "OnWorkflowCompletion", deleteDelayDuration: "1h" });
  });

  it("gives every step what it asks for, and nothing else is asked for", () => {
    const all = templates({ ...ARGS, ecr: ECR });
    for (const caller of all) {
      for (const one of ((caller.steps ?? []) as readonly (readonly Json[])[]).flat()) {
        const called = object(all.find(({ name }) => name === one.template));
        const asks = ((called.inputs as Json | undefined)?.parameters ?? []) as readonly Json[];
        const gets = ((one.arguments as Json | undefined)?.parameters ?? []) as readonly Json[];
        assert.deepEqual(gets.map(({ name }) => name).sort(), asks.map(({ name }) => name).sort(), String(one.name));
      }
      const text = JSON.stringify(caller.script ?? caller.resource ?? {});
      const used = new Set([...text.matchAll(/inputs\.parameters\.(\w+)/g)].map(([, name]) => name));
      const own = ((caller.inputs as Json | undefined)?.parameters ?? []) as readonly Json[];
      if (text !== "{}") assert.deepEqual([...used].sort(), own.map(({ name }) => name).sort(), String(caller.name));
    }
  });

  it("has the names of the source document", () => {
    assert.equal(spec().entrypoint, "build-and-deploy");
    const steps = (named("build-and-deploy").steps as readonly (readonly Json[])[]).flat();
    const pairs = steps.map(({ name, template }) => [name, template]);
    assert.deepEqual(pairs[0], ["build", "build-image"]);
    assert.deepEqual(pairs.at(-1), ["deploy", "deploy-component"]);
  });
});

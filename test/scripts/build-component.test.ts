import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD_IMAGES, BUILDPACKS } from "../../components/addons/delivery/images";
import { buildCommands, findRuntime, type LocalBuild, RUNTIMES } from "../../scripts/build-component";
import { ROOT, temporaryFolder } from "../support/stack";

const BUILD: LocalBuild = {
  component: "shop/store/api",
  source: { git: "https://git.choreo.test/api", revision: "v1", path: "server", build: "dockerfile" },
  runtime: "docker",
  folder: "/work",
  clone: false,
};

describe("a component built on a laptop", () => {
  for (const runtime of RUNTIMES) {
    it(`from a Dockerfile with ${runtime}`, () => {
      assert.deepEqual(buildCommands({ ...BUILD, runtime }), [
        { command: [runtime, "build", "--tag", "shop-store-api:local", "/work/server"] },
      ]);
    });

    it(`by buildpacks with ${runtime}: those of the cluster, in their order`, () => {
      const source = { ...BUILD.source, build: "buildpacks" } as const;
      const [built, ...others] = buildCommands({ ...BUILD, source, runtime });
      assert.deepEqual(others, []);
      const command = built?.command ?? assert.fail();
      assert.deepEqual(command.slice(0, 5), ["pack", "build", "shop-store-api:local", "--path", "/work/server"]);
      const given = command.filter((_, index) => command[index - 1] === "--buildpack");
      assert.deepEqual(
        given,
        BUILDPACKS.map(({ image }) => image),
      );
      assert.equal(command[command.indexOf("--run-image") + 1], BUILD_IMAGES.stackRun);
      assert.equal(built?.env?.DOCKER_HOST?.endsWith("/podman/podman.sock") ?? false, runtime === "podman");
    });
  }

  it("is cloned at its revision first, where no folder is given", () => {
    const commands = buildCommands({ ...BUILD, clone: true }).map(({ command }) => command.join(" "));
    assert.deepEqual(commands.slice(0, 2), [
      "git clone --filter=blob:none https://git.choreo.test/api /work",
      "git -C /work checkout --detach v1",
    ]);
  });
});

describe("npm run build-component", () => {
  const folder = temporaryFolder();
  const call = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "scripts/build-component.ts", ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder.path}:${process.env.PATH}` },
    });
  before(() => {
    for (const runtime of RUNTIMES) {
      chmodSync(folder.write(runtime, `#!/bin/sh\necho "${runtime} $*" >> ${join(folder.path, "calls")}\n`), 0o755);
    }
  });

  it("finds what builds on PATH", () => {
    assert.equal(findRuntime(folder.path), "docker");
    assert.equal(findRuntime("/nowhere"), undefined);
  });

  it("runs what it prints", () => {
    const component = "shop/store/web";
    const printed = call(component, "--with", "podman", "--source", ".", "--dry-run");
    assert.equal(printed.status, 0, printed.stderr);
    assert.match(printed.stdout, /^(DOCKER_HOST=\S+ pack build|podman build --tag) shop-store-web:local /);
    if (!printed.stdout.startsWith("podman")) return;
    assert.equal(call(component, "--with", "podman", "--source", ".").status, 0);
    assert.equal(readFileSync(join(folder.path, "calls"), "utf8"), printed.stdout);
  });

  const bad: readonly (readonly [title: string, args: readonly string[], message: RegExp])[] = [
    ["nothing", [], /^npm run build-component/],
    ["a component that is not there", ["shop/store/none"], /has no component "shop\/store\/none"/],
    ["another runtime", ["shop/store/web", "--with", "lxc"], /give docker or podman/],
    ["a stack that is not there", ["shop/store/web", "--stack", "none"], /Pulumi\.none\.yaml: there is no such file/],
  ];
  for (const [title, args, message] of bad) {
    it(`refuses ${title}`, () => {
      const { status, stderr } = call(...args);
      assert.equal(status, 2);
      assert.match(stderr, message);
    });
  }
});

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { ARGS, BuildFolder, stepOf } from "./build-scripts-support";

const missing = ["sh", "git"].filter((program) => spawnSync(program, ["--version"]).error !== undefined);
const DIGEST = `sha256:${"1".repeat(64)}`;
const IMAGE = "registry.test/team/shop/store/api";

/** What `yq` does to a file of one value, of what its expressions can do; the value's path is written down. */
const YQ = ["file=$3", 'echo "image: $NEW_IMAGE" >"$file"'];

describe(`the steps of a build${missing.length === 0 ? "" : ` (skipped: no ${missing.join(", ")} here)`}`, () => {
  let folder: BuildFolder;
  before(function () {
    if (missing.length > 0) this.skip();
  });
  beforeEach(() => {
    folder = new BuildFolder();
  });
  afterEach(() => folder?.remove());

  describe("checkout", () => {
    const step = stepOf("checkout");
    const checkOut = (REPOSITORY: string, REVISION: string) => folder.run(step, { REPOSITORY, REVISION });

    it("takes a branch, a tag and a commit, and tells the commit and a tag that is new each time", async () => {
      const url = folder.remote("api", { Dockerfile: "FROM scratch" });
      const work = "remotes/api-work";
      const first = folder.git(work, "rev-parse", "HEAD");
      folder.git(work, "push", "--quiet", "origin", "HEAD:refs/tags/v1", "HEAD:refs/heads/release/1");
      folder.push("api", { more: "" });
      const newest = folder.git(work, "rev-parse", "HEAD");
      for (const [revision, commit] of [
        ["main", newest],
        ["v1", first],
        ["release/1", first],
        [first, first],
        [first.slice(0, 10), first],
      ] as const) {
        execFileSync("rm", ["-rf", folder.at("workspace")]);
        mkdirSync(folder.at("workspace"));
        const { code, output } = await checkOut(url, revision);
        assert.equal(code, 0, `${revision}: ${output}`);
        assert.equal(folder.read("workspace", "commit"), commit, revision);
        assert.match(folder.read("workspace", "tag"), new RegExp(`^${commit}-[0-9]{10,}$`));
        assert.ok(existsSync(folder.at("workspace", "source", "Dockerfile")));
      }
    });

    it("stops at what does not work, and tells nothing", async () => {
      const url = folder.remote("api", { Dockerfile: "" });
      for (const [repository, revision] of [
        [url, "nowhere"],
        [`${url}-not`, "main"],
        ["--upload-pack=touch stolen", "main"],
      ] as const) {
        const { code } = await checkOut(repository, revision);
        assert.notEqual(code, 0, `${repository} ${revision}`);
        assert.ok(!existsSync(folder.at("workspace", "commit")));
        execFileSync("rm", ["-rf", folder.at("workspace", "source")]);
      }
      assert.ok(!existsSync(folder.at("stolen")));
    });
  });

  describe("Git's logins", () => {
    /** What Git would send to a host that asks for a login. */
    function login(url: string): string {
      const [protocol = "", host = ""] = url.split("://");
      const { stdout } = spawnSync("git", ["credential", "fill"], {
        input: `protocol=${protocol}\nhost=${host}\n\n`,
        env: {
          PATH: process.env.PATH,
          HOME: folder.at("workspace"),
          GIT_CONFIG_NOSYSTEM: "1",
          GIT_TERMINAL_PROMPT: "0",
        },
        encoding: "utf8",
      });
      return /^password=(.*)$/m.exec(stdout)?.[1] ?? "none";
    }

    it("go to the hosts that settings name, and to no other", async () => {
      folder.write("git/git.choreo.test/username", "platform");
      folder.write("git/git.choreo.test/password", "first");
      folder.write("git/code.choreo.test:8443/username", "platform");
      folder.write("git/code.choreo.test:8443/password", "second");
      const url = folder.remote("api", { file: "" });
      assert.equal((await folder.run(stepOf("checkout"), { REPOSITORY: url, REVISION: "main" })).code, 0);
      assert.equal(login("https://git.choreo.test"), "first");
      assert.equal(login("https://code.choreo.test:8443"), "second");
      for (const other of [
        "https://evil.test",
        "https://git.choreo.test.evil.test",
        "https://code.choreo.test",
        "http://git.choreo.test",
        "https://sub.git.choreo.test",
      ])
        assert.equal(login(other), "none", other);
    });

    it("do not follow a redirect, and Git speaks HTTPS alone", async () => {
      const { source, env } = stepOf("checkout");
      assert.match(source, /http\.followRedirects false/);
      for (const name of ["checkout", "promote"])
        assert.ok(stepOf(name).env.some(({ name: key, value }) => key === "GIT_ALLOW_PROTOCOL" && value === "https"));
      const url = folder.remote("api", { file: "" });
      await folder.run({ command: ["sh", "-eu"], source, env }, { REPOSITORY: url, REVISION: "main" });
      assert.match(folder.read("workspace", ".gitconfig"), /followRedirects = false/);
    });
  });

  describe("dockerfile", () => {
    const values = { IMAGE, TAG: "abc-1", SOURCE_PATH: "services/api" };
    const built = `{"containerimage.descriptor": {}, "containerimage.digest": "${DIGEST}"}`;
    const metadata = 'while [ "$1" != --metadata-file ]; do shift; done';
    beforeEach(() => folder.write("workspace/source/services/api/Dockerfile", "FROM scratch"));

    it("pushes an image with a tag, and tells its digest", async () => {
      folder.fake("buildctl-daemonless.sh", metadata, `echo '${built}' >"$2"`);
      const { code, output, calls } = await folder.run(stepOf("dockerfile"), values);
      assert.equal(code, 0, output);
      assert.equal(folder.read("workspace", "digest").trim(), DIGEST);
      const context = folder.at("workspace/source/services/api");
      assert.ok(calls[0]?.includes(`--local context=${context} --local dockerfile=${context} `), calls[0]);
      assert.ok(calls[0]?.includes(`type=image,name=${IMAGE}:abc-1,push=true,registry.insecure=false`), calls[0]);
    });

    it("stops where BuildKit fails, or says no digest", async () => {
      folder.fake("buildctl-daemonless.sh", "exit 7");
      assert.equal((await folder.run(stepOf("dockerfile"), values)).code, 7);
      folder.fake("buildctl-daemonless.sh", metadata, "echo '{}' >\"$2\"");
      const { code, output } = await folder.run(stepOf("dockerfile"), values);
      assert.equal(code, 1);
      assert.match(output, /did not say the image's digest/);
    });

    it("takes no folder that a link leads out of the source to, where the registry's login is", async () => {
      mkdirSync(folder.at("registry/deeper"), { recursive: true });
      execFileSync("ln", ["-s", folder.at("registry"), folder.at("workspace/source/link")]);
      folder.fake("buildctl-daemonless.sh", "exit 0");
      for (const SOURCE_PATH of ["link", "..", "link/deeper"]) {
        const { code, output, calls } = await folder.run(stepOf("dockerfile"), { ...values, SOURCE_PATH });
        assert.equal(code, 1, SOURCE_PATH);
        assert.match(output, /leads out of the source/);
        assert.deepEqual(calls, []);
      }
    });
  });

  describe("registry-login", () => {
    const ecr = { host: "1.dkr.ecr.eu-west-1.amazonaws.com", region: "eu-west-1" };

    it("writes a token of ECR where the steps look for it, for nobody else to read", async () => {
      folder.fake("aws", 'if [ "$*" = "ecr get-login-password --region eu-west-1" ]; then echo token; else exit 3; fi');
      const { code, output } = await folder.run(stepOf("registry-login", { ...ARGS, ecr }), {});
      assert.equal(code, 0, output);
      const auth = Buffer.from("AWS:token").toString("base64");
      assert.deepEqual(JSON.parse(folder.read("workspace/.registry/config.json")), { auths: { [ecr.host]: { auth } } });
      assert.equal(statSync(folder.at("workspace/.registry/config.json")).mode & 0o077, 0);
    });

    it("stops where there is no token", async () => {
      folder.fake("aws", "exit 255");
      assert.notEqual((await folder.run(stepOf("registry-login", { ...ARGS, ecr }), {})).code, 0);
      assert.ok(!existsSync(folder.at("workspace/.registry/config.json")));
    });
  });

  describe("scan and sign", () => {
    const values = { IMAGE, DIGEST, COMPONENT: "shop.store.api", COMMIT: "abc" };

    it("look at the digest that was built, and stop with what they run", async () => {
      folder.fake("trivy", "exit 0");
      const { code, calls } = await folder.run(stepOf("scan"), values);
      assert.equal(code, 0);
      assert.match(calls[0] ?? "", new RegExp(`--severity CRITICAL,HIGH .*--exit-code 1 ${IMAGE}@${DIGEST}$`));
      folder.fake("trivy", "exit 1");
      assert.equal((await folder.run(stepOf("scan"), values)).code, 1);
    });

    it("sign with the key of the cluster, and nothing where it cannot be read", async () => {
      folder.fake("cosign", "exit 0");
      const { code, output, calls } = await folder.run(stepOf("sign"), values);
      assert.equal(code, 0, output);
      assert.match(calls[0] ?? "", /^cosign import-key-pair --key \/signing\/key\.pem /);
      assert.match(calls[1] ?? "", new RegExp(`-a component=shop.store.api -a commit=abc ${IMAGE}@${DIGEST}$`));
      folder.fake("cosign", 'test "$1" = sign');
      const failed = await folder.run(stepOf("sign"), values);
      assert.notEqual(failed.code, 0);
      assert.equal(failed.calls.length, 1);
    });
  });

  describe("promote", () => {
    const step = stepOf("promote");
    const values = (DEPLOY_REPOSITORY: string, more: Readonly<Record<string, string>> = {}) => ({
      DEPLOY_REPOSITORY,
      DEPLOY_PATH: "store/api/image.yaml",
      DEPLOY_KEY: ".image",
      COMPONENT: "shop.store.api",
      COMMIT: "abc",
      IMAGE,
      DIGEST,
      ...more,
    });
    const file = (path = "store/api/image.yaml") => folder.git("remotes/deploy.git", "show", `main:${path}`);
    const log = () => folder.git("remotes/deploy.git", "log", "--format=%s", "main").split("\n");
    beforeEach(() => folder.fake("yq", ...YQ));

    it("writes the image into Git, once", async () => {
      const url = folder.remote("deploy", { "store/api/image.yaml": "image: old\n" });
      const { code, output, calls } = await folder.run(step, values(url));
      assert.equal(code, 0, output);
      assert.equal(file(), `image: ${IMAGE}@${DIGEST}`);
      assert.deepEqual(log(), ["shop.store.api: image of abc", "files"]);
      assert.equal(calls[0], "yq --inplace .image = strenv(NEW_IMAGE) store/api/image.yaml");
      assert.equal((await folder.run(step, values(url))).code, 0);
      assert.equal(log().length, 2);
    });

    it("lets others push at the same time, and writes on top of theirs", async () => {
      const names = ["a", "b", "c", "d"];
      const path = (name: string) => `store/${name}/image.yaml`;
      const url = folder.remote("deploy", Object.fromEntries(names.map((name) => [path(name), "image: old\n"])));
      // All of them have cloned before the first one pushes.
      folder.fake("yq", ...YQ, "PATH=/usr/bin:/bin sleep 1");
      for (const name of names) mkdirSync(folder.at(name));
      const runs = names.map((name) =>
        folder.run(step, values(url, { DEPLOY_PATH: path(name), COMPONENT: name }), name),
      );
      for (const { code, output } of await Promise.all(runs)) assert.equal(code, 0, output);
      for (const name of names) assert.equal(file(path(name)), `image: ${IMAGE}@${DIGEST}`);
      assert.equal(log().length, 5);
    });

    it("wins over a push into the same line that came in between", async () => {
      const url = folder.remote("deploy", { "store/api/image.yaml": "image: old\n" });
      folder.fake(
        "yq",
        ...YQ,
        `if [ -f "${folder.at("pushed")}" ]; then exit 0; fi`,
        `touch "${folder.at("pushed")}"`,
        [
          "unset GIT_CONFIG_GLOBAL",
          `cd "${folder.at("remotes/deploy-work")}"`,
          "echo 'image: of another' >store/api/image.yaml",
          "git -c user.name=D -c user.email=d@choreo.test commit --quiet --all --message other",
          "git push --quiet",
        ].join(" && "),
      );
      const { code, output } = await folder.run(step, values(url));
      assert.equal(code, 0, output);
      assert.match(output, /attempt 1: someone else pushed first/);
      assert.equal(file(), `image: ${IMAGE}@${DIGEST}`);
      assert.deepEqual(log(), ["shop.store.api: image of abc", "other", "files"]);
    });

    it("says that it cannot, where nobody may push", async () => {
      const url = folder.remote("deploy", { "store/api/image.yaml": "image: old\n" });
      folder.write("remotes/deploy.git/hooks/pre-receive", "#!/bin/sh\nexit 1\n");
      execFileSync("chmod", ["+x", folder.at("remotes/deploy.git/hooks/pre-receive")]);
      assert.equal((await folder.run(step, values(url))).code, 1);
      assert.deepEqual(log(), ["files"]);
    });

    it("stops where yq fails, and pushes nothing", async () => {
      const url = folder.remote("deploy", { "store/api/image.yaml": "image: old\n" });
      folder.fake("yq", 'echo broken >"$3"', "exit 5");
      assert.equal((await folder.run(step, values(url))).code, 5);
      assert.deepEqual(log(), ["files"]);
    });

    it("does nothing without a repository", async () => {
      const { code, calls } = await folder.run(step, values(""));
      assert.deepEqual([code, calls], [0, []]);
    });

    it("takes neither a link, nor a file that Git does not have, nor more than a path", async () => {
      folder.write("git/git.choreo.test/password", "secret");
      const secret = folder.at("git/git.choreo.test/password");
      const url = folder.remote("deploy", {
        "image.yaml": `-> ${secret}`,
        folder: "-> ../..",
        "good.yaml": "image: a\n",
      });
      for (const [DEPLOY_PATH, DEPLOY_KEY] of [
        ["image.yaml", ".image"],
        ["folder/git/git.choreo.test/password", ".image"],
        ["../../git/git.choreo.test/password", ".image"],
        ["*.yaml", ".image"],
        ["nothing.yaml", ".image"],
        ["good.yaml", 'load("/git/git.choreo.test/password")'],
        ["good.yaml", ".image = env(HOME) | .image"],
        ["good.yaml", ""],
      ] as const) {
        const { code, calls } = await folder.run(step, values(url, { DEPLOY_PATH, DEPLOY_KEY }));
        assert.notEqual(code, 0, `${DEPLOY_PATH} ${DEPLOY_KEY}`);
        assert.ok(!calls.some((call) => call.startsWith("yq")), DEPLOY_PATH);
      }
      assert.deepEqual(log(), ["files"]);
    });
  });
});

import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { RehearsalError, run } from "../process";
import type { Progress } from "../progress";
import { type Build, MODULES } from "./builds";

/** Variables that Go needs of the user's environment: where modules come from and where its caches are. */
const GO_VARIABLES =
  /^(PATH|HOME|TMPDIR|LANG|GO[A-Z0-9]*|XDG_CACHE_HOME|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY|SSL_CERT_(FILE|DIR))$/;

/** Builds one binary from its pinned module into `folder`. @throws RehearsalError with what to do. */
export async function build(target: Build, go: string, folder: string, progress: Progress): Promise<void> {
  const cwd = join(MODULES, target.module);
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => GO_VARIABLES.test(name))),
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
  };
  mkdirSync(folder, { recursive: true });
  const output = join(folder, `.${target.binary}.${process.pid}`);
  const minutes = target.minutes < 1 ? "under a minute" : `about ${Math.ceil(target.minutes)} min`;
  await progress.during(
    `building ${target.binary} from its Go module (${minutes} the first time on two cores)`,
    async () => {
      await copyFiles(target, go, cwd, env);
      const args = ["build", "-trimpath", "-ldflags", target.ldflags, "-o", output, target.package];
      const { code, output: printed } = await run(go, args, { cwd, env });
      if (code !== 0) throw failure(target, printed);
    },
  );
  renameSync(output, join(folder, target.binary));
}

async function copyFiles(target: Build, go: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (const { module, from, to } of target.copy ?? []) {
    const download = await run(go, ["mod", "download", module], { cwd, env });
    if (download.code !== 0) throw failure(target, download.output);
    const { code, output } = await run(go, ["list", "-m", "-f", "{{.Dir}}", module], { cwd, env });
    const source = join(output.trim(), from);
    if (code !== 0 || !existsSync(source)) throw failure(target, output);
    const destination = join(cwd, to);
    mkdirSync(dirname(destination), { recursive: true });
    rmSync(destination, { force: true });
    copyFileSync(source, destination);
    // Files of the module cache are read-only; a copy that cannot be replaced would stop the next build.
    chmodSync(destination, 0o644);
  }
}

function failure(target: Build, printed: string): RehearsalError {
  const tail = printed.trim().split("\n").slice(-8).join("\n  ");
  return new RehearsalError(
    `${target.binary} could not be built from its Go module:\n  ${tail}\n` +
      "Check that Go 1.26 is installed and reaches its module proxy (go env GOPROXY), then run the command again; what is built already is kept.",
  );
}

import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";

// The part of Pulumi's language host for Node.js that runs a program, as a program that the engine starts, for where
// the host itself is not to be had. Source: pulumi/pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go.

/** Variable with the file that each run of a program is written to, one JSON a line. */
export const RUNS_FILE = "OPENCHOREO_TEST_RUNS";

/** How a program was run, and how it ended. */
export interface ProgramRun {
  readonly args: readonly string[];
  readonly code: number | null;
  readonly output: string;
}

/** Exit code of a program that has logged its error; see @pulumi/pulumi/cmd/run. */
const LOGGED = 32;

type Answer<T> = (error: Error | null, response: T) => void;

/** Serves what the engine asks a language host for, and says where. */
function serve(engine: string): void {
  const server = new grpc.Server();
  server.addService(rpc.LanguageRuntimeService as unknown as grpc.ServiceDefinition, {
    getPluginInfo: (_: unknown, answer: Answer<plugin.PluginInfo>) => {
      const info = new plugin.PluginInfo();
      info.setVersion("1.0.0");
      answer(null, info);
    },
    getRequiredPlugins: (_: unknown, answer: Answer<language.GetRequiredPluginsResponse>) =>
      answer(null, new language.GetRequiredPluginsResponse()),
    run: (call: { request: language.RunRequest }, answer: Answer<language.RunResponse>) =>
      void runProgram(call.request, engine).then((run) => {
        appendFileSync(process.env[RUNS_FILE] ?? "/dev/null", `${JSON.stringify(run)}\n`);
        const response = new language.RunResponse();
        // The program has said itself what was wrong; the engine need not say more.
        if (run.code === LOGGED) response.setBail(true);
        else if (run.code !== 0) response.setError(`the program ended with ${run.code}: ${run.output}`);
        answer(null, response);
      }),
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port}\n`);
  });
}

/** `execNodejs` and `constructArguments` there. */
function runProgram(request: language.RunRequest, engine: string): Promise<ProgramRun> {
  const info = request.getInfo();
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as { nodeargs?: string; typescript?: boolean };
  const folder = info?.getProgramDirectory() ?? "";
  const given: Record<string, string | undefined> = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    "root-directory": info?.getRootDirectory(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: folder,
    "dry-run": request.getDryrun() ? "true" : undefined,
    parallel: String(request.getParallel()),
  };
  const flags = Object.entries(given).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
  const run = join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run");
  const args = [...(options.nodeargs?.split(" ") ?? []), run, ...flags, info?.getEntryPoint() ?? "."];
  const program = spawn(process.execPath, args, {
    cwd: folder,
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    },
  });
  let output = "";
  for (const stream of [program.stdout, program.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => program.once("close", (code) => resolve({ args, code, output })));
}

// The engine gives its own address last.
if (require.main === module) serve(process.argv.at(-1) ?? "");

import { spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";

/** How the program was run, and how it ended. */
export interface ProgramRun {
  readonly args: readonly string[];
  readonly code: number | null;
  readonly output: string;
}

/** The part of Pulumi's language host for Node.js that runs a program, for where the host itself is not to be had. */
export interface LanguageHost {
  readonly port: number;
  readonly runs: readonly ProgramRun[];
  readonly stop: () => void;
}

/** Serves what the engine asks a language host for. */
export function startLanguageHost(env: NodeJS.ProcessEnv): Promise<LanguageHost> {
  const runs: ProgramRun[] = [];
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
      void runProgram(call.request, env).then((run) => {
        runs.push(run);
        const response = new language.RunResponse();
        if (run.code !== 0) response.setError(`the program ended with ${run.code}: ${run.output}`);
        answer(null, response);
      }),
  });
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error !== null) reject(error);
      else resolve({ port, runs, stop: () => server.forceShutdown() });
    });
  });
}

type Answer<T> = (error: Error | null, response: T) => void;

/** Source: pulumi/pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go, `execNodejs` and `constructArguments`. */
function runProgram(request: language.RunRequest, env: NodeJS.ProcessEnv): Promise<ProgramRun> {
  const info = request.getInfo();
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as { nodeargs?: string; typescript?: boolean };
  const folder = info?.getProgramDirectory() ?? "";
  const given: Record<string, string | undefined> = {
    monitor: request.getMonitorAddress(),
    engine: request.getArgsList()[0],
    organization: request.getOrganization(),
    "root-directory": info?.getRootDirectory(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: folder,
    "dry-run": request.getDryrun() ? "true" : undefined,
    parallel: String(request.getParallel()),
  };
  const flags = Object.entries(given).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
  const args = [
    ...(options.nodeargs?.split(" ") ?? []),
    join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run"),
    ...flags,
    info?.getEntryPoint() ?? ".",
  ];
  const program = spawn(process.execPath, args, {
    cwd: folder,
    env: {
      ...env,
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

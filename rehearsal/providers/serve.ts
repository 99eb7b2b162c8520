import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { CheckResult, ReadResult } from "@pulumi/pulumi/provider";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap } from "./wire";

/** What a change does to a resource. */
export interface Difference {
  /** Paths of the inputs that changed. */
  readonly changed: readonly string[];
  /** Those of them for which a new resource is needed. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** A resource as the engine has it. */
export interface Known {
  readonly id: string;
  readonly urn: string;
  readonly state: PropertyMap;
  /** Inputs of that state. */
  readonly inputs: PropertyMap;
}

/**
 * A provider with all that `Provider` of the SDK leaves out: its configuration, and previews of creates and updates, in
 * which a value that is not known stays the only one that is not.
 */
export interface ConfiguredProvider {
  readonly version: string;
  checkConfig(news: PropertyMap): CheckResult;
  /** Names of the settings whose change replaces the provider and everything that it made. */
  diffConfig(olds: PropertyMap, news: PropertyMap): readonly string[];
  configure(settings: PropertyMap): void;
  check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckResult>;
  diff(known: Known, news: PropertyMap): Promise<Difference>;
  create(urn: string, inputs: PropertyMap, preview: boolean): Promise<{ id: string; outs: PropertyMap }>;
  /** No id in the answer means that it is gone. */
  read(known: Known): Promise<ReadResult>;
  update(known: Known, news: PropertyMap, preview: boolean): Promise<PropertyMap>;
  delete(known: Known): Promise<void>;
  invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
}

/** Serves the engine, which reads the port from standard output, until it ends the process. */
export async function serve(provider: ConfiguredProvider): Promise<void> {
  const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(ResourceProviderService, { ...configuration(provider), ...operations(provider) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  process.stdout.write(`${port}\n`);
}

type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void;

function handler<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): Handler<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          callback({ code: status.UNKNOWN, details });
        },
      );
  };
}

function configuration(provider: ConfiguredProvider) {
  return {
    getPluginInfo: handler(() => new PluginInfo().setVersion(provider.version)),
    getSchema: handler(() => new messages.GetSchemaResponse().setSchema("{}")),
    attach: handler(() => new Empty()),
    cancel: handler(() => new Empty()),
    checkConfig: handler((request: messages.CheckRequest) => checked(provider.checkConfig(map(request.getNews())))),
    diffConfig: handler((request: messages.DiffRequest) => {
      const changed = provider.diffConfig(map(request.getOlds()), map(request.getNews()));
      return difference({ changed, replaces: changed, deleteBeforeReplace: false });
    }),
    configure: handler((request: messages.ConfigureRequest) => {
      provider.configure(map(request.getArgs()));
      return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
  };
}

function operations(provider: ConfiguredProvider) {
  return {
    invoke: handler(async (request: messages.InvokeRequest) => {
      const result = await provider.invoke(request.getTok(), map(request.getArgs()));
      return new messages.InvokeResponse().setReturn(struct(result));
    }),
    check: handler(async (request: messages.CheckRequest) =>
      checked(await provider.check(request.getUrn(), map(request.getOlds()), map(request.getNews()))),
    ),
    diff: handler(async (request: messages.DiffRequest) =>
      difference(
        await provider.diff(known(request, request.getOlds(), request.getOldInputs()), map(request.getNews())),
      ),
    ),
    create: handler(async (request: messages.CreateRequest) => {
      const { id, outs } = await provider.create(request.getUrn(), map(request.getProperties()), request.getPreview());
      return new messages.CreateResponse().setId(id).setProperties(struct(outs));
    }),
    read: handler(async (request: messages.ReadRequest) => {
      const { id, props, inputs } = await provider.read(known(request, request.getProperties(), request.getInputs()));
      return new messages.ReadResponse()
        .setId(id ?? "")
        .setProperties(struct(props ?? {}))
        .setInputs(struct(inputs ?? {}));
    }),
    update: handler(async (request: messages.UpdateRequest) => {
      const before = known(request, request.getOlds(), request.getOldInputs());
      const outs = await provider.update(before, map(request.getNews()), request.getPreview());
      return new messages.UpdateResponse().setProperties(struct(outs));
    }),
    delete: handler(async (request: messages.DeleteRequest) => {
      await provider.delete(known(request, request.getProperties(), request.getOldInputs()));
      return new Empty();
    }),
  };
}

function known(request: { getId(): string; getUrn(): string }, state?: Struct, inputs?: Struct): Known {
  return { id: request.getId(), urn: request.getUrn(), state: map(state), inputs: map(inputs) };
}

function checked({ inputs, failures = [] }: CheckResult): messages.CheckResponse {
  const list = failures.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property).setReason(reason),
  );
  return new messages.CheckResponse().setInputs(struct(inputs ?? {})).setFailuresList(list);
}

function difference({ changed, replaces, deleteBeforeReplace }: Difference): messages.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(changed.map(topOf))])
    .setReplacesList([...new Set(replaces.map(topOf))])
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const { UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  for (const path of changed) {
    const kind = replaces.includes(path) ? UPDATE_REPLACE : UPDATE;
    response.getDetaileddiffMap().set(path, new messages.PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response;
}

function topOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

function map(properties: Struct | undefined): PropertyMap {
  return properties?.toJavaScript() ?? {};
}

/** A struct knows no `undefined`; JSON leaves it out. */
function struct(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

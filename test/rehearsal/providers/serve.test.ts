import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { standInProviders, writeProviderWrapper } from "../../../rehearsal/providers";
import { ACCOUNT } from "../../../rehearsal/providers/aws/account-file";

const URN = "urn:pulumi:test::openchoreo::aws:sqs/queue:Queue::queue";
const struct = (values: Record<string, JavaScriptValue>) => Struct.fromJavaScript(values);

/** Calls as the engine makes them. */
function ask<Response>(
  call: (answer: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

describe("a stand-in provider with a configuration of its own, as the engine talks with it", () => {
  const folder = mkdtempSync(join(tmpdir(), "serve-"));
  let plugin: ChildProcess;
  let client: ResourceProviderClient;

  before(async () => {
    const aws = standInProviders.find(({ plugin: name }) => name === "pulumi-resource-aws") ?? assert.fail();
    const env = { ...process.env, [ACCOUNT]: join(folder, "account.jsonl") };
    const path = writeProviderWrapper(aws, folder);
    plugin = spawn(path, ["127.0.0.1:1"], { cwd: tmpdir(), env, stdio: ["ignore", "pipe", "inherit"] });
    const [port] = await once(plugin.stdout ?? assert.fail(), "data");
    client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
  });
  after(() => {
    client?.close();
    plugin?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is configured, and previews", async () => {
    const request = new messages.ConfigureRequest().setArgs(struct({ region: "eu-west-1" }));
    const configured = await ask<messages.ConfigureResponse>((answer) => client.configure(request, answer));
    assert.deepEqual([configured.getAcceptsecrets(), configured.getSupportspreview()], [true, true]);
    const check = new messages.CheckRequest().setNews(struct({ region: "eu-west-9" }));
    const { failuresList } = (
      await ask<messages.CheckResponse>((answer) => client.checkConfig(check, answer))
    ).toObject();
    assert.deepEqual(failuresList, [{ property: "region", reason: "Invalid AWS Region: eu-west-9" }]);
    const diff = new messages.DiffRequest().setOlds(struct({ region: "a" })).setNews(struct({ region: "b" }));
    assert.deepEqual(
      (await ask<messages.DiffResponse>((answer) => client.diffConfig(diff, answer))).getReplacesList(),
      ["region"],
    );
  });

  it("makes, changes, reads and deletes", async () => {
    const inputs = struct({ name: "queue" });
    const planned = new messages.CreateRequest().setUrn(URN).setProperties(inputs).setPreview(true);
    assert.equal((await ask<messages.CreateResponse>((answer) => client.create(planned, answer))).getId(), "");
    const create = new messages.CreateRequest().setUrn(URN).setProperties(inputs);
    const made = await ask<messages.CreateResponse>((answer) => client.create(create, answer));
    assert.match(made.getId(), /^https:\/\/sqs\.eu-west-1\.amazonaws\.com\/123456789012\/queue$/);
    const news = struct({ name: "queue", messageRetentionSeconds: 300 });
    const diff = new messages.DiffRequest().setUrn(URN).setId(made.getId()).setOlds(made.getProperties());
    const difference = await ask<messages.DiffResponse>((answer) =>
      client.diff(diff.setOldInputs(inputs).setNews(news), answer),
    );
    assert.deepEqual(difference.getDiffsList(), ["messageRetentionSeconds"]);
    assert.deepEqual([difference.getReplacesList(), difference.getHasdetaileddiff()], [[], true]);
    const update = new messages.UpdateRequest().setUrn(URN).setId(made.getId()).setOlds(made.getProperties());
    const updated = await ask<messages.UpdateResponse>((answer) =>
      client.update(update.setOldInputs(inputs).setNews(news), answer),
    );
    assert.equal(updated.getProperties()?.toJavaScript().messageRetentionSeconds, 300);
    const remove = new messages.DeleteRequest().setUrn(URN).setId(made.getId());
    await ask<unknown>((answer) => client.delete(remove.setProperties(updated.getProperties()), answer));
    const read = new messages.ReadRequest().setUrn(URN).setId(made.getId()).setProperties(made.getProperties());
    assert.equal((await ask<messages.ReadResponse>((answer) => client.read(read, answer))).getId(), "", "it is gone");
  });

  it("says no in AWS's words, and answers functions", async () => {
    const create = new messages.CreateRequest()
      .setUrn(URN)
      .setProperties(struct({ name: "q", kmsMasterKeyId: "none" }));
    await assert.rejects(
      ask<messages.CreateResponse>((answer) => client.create(create, answer)),
      {
        details: "creating aws.sqs.Queue (queue): api error NotFoundException: Key 'none' does not exist",
      },
    );
    const invoke = new messages.InvokeRequest().setTok("aws:index/getRegion:getRegion").setArgs(struct({}));
    const answer = await ask<messages.InvokeResponse>((answer) => client.invoke(invoke, answer));
    assert.equal(answer.getReturn()?.toJavaScript().region, "eu-west-1");
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { TSX } from "../../cli/tsx";
import { ROOT } from "../support/stack";

/** Registers a component on mocks; prints what the SDK would tell an engine of where it was made. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { withoutTraces } = require("./cli/lean");
if (process.argv[1] === "lean") withoutTraces();
pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
const { MockMonitor } = require("@pulumi/pulumi/runtime/mocks");
const { registerResource } = MockMonitor.prototype;
const requests = [];
MockMonitor.prototype.registerResource = function (request, callback) {
  if (request.getName() === "made") requests.push(request);
  return registerResource.call(this, request, callback);
};
class Made extends pulumi.ComponentResource {
  constructor() {
    super("a:b:C", "made");
  }
}
const program = async () => void new Made();
pulumi.runtime.runInPulumiStack(program).then(() => pulumi.runtime.disconnect()).then(() => {
  const [request] = requests;
  const position = request.getSourceposition()?.getUri() ?? "";
  process.stdout.write(JSON.stringify({ position, frames: request.getStacktrace()?.getFramesList().length ?? 0 }));
});
`;

function registered(how: "lean" | "plain"): { readonly position: string; readonly frames: number } {
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", TSX, "--eval", PROGRAM, how], {
    cwd: ROOT,
    encoding: "utf8",
  });
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

describe("a lean program", () => {
  it("says nothing of where its resources are made, which the SDK does", () => {
    assert.notDeepEqual(registered("plain"), { position: "", frames: 0 });
    assert.deepEqual(registered("lean"), { position: "", frames: 0 });
  });
});

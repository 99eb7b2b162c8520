import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CONTRACT_VERSION, type PlatformOutput, readPlatform } from "../../components/stacks";
import { type Edits, edit } from "../support/settings";

const HUB = "acme/openchoreo/hub";

/** What a stack puts out; every bad case breaks one thing of it. */
function good(): { platform: PlatformOutput } {
  return {
    platform: {
      contract: CONTRACT_VERSION,
      stack: "hub",
      profile: "production",
      domain: "choreo.test",
      controlPlane: "control",
      clusters: {
        control: {
          planes: ["control"],
          wave: 0,
          apiServer: "control.api.test:6443",
          mesh: { id: 1, address: "172.18.255.1" },
        },
        edge: { planes: ["data"], wave: 1, apiServer: "edge.api.test:6443" },
      },
      trust: { bundle: "(bundle)", authorities: { "root-1": { expires: "2046-01-01T00:00:00Z" } } },
    },
  };
}

const read = (edits: Edits = {}) => readPlatform(HUB, edit(good(), edits).platform);

describe("readPlatform", () => {
  it("gives what the contract says", () => assert.deepEqual(read(), good().platform));

  it("takes a stack without a control plane of its own", () => {
    assert.equal(read({ "platform.controlPlane": undefined }).controlPlane, undefined);
  });

  it("leaves out what a newer program put out beside it", () => {
    assert.deepEqual(read({ "platform.colour": "red", "platform.clusters.edge.colour": "red" }), good().platform);
  });

  const version = `this program version ${CONTRACT_VERSION}; bring the older of the two up with the newer program`;
  const first = `has no output "platform"; bring it up first: pulumi up --stack ${HUB}`;
  const cases: readonly (readonly [title: string, edits: Edits, message: string])[] = [
    ["nothing", { platform: undefined }, first],
    ["null", { platform: null }, first],
    ["a newer version", { "platform.contract": 2 }, `speaks version 2 of the output contract, ${version}`],
    ["a version that is text", { "platform.contract": "1" }, `speaks version 1 of the output contract, ${version}`],
    ["no version", { "platform.contract": undefined }, `speaks version none of the output contract, ${version}`],
    [
      "an output of another program",
      { platform: "https://choreo.test" },
      `speaks version none of the output contract, ${version}`,
    ],
    [
      "a missing key",
      { "platform.domain": undefined },
      "does not keep the output contract: platform.domain: required: text",
    ],
    [
      "a value of another type",
      { "platform.clusters.edge.wave": "1" },
      "does not keep the output contract: platform.clusters.edge.wave: must be a number, but is text",
    ],
    [
      "several mistakes",
      {
        "platform.profile": "staging",
        "platform.clusters.edge.planes": ["data", "date"],
        "platform.trust.bundle": undefined,
      },
      [
        'does not keep the output contract: platform.profile: must be one of "development", "production"',
        'platform.clusters.edge.planes[1]: must be one of "control", "data", "workflow", "observability"',
        "platform.trust.bundle: required: text",
      ].join("; "),
    ],
  ];
  for (const [title, edits, message] of cases) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => read(edits),
        (error: unknown) => {
          assert.ok(pulumi.RunError.isInstance(error));
          assert.equal(error.message, `stack ${HUB} ${message}`);
          return true;
        },
      );
    });
  }
});

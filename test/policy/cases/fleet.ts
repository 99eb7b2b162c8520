import pins from "../../../components/addons/charts.json";
import { type Case, type Made, object, release } from "./case";

const gate = (wave: number, waitsFor: readonly string[]): Made => ({
  ...object("core/v1:ConfigMap", { data: { stack: "test", wave: String(wave) } }, { name: `wave-${wave}` }),
  name: `gate-${wave}`,
  cluster: "control",
  waitsFor,
});
const on = (cluster: string): Made => ({ ...release(pins.opencost, {}), name: `${cluster}.opencost`, cluster });

const FLEET = [
  on("control"),
  on("east"),
  on("west"),
  gate(0, ["control.opencost"]),
  gate(1, ["east.opencost"]),
  gate(2, ["west.opencost"]),
];

const WARN = "pod-security.kubernetes.io/warn";
const QUEUE: Made = {
  name: "main.queue",
  type: "aws:sqs/queue:Queue",
  props: { name: "it", sqsManagedSseEnabled: true, tags: { stack: "test", cluster: "main" } },
  defaultTags: {},
};

export const FLEETS: readonly Case[] = [
  {
    rule: "stack-wave-gates",
    good: FLEET,
    bad: [
      { what: "a cluster that no gate waits for", of: "gate-2", blamed: "west.opencost" },
      { what: "a gate between two that is not there", of: "gate-1", blamed: "east.opencost" },
    ],
  },
];

/** Rules that mend what they find, where they are only to find it. */
export const REMEDIES: readonly Case[] = [
  {
    rule: "aws-tags",
    good: [QUEUE],
    bad: [
      { what: "no tag of the stack", of: "main.queue", at: ["tags", "stack"] },
      { what: "no tags", of: "main.queue", at: ["tags"] },
    ],
  },
  {
    rule: "namespaces-warn",
    good: [
      object(
        "core/v1:Namespace",
        {},
        {
          namespace: undefined,
          labels: { "pod-security.kubernetes.io/enforce": "restricted", [WARN]: "restricted" },
        },
      ),
    ],
    bad: [{ what: "no warnings", at: ["metadata", "labels", WARN] }],
  },
];

import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { z } from "zod";

/** Who is told of alerts. */
export const receiver = z
  .discriminatedUnion(
    "kind",
    [
      z.strictObject({
        kind: z.literal("none").describe("Nobody: alerts are seen in Grafana and Alertmanager alone."),
      }),
      z.strictObject({
        kind: z.literal("webhook").describe("An HTTP endpoint that takes Alertmanager's JSON."),
        secret: z.string().min(1).describe("Key of a secret of this stack that holds the URL."),
      }),
      z.strictObject({
        kind: z.literal("slack").describe("A channel of Slack, by an incoming webhook."),
        secret: z.string().min(1).describe("Key of a secret of this stack that holds the webhook's URL."),
        channel: z
          .string()
          .regex(/^[#@]\S+$/, { error: 'not a channel such as "#platform"' })
          .describe("Channel or user that is written to."),
      }),
    ],
    { error: 'kind is one of "none", "webhook", "slack"' },
  )
  .default({ kind: "none" });
export type Receiver = z.output<typeof receiver>;

const NOBODY = "nobody";
const PLATFORM = "platform";

/**
 * Alertmanager's configuration: one receiver for what the platform raises; tenants add their own by AlertmanagerConfig
 * objects in their namespaces. A severer alert silences the milder ones of its name and namespace.
 */
export function alertmanagerConfig(chosen: Receiver, url: string | undefined): object {
  const equal = ["cluster", "namespace", "alertname"];
  const receivers = [{ name: NOBODY }, ...(chosen.kind === "none" ? [] : [platformReceiver(chosen, url)])];
  return {
    global: { resolve_timeout: "5m" },
    inhibit_rules: [
      { source_matchers: ["severity = critical"], target_matchers: ["severity =~ warning|info"], equal },
      { source_matchers: ["severity = warning"], target_matchers: ["severity = info"], equal },
      // An alert without consequences of its own, which says that others fire in the namespace.
      { source_matchers: ["alertname = InfoInhibitor"], target_matchers: ["severity = info"], equal: ["namespace"] },
      { target_matchers: ["alertname = InfoInhibitor"] },
    ],
    route: {
      receiver: chosen.kind === "none" ? NOBODY : PLATFORM,
      group_by: ["cluster", "namespace", "alertname"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      // The first always fires, to show that alerts work; the others are for whoever looks.
      routes: [
        { receiver: NOBODY, matchers: ["alertname = Watchdog"] },
        { receiver: NOBODY, matchers: ["severity =~ info|none"] },
      ],
    },
    receivers,
  };
}

function platformReceiver(chosen: Exclude<Receiver, { kind: "none" }>, url: string | undefined) {
  if (chosen.kind === "webhook") {
    return { name: PLATFORM, webhook_configs: [{ url, send_resolved: true }] };
  }
  const title = "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }} ({{ .CommonLabels.cluster }})";
  const text =
    "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ with .Annotations.runbook }}{{ . }}\n{{ end }}{{ end }}";
  return {
    name: PLATFORM,
    slack_configs: [{ api_url: url, channel: chosen.channel, send_resolved: true, title, text }],
  };
}

/** The configuration as a file; a secret, as it holds the receiver's URL. */
export function alertmanagerFile(chosen: Receiver): pulumi.Output<string> {
  if (chosen.kind === "none") return pulumi.output(stringify(alertmanagerConfig(chosen, undefined)));
  const url = new pulumi.Config().requireSecret(chosen.secret);
  return url.apply((text) => stringify(alertmanagerConfig(chosen, text)));
}

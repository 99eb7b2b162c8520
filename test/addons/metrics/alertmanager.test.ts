import assert from "node:assert/strict";
import { alertmanagerConfig, type Receiver } from "../../../components/addons/metrics/alertmanager";
import { runFleet } from "../../support/fleet";
import { type BadCase, type Json, refuses, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

function configOf(chosen: Receiver, url?: string): Json {
  return object(alertmanagerConfig(chosen, url));
}

describe("Alertmanager's configuration", () => {
  it("tells nobody without a receiver", () => {
    const { route, receivers } = configOf({ kind: "none" });
    assert.equal(object(route).receiver, "nobody");
    assert.deepEqual(receivers, [{ name: "nobody" }]);
  });

  it("posts to a webhook", () => {
    const { route, receivers } = configOf({ kind: "webhook", secret: "alerts" }, "https://alerts.test/a");
    assert.equal(object(route).receiver, "platform");
    assert.deepEqual(receivers, [
      { name: "nobody" },
      { name: "platform", webhook_configs: [{ url: "https://alerts.test/a", send_resolved: true }] },
    ]);
  });

  it("writes to a channel of Slack, with the cluster in the title", () => {
    const { receivers } = configOf({ kind: "slack", secret: "slack", channel: "#platform" }, "https://slack.test/a");
    const [, platform] = receivers as readonly Json[];
    const [slack] = object(platform).slack_configs as readonly Json[];
    const { api_url, channel, title } = object(slack);
    assert.deepEqual({ api_url, channel }, { api_url: "https://slack.test/a", channel: "#platform" });
    assert.match(String(title), /CommonLabels\.cluster/);
  });

  it("wakes nobody for what always fires, or for what is only to be seen", () => {
    const { route } = configOf({ kind: "webhook", secret: "alerts" }, "https://alerts.test/a");
    assert.deepEqual(object(route).routes, [
      { receiver: "nobody", matchers: ["alertname = Watchdog"] },
      { receiver: "nobody", matchers: ["severity =~ info|none"] },
    ]);
  });

  it("names receivers that there are", () => {
    for (const chosen of [{ kind: "none" }, { kind: "webhook", secret: "alerts" }] as const) {
      const { route, receivers } = configOf(chosen, "https://alerts.test/a");
      const { receiver, routes } = object(route);
      const used = [receiver, ...(routes as readonly Json[]).map((one) => one.receiver)];
      const known = (receivers as readonly Json[]).map(({ name }) => name);
      assert.deepEqual(
        used.filter((name) => !known.includes(name)),
        [],
      );
    }
  });
});

describe("the secret that a receiver is told by", () => {
  const edits = {
    ...switchOn("kube-prometheus-stack"),
    "platform.prometheus": { alertmanager: { receiver: { kind: "webhook", secret: "alerts" } } },
  };

  it("stands in Alertmanager's own Secret, and nowhere in plain", async () => {
    const config = { "openchoreo:alerts": "https://alerts.test/token" };
    const { graph } = await runFleet(edits, { config, secrets: Object.keys(config) });
    const { metadata, stringData } = graph.get("east.kube-prometheus-stack-alertmanager").inputs;
    assert.equal(object(metadata).name, "choreo-alertmanager");
    assert.match(JSON.stringify(object(stringData).secret), /alerts\.test/);
    const plain = JSON.stringify(graph.resources, (_, value) => (value?.secret === undefined ? value : "(secret)"));
    assert.doesNotMatch(plain, /alerts\.test/);
  });
});

describe("settings of metrics", () => {
  const receiver = "platform.prometheus.alertmanager.receiver";
  const cases: readonly BadCase[] = [
    [
      "a receiver of a kind that there is not",
      { [receiver]: { kind: "pager" } },
      `${receiver}.kind: kind is one of "none", "webhook", "slack"`,
    ],
    [
      "a channel that is none",
      { [receiver]: { kind: "slack", secret: "slack", channel: "platform" } },
      `${receiver}.channel: not a channel such as "#platform"`,
    ],
    [
      "metrics that go before they are kept elsewhere",
      { "platform.prometheus.retention": "2h" },
      "platform.prometheus.retention: at least 6h, in hours or days: metrics are kept elsewhere only after some hours",
    ],
    [
      "metrics that go before they are downsampled",
      { "platform.thanos.retention": { raw: "1d", fiveMinutes: "9d" } },
      "platform.thanos.retention.raw: at least 2d: younger metrics are not downsampled yet",
      "platform.thanos.retention.fiveMinutes: at least 10d: younger metrics are not downsampled to an hour yet",
    ],
    [
      "a retention that is no number of days",
      { "platform.thanos.retention": { oneHour: "1y" } },
      'platform.thanos.retention.oneHour: not a number of days such as "30d"',
    ],
    [
      "a query over all clusters without the clusters' own",
      { "platform.thanosGlobal": {}, "platform.s3Server": {}, "platform.thanos": { enabled: false } },
      "platform.thanos.enabled: false, but thanos-global needs it; switch thanos-global off too, or leave it on",
    ],
  ];
  refuses(cases);
});

import assert from "node:assert/strict";
import { addonOf, identitiesOn, valuesOn } from "../../support/addons";
import { runFleet } from "../../support/fleet";
import { type Edits, PRODUCTION, refuses, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

describe("metrics-server", () => {
  const addon = addonOf("metrics-server");
  const ON = switchOn(addon.name);

  it("is verified by the mesh's root, with a certificate for the name that the API server calls", async () => {
    const { graph } = await runFleet({ ...ON, tenants: {} });
    const { values } = graph.get("east.metrics-server", "kubernetes:helm.sh/v3:Release").inputs;
    assert.deepEqual(object(values).apiService, {
      insecureSkipTLSVerify: false,
      caBundle: "(certPem of mesh.root-1)",
    });
    const { dnsNames } = graph.get("east.metrics-server-tls-request").inputs;
    assert.deepEqual(dnsNames, ["metrics-server.kube-system.svc"]);
    const secret = graph.get("east.metrics-server-tls", "kubernetes:core/v1:Secret");
    assert.deepEqual(secret.inputs.metadata, { name: "metrics-server-tls", namespace: "kube-system" });
    assert.deepEqual(object(object(values).tls).existingSecret, { name: "metrics-server-tls", lookup: false });
  });

  const insecure = ["--kubelet-insecure-tls"];
  const cases: readonly (readonly [title: string, edits: Edits, aws: boolean, args: readonly string[]])[] = [
    ["does not verify kubelets in development", {}, false, insecure],
    ["verifies them in production", PRODUCTION, false, []],
    ["verifies them on EKS", {}, true, []],
    ["verifies them where it is told to", { "platform.metricsServer.verifyKubelets": true }, false, []],
    [
      "does not where it is told not to",
      { ...PRODUCTION, "platform.metricsServer.verifyKubelets": false },
      false,
      insecure,
    ],
  ];
  for (const [title, edits, aws, args] of cases) {
    it(title, async () => {
      assert.deepEqual((await valuesOn("east", addon, { ...ON, ...edits }, { aws })).args, args);
    });
  }

  it("is spread over zones where it is replicated", async () => {
    const values = await valuesOn("east", addon, { ...ON, ...PRODUCTION });
    assert.deepEqual(
      [values.replicas, (values.topologySpreadConstraints as unknown[]).length, values.podDisruptionBudget],
      [2, 1, { enabled: true, minAvailable: 1 }],
    );
  });
});

describe("the Vertical Pod Autoscaler", () => {
  const ON = switchOn("vertical-pod-autoscaler", "metrics-server");

  it("recommends, and neither evicts nor changes pods", async () => {
    const values = await valuesOn("east", addonOf("vertical-pod-autoscaler"), ON);
    assert.deepEqual([values.updater, values.admissionController], [{ enabled: false }, { enabled: false }]);
    const { graph } = await runFleet({ ...ON, tenants: {} });
    const made = graph.ofType("kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler");
    assert.deepEqual(
      made.filter(({ name }) => name.startsWith("east.")).map(({ inputs }) => inputs.metadata),
      [
        { name: "cilium", namespace: "kube-system" },
        { name: "cilium-operator", namespace: "kube-system" },
        { name: "metrics-server", namespace: "kube-system" },
      ],
    );
    for (const { inputs } of made) assert.deepEqual(object(inputs.spec).updatePolicy, { updateMode: "Off" });
  });

  it("looks at no add-on that is not on the cluster, and at what settings name", async () => {
    const workloads = [{ kind: "StatefulSet", namespace: "shop", name: "orders" }];
    const { graph } = await runFleet({
      ...switchOn("vertical-pod-autoscaler"),
      "platform.verticalPodAutoscaler": { workloads },
      "platform.clusters.east.cilium": "present",
      "platform.clusters.east.network.mesh": false,
      tenants: {},
    });
    const made = graph.ofType("kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler");
    const [own, ...others] = made.filter(({ name }) => name.startsWith("east."));
    assert.deepEqual(object(own?.inputs.spec).targetRef, {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      name: "orders",
    });
    assert.deepEqual(others, []);
  });
});

describe("external-dns", () => {
  const addon = addonOf("external-dns");
  const ON = switchOn(addon.name);
  const provider = { name: "cloudflare", env: { CF_API_TOKEN: "dnsToken" }, args: { "cloudflare-proxied": "false" } };

  it("on EKS changes the platform's own zone, and no other", async () => {
    const values = await valuesOn("east", addon, ON, { aws: true });
    assert.deepEqual(
      [values.provider, values.domainFilters, values.extraArgs, values.txtOwnerId],
      [
        { name: "aws" },
        ["choreo.test"],
        { "txt-wildcard-replacement": "any", "zone-id-filter": "Z1", "aws-zone-type": "public" },
        "test.east",
      ],
    );
    assert.deepEqual(await identitiesOn("east", addon, ON), [
      {
        namespace: "external-dns",
        serviceAccount: "external-dns",
        statements: [
          {
            actions: [
              "route53:ChangeResourceRecordSets",
              "route53:ListResourceRecordSets",
              "route53:ListTagsForResources",
            ],
            resources: ["arn:aws:route53:::hostedzone/Z1"],
          },
          { actions: ["route53:ListHostedZones"], resources: ["*"] },
        ],
      },
    ]);
  });

  it("elsewhere signs in by secrets of the stack, which are no values of the chart", async () => {
    const config = { "openchoreo:dnsToken": "hidden" };
    const edits = { ...ON, "platform.externalDns.provider": provider, tenants: {} };
    const { graph } = await runFleet(edits, { config, secrets: Object.keys(config) });
    const { values } = graph.get("east.external-dns", "kubernetes:helm.sh/v3:Release").inputs;
    assert.deepEqual(object(values).env, [
      {
        name: "CF_API_TOKEN",
        valueFrom: { secretKeyRef: { name: "external-dns-credentials", key: "CF_API_TOKEN" } },
      },
    ]);
    assert.deepEqual(graph.get("east.external-dns-credentials").inputs.stringData, {
      secret: { CF_API_TOKEN: "hidden" },
    });
    assert.doesNotMatch(JSON.stringify(values), /hidden/);
  });

  it("reads services and routes, among them the Service of the mesh", async () => {
    const edits: Edits = { ...ON, "platform.externalDns.provider": { name: "rfc2136" }, tenants: {} };
    const { graph } = await runFleet(edits);
    const { values } = graph.get("east.external-dns", "kubernetes:helm.sh/v3:Release").inputs;
    assert.deepEqual(object(values).sources, ["service", "gateway-httproute"]);
    const cilium = graph.get("east.cilium", "kubernetes:helm.sh/v3:Release").inputs.values;
    assert.match(JSON.stringify(cilium), /"external-dns.alpha.kubernetes.io\/hostname":"east.mesh.choreo.test"/);
  });

  it("is left out where nobody says who serves the zone", async () => {
    const { graph } = await runFleet({ ...ON, tenants: {} });
    assert.deepEqual(
      graph.resources.filter(({ name }) => name.includes("external-dns")),
      [],
    );
  });

  refuses([
    [
      "flags with dashes",
      { ...ON, "platform.externalDns.provider": { name: "aws", args: { "--aws-zone-type": "public" } } },
      'platform.externalDns.provider.args.--aws-zone-type: a flag without its dashes, such as "rfc2136-host"',
    ],
  ]);
});

describe("OpenCost", () => {
  const addon = addonOf("opencost");
  const ON = switchOn(addon.name);

  it("asks the cluster's own Prometheus, and serves figures only", async () => {
    const { opencost } = await valuesOn("east", addon, ON);
    const { prometheus, ui, mcp, exporter } = object(opencost);
    assert.deepEqual(object(prometheus).internal, {
      enabled: true,
      serviceName: "kube-prometheus-stack-prometheus",
      namespaceName: "monitoring",
      port: 9090,
    });
    assert.deepEqual([ui, mcp, object(exporter).defaultClusterId], [{ enabled: false }, { enabled: false }, "east"]);
  });

  it("takes prices of machines of one's own, and AWS' own prices on EKS", async () => {
    const edits = { ...ON, "platform.openCost.prices": { cpu: 12, memory: 1.5 } };
    const own = object((await valuesOn("east", addon, edits)).opencost);
    assert.deepEqual(own.customPricing, { enabled: true, costModel: { CPU: 12, RAM: 1.5 } });
    const aws = object((await valuesOn("east", addon, edits, { aws: true })).opencost);
    assert.equal(aws.customPricing, undefined);
  });

  refuses([
    [
      "a cluster without Prometheus",
      { ...ON, "platform.prometheus.enabled": false },
      "platform.prometheus.enabled: false, but opencost needs it; switch opencost off too, or leave it on",
    ],
  ]);
});

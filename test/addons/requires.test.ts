import assert from "node:assert/strict";
import { type Edits, everything, lines, OIDC, ON_EKS, PRODUCTION_ON_EKS, problemsAfter } from "../support/settings";

/** What is switched off in a platform that has everything, and who misses it for what. */
const CASES: readonly (readonly [title: string, platform: Edits, off: readonly string[], ...problems: string[]])[] = [
  [
    "the mesh, of OpenChoreo's components",
    {},
    ["istio"],
    "platform.istio.enabled: false, but openchoreo-data-plane needs it as components are reached through the mesh alone; switch openchoreo-data-plane off too, or leave it on",
  ],
  [
    "the gateway, of OpenChoreo's components",
    {},
    ["envoyGateway"],
    "platform.envoyGateway.enabled: false, but openchoreo-data-plane needs it as the way to components from outside; switch openchoreo-data-plane off too, or leave it on",
  ],
  [
    "the registry, of builds",
    {},
    ["registry"],
    "platform.registry.enabled: false, but builds needs it to push images to; switch builds off too, or leave it on",
  ],
  [
    "what runs workflows, of builds",
    {},
    ["openchoreo", "argoWorkflows"],
    "platform.argoWorkflows.enabled: false, but builds needs it to run its workflows; switch builds off too, or leave it on",
  ],
  [
    "the driver of volumes, of storage classes in AWS",
    ON_EKS,
    ["ebsCsi"],
    "platform.ebsCsi.enabled: false, but storage-classes needs it to make volumes; switch storage-classes off too, or leave it on",
  ],
  [
    "load balancers in AWS, of the gateway",
    ON_EKS,
    ["awsLoadBalancerController"],
    "platform.awsLoadBalancerController.enabled: false, but envoy-gateway needs it for its load balancer; switch envoy-gateway off too, or leave it on",
  ],
  [
    "metrics of pods, of what follows the load in production",
    { ...PRODUCTION_ON_EKS, "platform.openchoreo.oidc": OIDC },
    ["metricsServer"],
    "platform.metricsServer.enabled: false, but istiod needs it to follow the load with its replicas; switch istiod off too, or leave it on",
    "platform.metricsServer.enabled: false, but envoy-gateway needs it to follow the load with its proxies; switch envoy-gateway off too, or leave it on",
  ],
];

/** Its settings are others in AWS, and nothing needs it. */
const OFF: Edits = { "platform.pulumiOperator": undefined };

describe("an add-on that is switched off", () => {
  for (const [title, platform, off, ...problems] of CASES) {
    it(`is missed: ${title}`, () => {
      const edits = Object.fromEntries(off.map((key) => [`platform.${key}.enabled`, false]));
      assert.deepEqual(
        lines(problemsAfter({ ...everything(), ...platform, ...OFF, ...edits })).sort(),
        [...problems].sort(),
      );
    });
  }

  it("is not missed where one of several is enough", () => {
    assert.deepEqual(lines(problemsAfter({ ...everything(), "platform.argoWorkflows.enabled": false })), []);
  });

  it("is missed by each add-on with volumes in AWS", () => {
    const found = lines(problemsAfter({ ...everything(), ...ON_EKS, ...OFF, "platform.storage.enabled": false }));
    const names = found.map((line) => /but (\S+) needs it for its volumes/.exec(line)?.[1]);
    assert.deepEqual(names.sort(), ["kube-prometheus-stack", "opensearch", "thanos"]);
  });
});

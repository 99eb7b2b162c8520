import assert from "node:assert/strict";
import {
  COMPONENT_WORKLOADS,
  componentTypes,
  placedProjectType,
  projectType,
  TRAITS,
  traits,
  WORKFLOWS,
  workflow,
} from "../../components/planes/types";
import { cel, NAMESPACE_OF } from "../../components/planes/types/cel";
import { COMPONENT_TYPES } from "../../components/settings/tenants";
import { runFleet } from "../support/fleet";
import { type Json, switchOn } from "../support/settings";
import { object } from "../support/stack";

interface Template {
  readonly id?: string;
  readonly template: Json;
  readonly targetPlane?: string;
}

const resourcesOf = (spec: object) => (spec as { resources: readonly Template[] }).resources;
const types = Object.entries(componentTypes()).map(([name, { spec }]) => [name, spec] as const);
const project = projectType();
const SITE = { plane: "builder", registry: "registry.test/team" };

/** Every text in a value. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...Object.keys(value), ...Object.values(value)].flatMap(texts);
}

/** Objects that the platform's types and traits render on a data plane. */
function rendered(): Json[] {
  const templates = [
    ...resourcesOf(project),
    ...types.flatMap(([, spec]) => resourcesOf(spec)),
    ...Object.values(traits()).flatMap(({ spec }) => (spec as { creates?: readonly Template[] }).creates ?? []),
  ];
  return templates.filter(({ targetPlane }) => targetPlane !== "observabilityplane").map(({ template }) => template);
}

describe("types of projects and components", () => {
  it("are those that tenants know", () => {
    assert.deepEqual(Object.keys(COMPONENT_WORKLOADS).sort(), [...COMPONENT_TYPES].sort());
    assert.deepEqual(Object.keys(traits()), [...TRAITS]);
  });

  it("have expressions that begin and end", () => {
    const all = [project, componentTypes(), traits(), ...WORKFLOWS.map((name) => workflow(name, SITE))];
    const expressions = all.flatMap(texts).filter((one) => one.includes(cel("").slice(0, 2)));
    assert.ok(expressions.length > 100);
    for (const one of expressions) {
      const depth = [...one].reduce((open, sign) => open + (sign === "{" ? 1 : sign === "}" ? -1 : 0), 0);
      assert.equal(depth, 0, one);
      assert.ok(!one.includes("undefined"), one);
    }
  });

  for (const [name, spec] of types) {
    it(`have a workload of the kind that ${name} says, and ids of their own`, () => {
      const ids = resourcesOf(spec).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.includes((spec as { workloadType: string }).workloadType));
    });
  }

  it("render into the namespace of the project's environment, or the component's own, and nowhere else", () => {
    for (const template of rendered()) {
      const { namespace, name } = object(template.metadata);
      const found = template.kind === "Namespace" ? name : namespace;
      assert.ok(found === cel("metadata.namespace") || found === cel(NAMESPACE_OF), String(template.kind));
    }
  });

  it("render nothing that the agent may not manage", async () => {
    // What the data plane's chart allows its agent. Source: its templates/cluster-agent/clusterrole.yaml.
    const chart: Readonly<Record<string, readonly string[]>> = {
      "": ["Namespace", "Service", "ConfigMap", "ServiceAccount", "PersistentVolumeClaim"],
      apps: ["Deployment"],
      batch: ["CronJob"],
      "rbac.authorization.k8s.io": ["RoleBinding"],
      autoscaling: ["HorizontalPodAutoscaler"],
      policy: ["PodDisruptionBudget"],
      "cilium.io": ["CiliumNetworkPolicy"],
      "gateway.networking.k8s.io": ["HTTPRoute"],
      "external-secrets.io": ["ExternalSecret"],
    };
    const { graph } = await runFleet(switchOn("openchoreo-control-plane"));
    const role = graph.get(
      "east.openchoreo-data-plane-rendered",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    );
    const rules = role.inputs.rules as readonly { apiGroups: string[]; resources: string[] }[];
    for (const { apiVersion, kind } of rendered()) {
      const [group = ""] = String(apiVersion).includes("/") ? String(apiVersion).split("/") : [];
      const plural = `${String(kind).toLowerCase().replace(/y$/, "ie")}s`;
      const ours = rules.some(({ apiGroups, resources }) => apiGroups.includes(group) && resources.includes(plural));
      assert.ok(ours || chart[group]?.includes(String(kind)), `${kind} of ${group}`);
    }
  });
});

describe("a component that says which namespace it runs in", () => {
  const placed = cel(
    "(metadata.environmentName in parameters.namespaces ? parameters.namespaces[metadata.environmentName] : metadata.namespace)",
  );
  const GUARDED = ["AuthorizationPolicy", "PeerAuthentication", "CiliumNetworkPolicy", "HTTPRoute"];

  for (const [name, spec] of types) {
    it(`has every object of a ${name} there`, () => {
      for (const { id, template } of resourcesOf(spec)) assert.equal(object(template.metadata).namespace, placed, id);
    });

    it(`has no guard rail of a ${name} from its type, which the namespace has already`, () => {
      const own = resourcesOf(spec) as readonly (Template & { readonly includeWhen?: string })[];
      for (const { id, template, includeWhen = "" } of own.filter((one) =>
        GUARDED.includes(String(one.template.kind)),
      )) {
        assert.ok(
          includeWhen.startsWith("${!(metadata.environmentName in parameters.namespaces)"),
          `${id} of ${template.kind}`,
        );
      }
    });
  }

  it("is of a project whose own namespace is closed, and runs nothing", () => {
    const own = resourcesOf(placedProjectType());
    const of = (kind: string) => object(own.find(({ template }) => template.kind === kind)?.template.spec);
    assert.deepEqual(of("CiliumNetworkPolicy"), { endpointSelector: {}, ingress: [{}], egress: [{}] });
    assert.equal(object(of("ResourceQuota").hard).pods, "0");
    assert.deepEqual(of("AuthorizationPolicy"), {});
  });
});

describe("guard rails of a project", () => {
  const of = (kind: string) => resourcesOf(project).filter(({ template }) => template.kind === kind);
  const [namespace, quota, network, authorization] = [
    "Namespace",
    "ResourceQuota",
    "CiliumNetworkPolicy",
    "AuthorizationPolicy",
  ].map((kind) => object(of(kind)[0]?.template));

  it("are restricted pods in the mesh", () => {
    const labels = String(object(namespace?.metadata).labels);
    for (const label of ['"pod-security.kubernetes.io/enforce": "restricted"', '"istio.io/dataplane-mode": "ambient"'])
      assert.ok(labels.includes(label), label);
  });

  it("are a quota without load balancers of one's own", () => {
    const { hard } = object(quota?.spec);
    assert.equal(object(hard)["services.loadbalancers"], "0");
    assert.equal(object(hard)["services.nodeports"], "0");
    assert.equal(object(hard)["requests.cpu"], cel("parameters.quota.cpu"));
  });

  it("close the network and the mesh for whoever is not named", () => {
    const { endpointSelector, ingress, egress } = object(network?.spec);
    assert.deepEqual(endpointSelector, {});
    assert.deepEqual((ingress as Json[])[0], {});
    // Within the mesh port 15008 alone; beyond it DNS and the collector.
    const ports = (rules: unknown) => JSON.stringify(rules).match(/"port":"\d+"/g) ?? [];
    assert.deepEqual(new Set(ports(ingress)), new Set(['"port":"15008"']));
    assert.deepEqual(
      new Set(ports(egress)),
      new Set(['"port":"53"', '"port":"15008"', '"port":"4317"', '"port":"4318"']),
    );
    assert.deepEqual(authorization?.spec, {});
    assert.equal(of("AuthorizationPolicy").length, 1);
  });
});

describe("pods of components", () => {
  for (const [name, spec] of types) {
    it(`of ${name} pass Pod Security "restricted", and are somebody of their own`, () => {
      const { template } = resourcesOf(spec).find(({ id }) => id === "deployment" || id === "cronjob") ?? assert.fail();
      const outer = object(template.spec);
      const inner = name === "scheduled-task" ? object(object(outer.jobTemplate).spec) : outer;
      const pod = object(object(inner.template).spec);
      assert.deepEqual(pod.securityContext, { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      assert.equal(pod.serviceAccountName, cel("metadata.componentName"));
      assert.equal(pod.automountServiceAccountToken, false);
      for (const container of pod.containers as Json[]) {
        assert.deepEqual(container.securityContext, {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        });
      }
    });
  }
});

describe("accounts of components", () => {
  for (const [name, spec] of types) {
    it(`of ${name} pull images by the Secret that the component names, and by none where it names none`, () => {
      const { template } = resourcesOf(spec).find(({ id }) => id === "account") ?? assert.fail();
      assert.equal(
        template.imagePullSecrets,
        cel('parameters.pullSecret != "" ? [{"name": parameters.pullSecret}] : oc_omit()'),
      );
      const { openAPIV3Schema } = (spec as { parameters: { openAPIV3Schema: Json } }).parameters;
      assert.equal(object(object(openAPIV3Schema.properties).pullSecret).default, "");
    });
  }
});

describe("workflows", () => {
  for (const build of WORKFLOWS) {
    const { runTemplate } = workflow(build, SITE) as { runTemplate: { spec: Json } };
    const { arguments: given, templates } = runTemplate.spec as {
      arguments: { parameters: { name: string; value: string }[] };
      templates: { resource: { manifest: string } }[];
    };

    it(`of ${build} hand over every parameter, each as a JSON text`, () => {
      const names = given.parameters.map(({ name }) => name);
      const manifest = templates[0]?.resource.manifest ?? "";
      const filled = manifest.replace(/\{\{=toJson\(workflow\.parameters\["([^"]+)"\]\)\}\}/g, (_, name: string) =>
        JSON.stringify(`"; ${name}`),
      );
      const made = JSON.parse(filled) as { metadata: Json; spec: Json };
      assert.equal(made.metadata.namespace, "choreo-builds");
      assert.deepEqual(made.spec, {
        workflowTemplateRef: { name: "choreo-build-deploy" },
        arguments: { parameters: names.map((name) => ({ name, value: `"; ${name}` })) },
      });
    });

    it(`of ${build} make the component's own image, whatever they are told`, () => {
      const image = given.parameters.find(({ name }) => name === "image")?.value ?? "";
      assert.ok(image.startsWith("registry.test/team/"));
      assert.ok(!image.includes("parameters."));
    });

    it(`of ${build} say how it is built`, () => {
      assert.equal(given.parameters.find(({ name }) => name === "build")?.value, build);
    });
  }
});

import assert from "node:assert/strict";
import { parse } from "yaml";
import { appProject } from "../../../components/tenants/delivery/app-project";
import {
  type ApplicationSetArgs,
  applicationSet,
  applications,
} from "../../../components/tenants/delivery/application-set";
import { imagePlace } from "../../../components/tenants/delivery/layout";
import { definition, describeWithCharts } from "../../support/charts";
import { definitionProblems } from "../../support/crd";
import type { Json } from "../../support/settings";
import { object } from "../../support/stack";

const environments = [
  { name: "development", production: false, rank: 0, namespace: "shop-store-development", clusters: ["east", "west"] },
  { name: "production", production: true, rank: 1, namespace: "shop-store-production", clusters: ["east"] },
];
const SHOP: ApplicationSetArgs = {
  tenant: "shop",
  repository: { git: "https://github.com/example/shop-deploy", revision: "main", path: "." },
  organization: "tenant-shop",
  components: [
    { project: "store", component: "api", deploy: "openchoreo", environments },
    { project: "store", component: "legacy", deploy: "plain", environments },
  ],
  destination: (cluster) => (cluster === "control" ? "in-cluster" : cluster),
};
const PROJECT = {
  tenant: "shop",
  owners: ["shop-developers"],
  repositories: ["https://github.com/example/shop-deploy", "https://github.com/example/shop-deploy"],
  destinations: [
    { cluster: "in-cluster", namespace: "tenant-shop" },
    { cluster: "east", namespace: "shop-store-development" },
  ],
  production: ["production"],
};

describeWithCharts("what Argo CD is told is as its kinds have it", () => {
  const objects: readonly (readonly [name: string, value: object])[] = [
    ["appprojects.argoproj.io", appProject(PROJECT)],
    ["appprojects.argoproj.io", appProject({ ...PROJECT, production: [] })],
    ["applicationsets.argoproj.io", applicationSet(SHOP)],
  ];
  for (const [name, value] of objects) {
    it(name, () => {
      const known = definition(name) ?? assert.fail(`no definition of ${name}`);
      assert.deepEqual(definitionProblems(known, value as Json), []);
    });
  }

  it("also once the template is filled in", () => {
    const known = definition("applications.argoproj.io") ?? assert.fail();
    for (const one of [...rendered(SHOP), ...rendered({ ...SHOP, pullSecret: "registry-login" })])
      assert.deepEqual(definitionProblems(known, one), [], String(one.metadata));
  });
});

/** What the controller makes of a set: as much of Go's templates as the set uses. */
function rendered(args: ApplicationSetArgs): Json[] {
  const { template, templatePatch } = applicationSet(args).spec;
  return applications(args).map((element) => {
    const fill = (text: string) =>
      text.replace(/\{\{ \.(\w+) \}\}/g, (_, key: string) => element[key] ?? assert.fail(key));
    const chosen = templatePatch.replace(
      /\{\{- if eq \.(\w+) "(\w+)" \}\}\n([\s\S]*?)\{\{- end \}\}\n/g,
      (_, key: string, value: string, body: string) => (element[key] === value ? body : ""),
    );
    const whole = JSON.parse(fill(JSON.stringify(template))) as Json;
    const patch = object(parse(fill(chosen).replaceAll("spec:\n\n", "spec:\n")) ?? {});
    const spec = merged(object(whole.spec), (patch.spec ?? {}) as Json);
    return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: whole.metadata, spec };
  });
}

function merged(base: Json, over: Json): Json {
  const entries = Object.entries(over).map(([key, value]) => {
    const old = base[key];
    const both = typeof old === "object" && old !== null && !Array.isArray(value) && typeof value === "object";
    return [key, both ? merged(old as Json, value as Json) : value] as const;
  });
  return { ...base, ...Object.fromEntries(entries) };
}

describe("a tenant's applications", () => {
  const all = rendered(SHOP);
  const named = (name: string) => all.find(({ metadata }) => object(metadata).name === name) ?? assert.fail(name);

  it("are one for each component, environment and cluster, in the order of promotion", () => {
    const names = applications(SHOP).map(({ name }) => name);
    assert.deepEqual(names, [
      "store.api.release.release",
      "store.api.development.east",
      "store.api.development.west",
      "store.legacy.development.east",
      "store.legacy.development.west",
      "store.api.production.east",
      "store.legacy.production.east",
    ]);
  });

  it("let plain components' accounts pull by the registry's login, where there is one", () => {
    const patches = (args: ApplicationSetArgs) =>
      rendered(args).map(({ metadata, spec }) => {
        const { kustomize } = object(object(spec).source) as { kustomize?: Json };
        return [object(metadata).name, kustomize?.patches] as const;
      });
    const plain = (name: unknown) => String(name).startsWith("shop.store.legacy.");
    for (const [, value] of patches(SHOP)) assert.equal(value, undefined);
    for (const [name, value] of patches({ ...SHOP, pullSecret: "registry-login" })) {
      if (!plain(name)) assert.equal(value, undefined);
      else {
        const [{ target, patch } = assert.fail(String(name))] = value as readonly Json[];
        assert.deepEqual(target, { kind: "ServiceAccount" });
        assert.deepEqual(JSON.parse(String(patch)), [
          { op: "add", path: "/imagePullSecrets", value: [{ name: "registry-login" }] },
        ]);
      }
    }
  });

  it("bring OpenChoreo's objects to the control plane, and plain components to the data planes", () => {
    const spec = (name: string) => object(named(`shop.${name}`).spec);
    assert.deepEqual(spec("store.api.development.west").destination, { name: "in-cluster", namespace: "tenant-shop" });
    assert.equal(object(spec("store.api.development.west").source).path, "store/api/development/west");
    assert.deepEqual(spec("store.legacy.production.east").destination, {
      name: "east",
      namespace: "shop-store-production",
    });
    assert.equal(object(spec("store.legacy.production.east").source).path, "store/legacy/production");
  });

  it("are kept as Git says by themselves, but in production", () => {
    for (const { metadata, spec } of all) {
      const { labels } = object(metadata);
      const { automated } = object(object(spec).syncPolicy);
      const production = object(labels)["choreo.dev/environment"] === "production";
      assert.deepEqual(automated, production ? undefined : { prune: true, selfHeal: true });
    }
  });

  it("give pods that are deployed plainly the labels that policies select by, and no others", () => {
    const kustomize = (name: string) => object(object(named(name).spec).source).kustomize as Json | undefined;
    assert.deepEqual(kustomize("shop.store.legacy.development.east")?.commonLabels, {
      "choreo.dev/tenant": "shop",
      "choreo.dev/project": "store",
      "choreo.dev/component": "legacy",
      "choreo.dev/environment": "development",
    });
    assert.equal(kustomize("shop.store.api.development.east"), undefined);
  });

  it("have no component with two owners", () => {
    const owners = new Map<string, Set<string>>();
    for (const { metadata, spec } of all) {
      const component = String(object(object(metadata).labels)["choreo.dev/component"]);
      const onControl = object(object(spec).destination).name === "in-cluster";
      owners.set(component, (owners.get(component) ?? new Set()).add(onControl ? "openchoreo" : "argo-cd"));
    }
    assert.deepEqual(
      [...owners].map(([name, by]) => [name, ...by]),
      [
        ["api", "openchoreo"],
        ["legacy", "argo-cd"],
      ],
    );
  });
});

describe("a tenant's project of Argo CD", () => {
  const { spec } = appProject(PROJECT);

  it("reads its own repositories, each once, and writes its own namespaces", () => {
    assert.deepEqual(spec.sourceRepos, ["https://github.com/example/shop-deploy"]);
    assert.deepEqual(spec.destinations, [
      { name: "in-cluster", namespace: "tenant-shop" },
      { name: "east", namespace: "shop-store-development" },
    ]);
    assert.deepEqual(spec.clusterResourceWhitelist, []);
  });

  it("makes nothing that is a guard rail", () => {
    const groups = new Set(spec.namespaceResourceWhitelist.map(({ group }) => group));
    for (const group of ["cilium.io", "networking.k8s.io", "security.istio.io", "rbac.authorization.k8s.io"])
      assert.ok(!groups.has(group), group);
    const core = spec.namespaceResourceWhitelist.filter(({ group }) => group === "").map(({ kind }) => kind);
    for (const kind of ["Namespace", "ResourceQuota", "LimitRange"]) assert.ok(!core.includes(kind), kind);
    assert.ok(!spec.namespaceResourceWhitelist.some(({ group, kind }) => group === "*" || kind === "*"));
  });

  it("lets owners look, and bring up to date, and nobody else", () => {
    const [role] = spec.roles;
    assert.deepEqual(role?.groups, ["shop-developers"]);
    for (const policy of role?.policies ?? [])
      assert.match(policy, /^p, proj:shop:owner, applications, (get|sync|action\/\*), shop\/\*, allow$/);
  });

  it("keeps production from changing by itself", () => {
    assert.deepEqual(
      spec.syncWindows?.map(({ kind, manualSync, applications: which }) => [kind, manualSync, which]),
      [["deny", true, ["*.production.*"]]],
    );
    assert.equal(appProject({ ...PROJECT, production: [] }).spec.syncWindows, undefined);
  });
});

describe("the image's place in Git", () => {
  const cases: readonly (readonly [deploy: "openchoreo" | "plain", type: string, path: string, key: string])[] = [
    ["openchoreo", "service", "t/store/api/release/workload.yaml", ".spec.container.image"],
    ["plain", "service", "t/store/api/development/image.yaml", ".spec.template.spec.containers[0].image"],
    [
      "plain",
      "scheduled-task",
      "t/store/api/development/image.yaml",
      ".spec.jobTemplate.spec.template.spec.containers[0].image",
    ],
  ];
  for (const [deploy, type, path, key] of cases) {
    it(`of a ${type} that is deployed by ${deploy}`, () => {
      const deployed = { project: "store", component: "api", deploy, type };
      assert.deepEqual(imagePlace("t", deployed, "development"), { path, key });
    });
  }
});

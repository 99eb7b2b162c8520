import assert from "node:assert/strict";
import { CronExpressionParser } from "cron-parser";
import { PLAIN_VALUE } from "../../../components/planes/builds";
import { type BuildArgs, buildObject } from "../../../components/tenants/builds/build";
import { definition, describeWithCharts } from "../../support/charts";
import { definitionProblems } from "../../support/crd";
import type { Json } from "../../support/settings";
import { object } from "../../support/stack";

const api: BuildArgs = {
  tenant: "shop",
  project: "store",
  component: "api",
  source: { git: "https://github.com/example/shop-api", revision: "v1.4.2", path: ".", build: "buildpacks" },
  registry: "registry.example.com/team",
  deploy: {
    repository: "https://github.com/example/shop-deploy",
    path: "store/api/release/workload.yaml",
    key: ".spec.container.image",
  },
};
const dockerfile = (edits: Partial<BuildArgs> = {}): BuildArgs => ({
  ...api,
  ...edits,
  source: { ...api.source, build: "dockerfile" },
});

describeWithCharts("builds are as their kinds have them", () => {
  const kinds: readonly (readonly [args: BuildArgs, definition: string])[] = [
    [api, "images.kpack.io"],
    [{ ...api, source: { ...api.source, path: "services/api" }, deploy: undefined }, "images.kpack.io"],
    [dockerfile(), "cronworkflows.argoproj.io"],
    [dockerfile({ deploy: undefined }), "cronworkflows.argoproj.io"],
  ];
  for (const [args, name] of kinds) {
    it(`${args.source.build} from ${args.source.path}${args.deploy ? "" : ", not deployed"}`, () => {
      const known = definition(name) ?? assert.fail(`no definition of ${name}`);
      assert.deepEqual(definitionProblems(known, buildObject(args) as unknown as Json), []);
    });
  }
});

describe("a build with buildpacks", () => {
  it("is kpack's Image, as the source document has it", () => {
    const { kind, metadata, spec } = buildObject(api);
    assert.deepEqual([kind, metadata.name, metadata.namespace], ["Image", "shop.store.api-image", "choreo-builds"]);
    const { tag, builder, source, serviceAccountName } = spec as Json;
    assert.equal(tag, "registry.example.com/team/shop/store/api");
    assert.deepEqual(builder, { kind: "ClusterBuilder", name: "choreo-builder" });
    assert.deepEqual(source, { git: { url: "https://github.com/example/shop-api", revision: "v1.4.2" } });
    assert.equal(serviceAccountName, "choreo-builder");
  });

  it("is of a folder of the source where the component is in one", () => {
    const { source } = buildObject({ ...api, source: { ...api.source, path: "services/api" } }).spec as Json;
    assert.equal(object(source).subPath, "services/api");
  });
});

describe("a build with a Dockerfile", () => {
  const { spec } = buildObject(dockerfile());
  const workflow = object((spec as Json).workflowSpec);
  const told = (object(workflow.arguments).parameters as readonly Json[]).map(({ name, value }) => [name, value]);

  it("is the platform's own workflow, told the component's source, image and place in Git", () => {
    assert.deepEqual(workflow.workflowTemplateRef, { name: "choreo-build-deploy" });
    assert.deepEqual(Object.fromEntries(told), {
      component: "shop.store.api",
      repository: "https://github.com/example/shop-api",
      revision: "v1.4.2",
      path: ".",
      build: "dockerfile",
      image: "registry.example.com/team/shop/store/api",
      "deploy-repository": "https://github.com/example/shop-deploy",
      "deploy-path": "store/api/release/workload.yaml",
      "deploy-key": ".spec.container.image",
    });
  });

  it("is told what a script may hold", () => {
    for (const [name, value] of told) assert.match(String(value), new RegExp(PLAIN_VALUE), String(name));
  });

  it("runs once a night, and not all at one minute", () => {
    const schedules = Array.from({ length: 40 }, (_, index) => {
      const { schedules: all } = buildObject(dockerfile({ component: `api-${index}` })).spec as Json;
      return String((all as readonly unknown[])[0]);
    });
    for (const one of schedules) {
      const { hour, dayOfMonth } = CronExpressionParser.parse(one).fields;
      assert.ok(hour.values.every((value) => value >= 1 && value < 5) && hour.values.length === 1, one);
      assert.equal(dayOfMonth.values.length, 31);
    }
    assert.ok(new Set(schedules).size > 30);
    assert.deepEqual((spec as Json).schedules, (buildObject(dockerfile()).spec as Json).schedules);
  });
});

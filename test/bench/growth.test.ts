import assert from "node:assert/strict";
import { componentsConfig } from "../../bench/grow/settings";
import { assertRegistered, type Finished } from "../../bench/run/child";
import {
  bareCase,
  bareRatio,
  clusterRatios,
  componentRatios,
  grownCase,
  nearestSize,
} from "../../bench/run/growth-figures";
import { object } from "../support/stack";

/** A process that planned. */
function planned(seconds: number, resources: number, ofTenants: number, whole = seconds + 1): Finished {
  return {
    seconds: whole,
    memory: 400,
    output: JSON.stringify({ resources, ofTenants, seconds, program: seconds / 2 }),
  };
}

/** A size that took so long, with 7 resources a component and 64 of the platform. */
const sized = (size: number, seconds: number) =>
  grownCase("components", size, [planned(seconds, 64 + size * 7, size * 7)]);

describe("figures of stacks that grow", () => {
  it("are medians, of each resource and of each component", () => {
    const runs = [planned(3, 800, 700), planned(1, 800, 700), planned(2, 800, 700)];
    assert.deepEqual(grownCase("components", 100, runs), {
      name: "100 components",
      size: 100,
      figures: {
        resources: 800,
        perComponent: 20,
        resourcesPerComponent: 7,
        seconds: 2,
        perResource: 2.5,
        program: 1,
        memory: 400,
        memoryPerResource: 512,
      },
    });
  });

  it("count the resources of tenants alone to components, and none to clusters", () => {
    assert.equal(sized(10, 1).figures.resourcesPerComponent, 7);
    const { figures } = grownCase("clusters", 3, [planned(1, 1000, 300)]);
    assert.deepEqual(
      [figures.perComponent, figures.resourcesPerComponent, figures.perResource],
      [undefined, undefined, 1],
    );
  });

  it("say how a component costs among many and among few, and a resource", () => {
    const ratios = componentRatios([
      sized(100, 1),
      sized(135, 1.3),
      sized(1_000, 11),
      sized(1_420, 15),
      sized(10_000, 150),
    ]);
    assert.deepEqual(ratios, [
      { name: "time a resource, 10,004 resources to 1,009", value: 1.16, limit: 1.2 },
      { name: "memory a resource, 10,004 resources to 1,009", value: 0.101 },
      { name: "time a resource, 70,064 resources to 1,009", value: 1.66 },
      { name: "time a component, 1,000 components to 100", value: 1.1, limit: 1.2 },
      { name: "time a component, 1,420 components to 1,000", value: 0.964 },
      { name: "time a component, 10,000 components to 1,000", value: 1.36 },
    ]);
  });

  it("say nothing of a size beside itself", () => {
    assert.deepEqual(componentRatios([sized(20, 1)]), []);
    assert.deepEqual(clusterRatios([grownCase("clusters", 3, [planned(1, 1000, 300)])]), []);
    assert.deepEqual(clusterRatios([]), []);
    assert.throws(() => componentRatios([]), /no sizes/);
  });

  it("compare the smallest and the largest fleet", () => {
    const cases = [
      grownCase("clusters", 3, [planned(1, 1000, 300)]),
      grownCase("clusters", 30, [planned(30, 20_000, 300)]),
    ];
    assert.deepEqual(clusterRatios(cases)[0], { name: "time a resource, 20,000 resources to 1,000", value: 1.5 });
  });
});

describe("a bare program beside plans of components", () => {
  it("is of the size that is nearest to the wanted one", () => {
    assert.equal(nearestSize([100, 1_420, 1_000, 10_000], 1_000), 1_000);
    assert.equal(nearestSize([20, 60], 1_000), 60);
    assert.equal(nearestSize([400, 2_000], 1_000), 2_000);
  });

  it("is compared as a whole process", () => {
    const bare = [planned(0, 0, 0, 10), planned(0, 0, 0, 30), planned(0, 0, 0, 20)];
    const plans = [planned(1, 7_064, 7_000, 33), planned(1, 7_064, 7_000, 31), planned(1, 7_064, 7_000, 32)];
    assert.deepEqual(bareRatio(1_000, plans, bare), {
      name: "plan of 1,000 components to a bare program with as many resources",
      value: 1.6,
      limit: 1.5,
    });
    assert.deepEqual(bareCase(1_000, 7_064, bare).figures, { resources: 7_064, seconds: 20, memory: 400 });
  });

  it("has registered everything, and the stack", () => {
    assert.doesNotThrow(() => assertRegistered('{"registered":8}', 7));
    assert.throws(() => assertRegistered('{"registered":7}', 7), /registered 6 of 7/);
  });

  it("stands beside components in two environments each", () => {
    const tenants = Object.values(object(componentsConfig(40)["openchoreo:tenants"])).map(object);
    assert.equal(tenants.length, 2);
    for (const { environments } of tenants)
      assert.deepEqual(environments, { development: {}, production: { promotesFrom: "development" } });
  });
});

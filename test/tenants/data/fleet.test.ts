import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Profile } from "../../../components/settings";
import { tenantsSchema } from "../../../components/settings";
import type { PlannedDatabase, TenantSite } from "../../../components/tenants";
import { planTenants } from "../../../components/tenants";
import { type DatabaseObject, isReplica } from "../../../components/tenants/data/database";
import { databaseObjects } from "../../../components/tenants/data/objects";
import { argsOf } from "../../../components/tenants/data/planned";
import { redisBackupSpec } from "../../../components/tenants/data/redis-backup";
import type { Json } from "../../support/settings";
import { object } from "../../support/stack";

const CLUSTERS = ["east", "west", "north"];

const database = fc.record(
  {
    engine: fc.constantFrom("postgresql", "mongodb", "redis"),
    size: fc.constantFrom("1Gi", "50Gi"),
    class: fc.constantFrom("single", "highly-available"),
    backup: fc.record({
      schedule: fc.constantFrom("0 2 * * *", "30 */6 * * *"),
      retention: fc.constantFrom("7d", "30d"),
    }),
  },
  { requiredKeys: ["engine", "size"] },
);

const tenant = fc.record({
  owners: fc.constant(["developers"]),
  environments: fc.constantFrom(
    { development: {} },
    { development: {}, production: { promotesFrom: "development" } },
    { live: { production: true } },
  ),
  projects: fc.dictionary(
    fc.constantFrom("store", "back", "reports"),
    fc.record({ databases: fc.dictionary(fc.constantFrom("orders", "cart", "catalog", "events"), database) }),
    { minKeys: 1 },
  ),
});

const tenants = fc.array(tenant, { minLength: 1, maxLength: 12 });

type Site = Pick<TenantSite, "name" | "planes" | "mesh" | "objectStore" | "backups">;

const sites: readonly Site[] = CLUSTERS.map((name, index) => ({
  name,
  planes: ["data"],
  mesh: { id: index + 1, host: `${name}.mesh.test`, address: `${name}.mesh.test` },
  objectStore: "settings",
  backups: { bucket: "backups", region: "eu-west-1", prefix: name, endpoint: "https://s3.test" },
}));

function databasesOf(list: readonly object[], profile: Profile): PlannedDatabase[] {
  const named = Object.fromEntries(list.map((one, index) => [`tenant-${index}`, one]));
  const planned = planTenants({ tenants: tenantsSchema.parse(named), clusters: [...sites], profile, openchoreo: true });
  return planned.flatMap(({ projects }) => projects.flatMap((project) => project.databases));
}

/** What is made of a database on each of its clusters. */
function placesOf(one: PlannedDatabase) {
  return one.clusters.map((cluster) => {
    const site = sites.find(({ name }) => name === cluster) ?? assert.fail(cluster);
    const other = sites.find(({ name }) => name !== cluster && one.clusters.includes(name));
    const args = argsOf(one, site as TenantSite, other as TenantSite | undefined);
    return { args, objects: databaseObjects(args) };
  });
}

/** When an object, or the job beside it, backs its database up. */
function schedulesOf({ args, objects }: ReturnType<typeof placesOf>[number]): unknown[] {
  const from: Readonly<Record<string, (spec: Json) => unknown[]>> = {
    ScheduledBackup: (spec) => [String(spec.schedule).replace(/^0 /, "")],
    PerconaServerMongoDB: ({ backup }) => {
      const { enabled, tasks, storages } = object(backup);
      return enabled === true && Object.keys(object(storages)).length > 0
        ? (tasks as Json[]).map((one) => one.schedule)
        : [];
    },
    RedisReplication: () => (args.store === undefined ? [] : [redisBackupSpec(args, args.store).schedule]),
  };
  return objects.flatMap(({ kind, spec }) => from[kind]?.(spec as Json) ?? []);
}

function membersOf({ objects }: { readonly objects: readonly DatabaseObject[] }): Json {
  const [found] = objects.flatMap(({ kind, spec }): Json[] => {
    const all = spec as Json;
    if (kind === "Cluster") return [{ count: all.instances, spread: all.topologySpreadConstraints }];
    if (kind === "RedisReplication") return [{ count: all.clusterSize, spread: all.topologySpreadConstraints }];
    if (kind !== "PerconaServerMongoDB") return [];
    const [set] = all.replsets as Json[];
    return [{ count: set?.size, spread: set?.topologySpreadConstraints }];
  });
  return found ?? assert.fail("no members");
}

describe("every database of every tenant", () => {
  it("is backed up on its schedule, wherever it is and whatever it is", () => {
    fc.assert(
      fc.property(tenants, fc.constantFrom<Profile>("development", "production"), (list, profile) => {
        for (const one of databasesOf(list, profile))
          for (const place of placesOf(one)) assert.deepEqual(schedulesOf(place), [one.settings.backup.schedule]);
      }),
      { numRuns: 15 },
    );
  });

  it("has in production a member in another zone, and two of them at no time in fewer than two zones", () => {
    fc.assert(
      fc.property(tenants, (list) => {
        for (const one of databasesOf(list, "production").filter(({ production }) => production))
          for (const place of placesOf(one)) {
            const { count, spread } = membersOf(place);
            assert.ok(Number(count) >= 2, one.name);
            const [constraint] = spread as Json[];
            assert.deepEqual(
              [constraint?.topologyKey, constraint?.minDomains, constraint?.whenUnsatisfiable],
              ["topology.kubernetes.io/zone", 2, "DoNotSchedule"],
            );
          }
      }),
      { numRuns: 15 },
    );
  });

  it("is written to on one cluster, and of PostgreSQL in production followed on another one", () => {
    fc.assert(
      fc.property(tenants, (list) => {
        for (const one of databasesOf(list, "production")) {
          const replicas = placesOf(one).filter(({ args }) => isReplica(args));
          const followed = one.production && one.settings.engine === "postgresql";
          assert.equal(replicas.length, followed ? 1 : 0);
          assert.equal(one.clusters.length - replicas.length, 1);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("has a place of its own in every store", () => {
    fc.assert(
      fc.property(tenants, (list) => {
        const places = databasesOf(list, "production").flatMap(placesOf);
        const folders = places.map(({ args }) => `${args.store?.folder}/${args.name}`);
        assert.equal(new Set(folders).size, folders.length);
      }),
      { numRuns: 15 },
    );
  });
});

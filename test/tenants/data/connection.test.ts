import assert from "node:assert/strict";
import { backupsWithin, daysOf } from "../../../components/tenants/data/backups";
import {
  type Called,
  certificateNames,
  connectionData,
  connectionName,
} from "../../../components/tenants/data/connection";
import { kept } from "../../../components/tenants/data/kept";

const called = (engine: Called["engine"], members = 3): Called => ({
  name: "order-items",
  namespace: "shop-store-dev-data",
  engine,
  members,
});

describe("a connection's Secret", () => {
  const uris: readonly (readonly [called: Called, uri: string])[] = [
    [
      called("postgresql"),
      "postgresql://order_items:s3cret@order-items-primary.shop-store-dev-data.svc.cluster.local:5432/order_items?sslmode=require",
    ],
    [
      called("mongodb", 1),
      "mongodb://order-items:s3cret@order-items-rs0-0.shop-store-dev-data.svc.cluster.local:27017/order-items?replicaSet=rs0&tls=true&authSource=order-items",
    ],
    [called("redis"), "rediss://default:s3cret@order-items-primary.shop-store-dev-data.svc.cluster.local:6379/0"],
  ];
  for (const [database, uri] of uris) {
    it(`of ${database.engine} has what a client is told, and a URI of the same`, () => {
      const data = connectionData(database, "s3cret", "PEM");
      assert.deepEqual(Object.keys(data), ["host", "port", "database", "username", "password", "uri", "ca.crt"]);
      assert.equal(data.uri, uri);
      const parsed = new URL(uri);
      assert.deepEqual([parsed.username, parsed.port], [data.username, data.port]);
      assert.equal(parsed.hostname, data.host);
    });
  }

  it("names every member of MongoDB, whose clients find the primary themselves", () => {
    const { host = "", uri = "" } = connectionData(called("mongodb"), "x", "PEM");
    const hosts = host.split(",");
    assert.equal(hosts.length, 3);
    for (const one of hosts) assert.ok(uri.includes(`${one}:27017`));
  });

  it("is named as the project knows the database", () => {
    const user = { tenant: "shop", project: "store" };
    const names = [
      { tenant: "shop", project: "store", name: "orders" },
      { tenant: "shop", project: "back", name: "orders" },
      { tenant: "shared", project: "store", name: "orders" },
    ].map((database) => connectionName(user, database));
    assert.deepEqual(names, ["database.orders", "database.back.orders", "database.shared.store.orders"]);
  });

  it("has a host that the certificate stands for", () => {
    for (const engine of ["postgresql", "redis"] as const) {
      const names = certificateNames(called(engine));
      assert.ok(names.includes(connectionData(called(engine), "x", "PEM").host ?? ""), engine);
    }
  });
});

describe("what is kept", () => {
  const cases: readonly (readonly [purge: boolean | undefined, production: boolean, ...expected: boolean[]])[] = [
    [undefined, false, true, false],
    [undefined, true, true, true],
    [false, true, true, false],
    [true, true, false, false],
    [true, false, false, false],
  ];
  for (const [purge, production, retainOnDelete, protect] of cases) {
    it(`purge: ${purge} in ${production ? "production" : "development"}`, () => {
      assert.deepEqual(kept({ purge, production }), { retainOnDelete, protect });
    });
  }
});

describe("backups that are counted instead of aged", () => {
  const cases: readonly (readonly [schedule: string, days: number, count: number])[] = [
    ["0 2 * * *", 30, 30],
    ["0 */6 * * *", 7, 28],
    ["0 2 * * 0", 30, 4],
    ["0 2 1 1 *", 30, 1],
    ["* * * * *", 30, 1000],
  ];
  for (const [schedule, days, count] of cases) {
    it(`${schedule} for ${days} days are ${count}`, () => assert.equal(backupsWithin(schedule, days), count));
  }

  it("are kept for whole days", () => {
    assert.deepEqual(["30d", "36h", "90m", "12h", "1d"].map(daysOf), [30, 2, 1, 1, 1]);
  });
});

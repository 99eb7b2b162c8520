import assert from "node:assert/strict";
import fc from "fast-check";
import type { z } from "zod";
import { words } from "../../components/settings";

interface Table {
  readonly word: z.ZodType<unknown>;
  readonly good: readonly unknown[];
  /** Value and the one message that it gets. */
  readonly bad: readonly (readonly [unknown, string])[];
}

const label = 'a name has lower-case letters, digits and "-" only, with a letter or digit at both ends';
const clusterLabel = label.replace("name", "cluster name");
const host = 'not a host name such as "shop.example.com"';
const address = 'not an IPv4 address such as "10.0.0.10"';
const range = 'not an IPv4 range such as "10.10.0.0/16"';
const quantity = 'not a Kubernetes quantity such as "500m", "4" or "20Gi"';
const size = 'not a size such as "20Gi"; give a number and a unit';
const duration = 'not a duration such as "30s", "15m", "12h" or "30d"';
const timeout = 'not a timeout such as "500ms", "30s", "5m" or "1h"';
const cron = 'not a cron expression of five fields such as "0 3 * * *"';
const user = "has a user or a password in the URL; write it without, and name a Secret where credentials are needed";
const url = 'not an http(s) URL such as "https://example.com/path"';
const email = 'not an e-mail address such as "platform@example.com"';

const tables: Readonly<Record<string, Table>> = {
  label: {
    word: words.label("name", 8),
    good: ["a", "0", "a-b", "12345678"],
    bad: [
      ["", label],
      ["-a", label],
      ["a-", label],
      ["A", label],
      ["a_b", label],
      ["a.b", label],
      ["a\n", label],
      ["123456789", "a name has at most 8 characters"],
    ],
  },
  clusterName: {
    word: words.clusterName,
    good: ["us-east", "a".repeat(32)],
    bad: [
      ["a".repeat(33), "a cluster name has at most 32 characters"],
      ["default", '"default" is the name Cilium keeps for a cluster outside any mesh; choose another'],
      ["US-east", clusterLabel],
    ],
  },
  hostName: {
    word: words.hostName,
    good: ["localhost", "shop.example.com", "a-b.c", `${"a".repeat(63)}.test`],
    bad: [
      ["", host],
      ["https://shop.example.com", host],
      ["shop.example.com:443", host],
      ["Shop.example.com", host],
      ["*.example.com", host],
      ["a..b", host],
      ["-a.b", host],
      [`${"a".repeat(64)}.test`, host],
      [`${"a.".repeat(127)}test`, host],
      ["10.0.0.1", host],
      ["shop.1", host],
    ],
  },
  ipv4: {
    word: words.ipv4,
    good: ["10.0.0.1", "255.255.255.255"],
    bad: [
      ["10.0.0.1/32", address],
      ["10.0.0", address],
      ["10.0.0.256", address],
      ["::1", address],
      ["", address],
    ],
  },
  cidr: {
    word: words.cidr,
    good: ["10.0.0.0/8", "10.10.0.0/16", "192.168.1.16/28"],
    bad: [
      ["10.0.0.0", range],
      ["10.0.0.0/", range],
      ["10.0.0.0/33", range],
      ["fd00::/16", range],
      ["10.10.0.1/16", 'host bits are set; the network is "10.10.0.0/16"'],
      ["10.0.0.0/7", "a range is between /8 and /28, not /7"],
      ["10.0.0.0/29", "a range is between /8 and /28, not /29"],
    ],
  },
  quantity: {
    word: words.quantity,
    good: ["500m", "4", "0.5", "20Gi", "1k", 2, 0.25],
    bad: [
      ["", quantity],
      ["-1", quantity],
      ["1 Gi", quantity],
      ["1gi", quantity],
      ["1.", quantity],
      ["1e3", quantity],
      [true, quantity],
      [-1, quantity],
    ],
  },
  size: {
    word: words.size,
    good: ["20Gi", "1T"],
    bad: [
      ["0Gi", size],
      ["20", size],
      ["1.5Gi", size],
      ["20GB", size],
    ],
  },
  duration: {
    word: words.duration,
    good: ["30s", "15m", "12h", "30d", "250ms"],
    bad: [
      ["0s", duration],
      ["30", duration],
      ["1h30m", duration],
      ["1w", duration],
      ["-1s", duration],
    ],
  },
  timeout: {
    word: words.timeout,
    good: ["500ms", "30s", "5m", "1h"],
    bad: [
      ["1d", timeout],
      ["100000s", timeout],
      ["0s", timeout],
      ["1h30m", timeout],
    ],
  },
  cron: {
    word: words.cron,
    good: ["0 3 * * *", "*/5 0-6 1,15 * MON-FRI", "0 0 1 JUL,AUG *"],
    bad: [
      ...["0 0 L * *", "0 0 15W * *", "0 0 * * 5L", "0 0 * * 1#2", "H 0 * * *", "0 0 ? * *"].map(
        (text) => [text, "uses L, W, H, ? or #, which Kubernetes does not know"] as const,
      ),
      ["", cron],
      ["0 3 * *", cron],
      ["0 0 3 * * *", cron],
      ["@daily", cron],
    ],
  },
  httpUrl: {
    word: words.httpUrl,
    good: ["https://example.com", "http://10.0.0.1:8080/a?b=c", "https://example.com/@team/a", "https://a.test?to=b@c"],
    bad: [
      ["example.com", url],
      ["ftp://example.com", url],
      ["git@example.com:a/b", url],
      ["https://bot:token@example.com/a", user],
      ["https://token@example.com/a", user],
      ["HTTPS://:token@example.com", user],
      ["https:bot:token@example.com", url],
    ],
  },
  email: {
    word: words.email,
    good: ["platform@example.com"],
    bad: [
      ["platform", email],
      ["platform@", email],
      ["a@b@c.test", email],
    ],
  },
};

for (const [name, { word, good, bad }] of Object.entries(tables)) {
  describe(`word ${name}`, () => {
    for (const value of good) {
      it(`takes ${JSON.stringify(value)}`, () => {
        assert.deepEqual(word.safeParse(value).error?.issues, undefined);
      });
    }
    for (const [value, message] of bad) {
      it(`refuses ${JSON.stringify(value)}`, () => {
        const messages = word.safeParse(value).error?.issues.map((issue) => issue.message);
        assert.deepEqual(messages, [message]);
      });
    }
  });
}

describe("words", () => {
  it("says what in a cron expression is out of range", () => {
    for (const text of ["0 25 * * *", "60 3 * * *", "x 3 * * *", "0 3 31 2 *"]) {
      const messages = words.cron.safeParse(text).error?.issues.map((issue) => issue.message) ?? [];
      assert.equal(messages.length, 1, text);
      assert.match(messages[0] ?? "", /^not a cron expression such as "0 3 \* \* \*": [^\n]+$/, text);
    }
  });

  it("uses the article that the noun asks for", () => {
    const message = (what: string) => words.label(what).safeParse("A").error?.issues[0]?.message.split(" has")[0];
    assert.deepEqual([message("environment name"), message("project name")], ["an environment name", "a project name"]);
  });

  it("takes every network of /8 to /28 and refuses it as soon as a host bit is set", () => {
    const network = fc.tuple(fc.integer({ min: 8, max: 28 }), fc.nat(2 ** 32 - 1));
    fc.assert(
      fc.property(network, ([prefix, bits]) => {
        const size = 2 ** (32 - prefix);
        const start = Math.floor(bits / size) * size;
        assert.equal(words.cidr.safeParse(`${dotted(start)}/${prefix}`).success, true);
        assert.equal(words.cidr.safeParse(`${dotted(start + 1)}/${prefix}`).success, false);
      }),
    );
  });
});

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

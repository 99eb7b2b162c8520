import { CronExpressionParser } from "cron-parser";
import { Address4 } from "ip-address";
import { z } from "zod";

/** Scalars that settings are made of. Each says in its message what would be right. */

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** A DNS label of at most `max` characters: `[a-z0-9-]`, letter or digit at both ends. */
export const label = (what: string, max = 63) =>
  z
    .string()
    .max(max, { error: `${article(what)} ${what} has at most ${max} characters` })
    .regex(LABEL, {
      error: `${article(what)} ${what} has lower-case letters, digits and "-" only, with a letter or digit at both ends`,
    });

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}

/** Cilium and AWS limit a cluster's name; 32 is the smaller limit (cilium `cluster.name`). */
export const clusterName = label("cluster name", 32).refine((name) => name !== "default", {
  error: '"default" is the name Cilium keeps for a cluster outside any mesh; choose another',
});

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A DNS name such as `shop.example.com`; an address is none. */
export const hostName = z.string().refine((text) => HOST.test(text) && !/(^|\.)[0-9]+$/.test(text), {
  error: 'not a host name such as "shop.example.com"',
});

/** An IPv4 address. */
export const ipv4 = z.string().refine((text) => !text.includes("/") && Address4.isValid(text), {
  error: 'not an IPv4 address such as "10.0.0.10"',
});

/** An IPv4 range in CIDR notation that starts at its network address, with a prefix of /8 to /28. */
export const cidr = z.string().superRefine((text, context) => {
  const problem = cidrProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

function cidrProblem(text: string): string | undefined {
  if (!text.includes("/") || !Address4.isValid(text)) return 'not an IPv4 range such as "10.10.0.0/16"';
  const range = new Address4(text);
  if (range.subnetMask < 8 || range.subnetMask > 28) return `a range is between /8 and /28, not /${range.subnetMask}`;
  const start = range.startAddress().correctForm();
  if (start !== text.split("/")[0]) return `host bits are set; the network is "${start}/${range.subnetMask}"`;
  return undefined;
}

/** An IPv4 range of any size, down to one address. */
export const range = z.string().refine((text) => text.includes("/") && Address4.isValid(text) && isNetwork(text), {
  error: 'not an IPv4 range such as "203.0.113.0/24" or "203.0.113.7/32"',
});

/** Addresses of a node for itself: its cloud hands out the node's credentials there. Source: RFC 3927. */
export const NODE_ADDRESSES = "169.254.0.0/16";

/** Ranges whose addresses never reach anything over the internet. Source: IANA, special-purpose address registry. */
const NOT_PUBLIC = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  NODE_ADDRESSES,
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
];

/** A range that is not within one of some blocks. */
const outside = (blocks: readonly string[], error: string) => {
  const inner = blocks.map((text) => new Address4(text));
  return range.refine(
    (text) => !Address4.isValid(text) || !inner.some((block) => new Address4(text).isInSubnet(block)),
    {
      error,
    },
  );
};

/** A range that connections over the internet come from. */
export const publicRange = outside(
  NOT_PUBLIC,
  "a private range, which nothing connects from over the internet; name public addresses, such as those of a NAT",
);

/** A range that a tenant's component may call. */
export const calledRange = outside(
  [NODE_ADDRESSES],
  `addresses of the node itself (${NODE_ADDRESSES}), which no tenant reaches`,
);

function isNetwork(text: string): boolean {
  return new Address4(text).startAddress().correctForm() === text.split("/")[0];
}

const QUANTITY_ERROR = 'not a Kubernetes quantity such as "500m", "4" or "20Gi"';

/** A Kubernetes quantity such as `500m`, `4` or `20Gi`. */
export const quantity = z
  .union([z.string(), z.number().transform(String)], { error: QUANTITY_ERROR })
  .refine((text) => /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.test(text), { error: QUANTITY_ERROR });

/** A size in bytes as a Kubernetes quantity with a unit, such as `20Gi`. */
export const size = z
  .string()
  .regex(/^[1-9][0-9]*(Mi|Gi|Ti|M|G|T)$/, { error: 'not a size such as "20Gi"; give a number and a unit' });

/** A duration such as `30s`, `15m`, `12h` or `30d`. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]*(ms|s|m|h|d)$/, { error: 'not a duration such as "30s", "15m", "12h" or "30d"' });

/** A timeout as the Gateway API takes it: `500ms`, `30s`, `5m` or `1h`. */
export const timeout = z
  .string()
  .regex(/^[1-9][0-9]{0,4}(ms|s|m|h)$/, { error: 'not a timeout such as "500ms", "30s", "5m" or "1h"' });

/** A cron expression of five fields, in UTC. */
export const cron = z.string().superRefine((text, context) => {
  const problem = cronProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

function cronProblem(text: string): string | undefined {
  if (text.trim().split(/\s+/).length !== 5) return 'not a cron expression of five fields such as "0 3 * * *"';
  // What other crons know and Kubernetes refuses: L, W, # and H (the letters also stand in names such as JUL).
  if (/[#?]|(^|[\s,/-])[0-9]*[LWH]($|[\s,/(-])/i.test(text))
    return "uses L, W, H, ? or #, which Kubernetes does not know";
  try {
    CronExpressionParser.parse(text, { tz: "UTC" });
    return undefined;
  } catch (error) {
    return `not a cron expression such as "0 3 * * *": ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Whether a URL has a user or a password in it: what stands before the host. Settings are in Git, in the state and in every
 * plan, where it would be read. A text that is no URL has none.
 */
export function hasUser(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[\\/]*[^\\/?#]*@/i.test(url.trim());
}

/** Says nothing of the URL itself. */
export const USER_IN_URL = {
  error: "has a user or a password in the URL; write it without, and name a Secret where credentials are needed",
} as const;

/** An `http` or `https` URL, without credentials. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'not an http(s) URL such as "https://example.com/path"', abort: true })
  .refine((text) => !hasUser(text), USER_IN_URL);

/** An e-mail address. */
export const email = z.email({ error: 'not an e-mail address such as "platform@example.com"' });

/** Number of bytes or units that a quantity stands for; `undefined` when it is none. */
export function quantityValue(text: string): number | undefined {
  const match = /^([0-9]+(?:\.[0-9]+)?)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1);
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Name of a bucket, as S3 takes it. */
export const bucket = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: "not a bucket name (3 to 63 of a-z, 0-9, dot, dash)" });

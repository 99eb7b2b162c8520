import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** As EC2 names things: `vpc-0a1b2c3d4e5f60718`. */
export function ec2Id(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString("hex")}`;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Capital letters and digits, as IAM and Route 53 use. */
export function capitals(count: number): string {
  const set = `${LETTERS}0123456789`;
  return Array.from({ length: count }, () => set[randomInt(set.length)]).join("");
}

export function hex(count: number): string {
  return randomBytes(Math.ceil(count / 2))
    .toString("hex")
    .slice(0, count);
}

export const uuid = (): string => randomUUID();

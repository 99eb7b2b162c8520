import { randomBytes, randomUUID } from "node:crypto";
import { hash } from "bcryptjs";
import { z } from "zod";
import { type Kind, makeKind } from "../kind";
import { keepers, randomText, textInputs } from "./text";

/** As Go's bcrypt chooses. */
const BCRYPT_COST = 10;
/** What the real provider calls resources whose value is no id. */
const NO_ID = "none";

const randomPassword = makeKind(textInputs, async (spec) => {
  const result = randomText(spec);
  // The same algorithm under the name that Go writes; both ignore what is past 72 bytes.
  const bcryptHash = (await hash(result, BCRYPT_COST)).replace(/^\$2b\$/, "$2a$$");
  return [NO_ID, { result, bcryptHash }];
});

const randomString = makeKind(textInputs, async (spec) => {
  const result = randomText(spec);
  return [result, { result }];
});

const randomId = makeKind(
  z.object({ keepers, byteLength: z.int().min(1), prefix: z.string().default("") }),
  async ({ byteLength, prefix }) => {
    const bytes = randomBytes(byteLength);
    const hex = bytes.toString("hex");
    const id = bytes.toString("base64url");
    const [b64Std, dec] = [bytes.toString("base64"), BigInt(`0x${hex}`).toString()];
    return [id, { b64Url: prefix + id, b64Std: prefix + b64Std, hex: prefix + hex, dec: prefix + dec }];
  },
);

const randomBytesKind = makeKind(z.object({ keepers, length: z.int().min(1) }), async ({ length }) => {
  const bytes = randomBytes(length);
  return [NO_ID, { base64: bytes.toString("base64"), hex: bytes.toString("hex") }];
});

const randomUuid = makeKind(z.object({ keepers }), async () => {
  const result = randomUUID();
  return [result, { result }];
});

/** A type of resource, and which of its outputs are secret. */
export interface RandomKind {
  readonly kind: Kind;
  readonly secrets: readonly string[];
}

export const kinds: ReadonlyMap<string, RandomKind> = new Map([
  ["random:index/randomPassword:RandomPassword", { kind: randomPassword, secrets: ["result", "bcryptHash"] }],
  ["random:index/randomString:RandomString", { kind: randomString, secrets: [] }],
  ["random:index/randomId:RandomId", { kind: randomId, secrets: [] }],
  ["random:index/randomBytes:RandomBytes", { kind: randomBytesKind, secrets: ["base64", "hex"] }],
  ["random:index/randomUuid:RandomUuid", { kind: randomUuid, secrets: [] }],
]);

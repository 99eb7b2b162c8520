/** Ids and ARNs of AWS, and names of hosted zones' ids, as settings write them. */
const NAMES =
  /\b(arn:aws[\w-]*:[^\s"'*]+|(?:vpc|subnet|sg|rtb|igw|nat|tgw|tgw-attach|pcx|eipalloc)-[0-9a-f]{8,17}|Z[A-Z0-9]{10,32})\b/g;

/** What a stack's configuration names of an account: it is there before the program runs. */
export function existingIn(config: unknown): string[] {
  return [...new Set(JSON.stringify(config).match(NAMES) ?? [])].sort();
}

import { Address4 } from "ip-address";

/** A range in CIDR notation, or `undefined` where the text is none. */
function parse(cidr: string): Address4 | undefined {
  if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(cidr) || !Address4.isValid(cidr)) return undefined;
  return new Address4(cidr);
}

/** Whether the text is a range whose address is the range's first. */
export function isRange(cidr: string): boolean {
  const parsed = parse(cidr);
  return parsed !== undefined && parsed.startAddress().bigInt() === parsed.bigInt();
}

export function prefixOf(cidr: string): number {
  return parse(cidr)?.subnetMask ?? 0;
}

export function overlap(a: string, b: string): boolean {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return false;
  return (
    left.startAddress().bigInt() <= right.endAddress().bigInt() &&
    right.startAddress().bigInt() <= left.endAddress().bigInt()
  );
}

export function isWithin(inner: string, outer: string): boolean {
  const [small, large] = [parse(inner), parse(outer)];
  return small !== undefined && large !== undefined && small.isInSubnet(large);
}

/** Address number `index` of a range. */
export function addressIn(cidr: string, index: number): string {
  const parsed = parse(cidr);
  return parsed === undefined ? "" : Address4.fromBigInt(parsed.startAddress().bigInt() + BigInt(index)).correctForm();
}

/** Private ranges (RFC 1918). */
export const PRIVATE: readonly string[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

import { Address4 } from "ip-address";
import type { ClusterSettings, PlatformBase } from "./platform";

/** Blocks that a mesh range is divided into: one for each mesh id, 0 to 127. */
export const BLOCKS = 128;
const BLOCK_BITS = 7;

/** A cluster's address ranges after defaults: CIDR notation. */
export interface Ranges {
  readonly cidr: string;
  /** Absent where pods have addresses of `cidr`. */
  readonly pods?: string;
  readonly services: string;
}

/**
 * Block number `index` (0 to 127) of `range` divided into 128 equal parts. It depends on nothing else,
 * so that adding or removing a cluster never moves another one's addresses.
 */
export function blockOf(range: string, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= BLOCKS) throw new RangeError(`no block ${index} of ${BLOCKS}`);
  const whole = new Address4(range);
  const prefix = whole.subnetMask + BLOCK_BITS;
  const size = 2n ** BigInt(32 - prefix);
  const start = Address4.fromBigInt(whole.startAddress().bigInt() + size * BigInt(index));
  return `${start.correctForm()}/${prefix}`;
}

/** Whether two CIDR ranges share an address. */
export function overlap(a: string, b: string): boolean {
  const [left, right] = [new Address4(a), new Address4(b)];
  return (
    left.startAddress().bigInt() <= right.endAddress().bigInt() &&
    right.startAddress().bigInt() <= left.endAddress().bigInt()
  );
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: string, inner: string): boolean {
  return new Address4(inner).isInSubnet(new Address4(outer));
}

/** The cluster's own ranges, or its blocks of the mesh's. */
export function rangesOf(cluster: ClusterSettings, mesh: PlatformBase["mesh"]): Ranges {
  const { meshId, ...own } = cluster.network;
  const inNetwork = cluster.provider.kind === "eks";
  return {
    cidr: own.cidr ?? blockOf(mesh.ranges.networks, meshId),
    pods: inNetwork ? undefined : (own.pods ?? blockOf(mesh.ranges.pods, meshId)),
    services: own.services ?? blockOf(mesh.ranges.services, meshId),
  };
}

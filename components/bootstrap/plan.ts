import { type NetworkPlan, subnetsOf } from "../fleet";
import { type BootstrapSettings, partitionOf, ZONE_COUNT, zonesOf } from "../settings";

/** The bootstrap stack, decided: plain data, and the same for the same settings. */
export interface BootstrapPlan {
  readonly stack: string;
  readonly region: string;
  readonly partition: string;
  readonly accountId?: string;
  readonly owner: string;
  readonly costCenter: string;
  /** Who reads and writes states; ARNs. */
  readonly writers: readonly string[];
  /** Who reads them, beside those. */
  readonly readers: readonly string[];
  /** The network that `pulumi up` runs in; absent where there is one already. */
  readonly runner?: NetworkPlan;
}

/** Plans the bootstrap stack. */
export function planBootstrap(settings: BootstrapSettings, stack: string): BootstrapPlan {
  const { region, accountId, tags, state, runner } = settings;
  const partition = partitionOf(region);
  return {
    stack,
    region,
    partition,
    accountId,
    ...tags,
    ...state,
    runner: runner && {
      physicalName: `${stack}-runner`,
      region,
      partition,
      cidr: runner.cidr,
      zones: zonesOf(region)
        .slice(0, ZONE_COUNT)
        .map((id, index) => ({ id, ...subnetsOf(runner.cidr, index) })),
      // Nobody waits for it: an `up` that a lost zone interrupts is run again.
      natPerZone: false,
      logDays: 90,
    },
  };
}

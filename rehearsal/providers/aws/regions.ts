/** A region's zones as this account sees them: the letter of the name, and the number of the id. */
interface Region {
  /** What zone ids begin with. */
  readonly short: string;
  readonly zones: Readonly<Record<string, number>>;
}

const THREE = { a: 1, b: 2, c: 3 };
const FOUR = { ...THREE, d: 4 };

/**
 * Regions that accounts have from the beginning, and those that are switched on most often. Source: AWS, "Regions and
 * Zones". Which letter has which id differs from account to account.
 */
const REGIONS: ReadonlyMap<string, Region> = new Map(
  Object.entries<Region>({
    "af-south-1": { short: "afs1", zones: THREE },
    "ap-east-1": { short: "ape1", zones: THREE },
    "ap-northeast-1": { short: "apne1", zones: { a: 4, c: 1, d: 2 } },
    "ap-northeast-2": { short: "apne2", zones: FOUR },
    "ap-northeast-3": { short: "apne3", zones: THREE },
    "ap-south-1": { short: "aps1", zones: THREE },
    "ap-south-2": { short: "aps2", zones: THREE },
    "ap-southeast-1": { short: "apse1", zones: THREE },
    "ap-southeast-2": { short: "apse2", zones: THREE },
    "ap-southeast-3": { short: "apse3", zones: THREE },
    "ap-southeast-4": { short: "apse4", zones: THREE },
    "ca-central-1": { short: "cac1", zones: { a: 1, b: 2, d: 4 } },
    "ca-west-1": { short: "caw1", zones: THREE },
    "eu-central-1": { short: "euc1", zones: { a: 2, b: 3, c: 1 } },
    "eu-central-2": { short: "euc2", zones: THREE },
    "eu-north-1": { short: "eun1", zones: THREE },
    "eu-south-1": { short: "eus1", zones: THREE },
    "eu-south-2": { short: "eus2", zones: THREE },
    "eu-west-1": { short: "euw1", zones: THREE },
    "eu-west-2": { short: "euw2", zones: THREE },
    "eu-west-3": { short: "euw3", zones: THREE },
    "il-central-1": { short: "ilc1", zones: THREE },
    "me-central-1": { short: "mec1", zones: THREE },
    "me-south-1": { short: "mes1", zones: THREE },
    "mx-central-1": { short: "mxc1", zones: THREE },
    "sa-east-1": { short: "sae1", zones: THREE },
    "us-east-1": { short: "use1", zones: { a: 6, b: 1, c: 2, d: 4, e: 3, f: 5 } },
    "us-east-2": { short: "use2", zones: THREE },
    "us-west-1": { short: "usw1", zones: { a: 3, c: 1 } },
    "us-west-2": { short: "usw2", zones: { ...THREE, d: 4 } },
  }),
);

export interface Zone {
  readonly name: string;
  readonly id: string;
}

export function isRegion(region: string): boolean {
  return REGIONS.has(region);
}

export function zonesOf(region: string): Zone[] {
  const { short = "", zones = {} } = REGIONS.get(region) ?? {};
  return Object.entries(zones).map(([letter, number]) => ({ name: `${region}${letter}`, id: `${short}-az${number}` }));
}

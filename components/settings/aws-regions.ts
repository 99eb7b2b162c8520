/**
 * AWS regions, each with the zones that EKS puts clusters into, by zone id: unlike letters ("us-east-1a"), an id names the
 * same place in every account.
 * Source: AWS, "Availability Zones" (Regions and Availability Zones guide) and "View Amazon EKS networking requirements",
 * read in November 2026. Left out, though AWS has them: zones without EKS (use1-az3, usw1-az2), zones that new
 * accounts do not get (apne1-az3), and China, where services have other names.
 */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  "af-south-1": zones("afs1"),
  "ap-east-1": zones("ape1"),
  "ap-east-2": zones("ape2"),
  "ap-northeast-1": zones("apne1", 1, 2, 4),
  "ap-northeast-2": zones("apne2", 1, 2, 3, 4),
  "ap-northeast-3": zones("apne3"),
  "ap-south-1": zones("aps1"),
  "ap-south-2": zones("aps2"),
  "ap-southeast-1": zones("apse1"),
  "ap-southeast-2": zones("apse2"),
  "ap-southeast-3": zones("apse3"),
  "ap-southeast-4": zones("apse4"),
  "ap-southeast-5": zones("apse5"),
  "ap-southeast-6": zones("apse6"),
  "ap-southeast-7": zones("apse7"),
  "ca-central-1": zones("cac1", 1, 2, 4),
  "ca-west-1": zones("caw1"),
  "eu-central-1": zones("euc1"),
  "eu-central-2": zones("euc2"),
  "eu-north-1": zones("eun1"),
  "eu-south-1": zones("eus1"),
  "eu-south-2": zones("eus2"),
  "eu-west-1": zones("euw1"),
  "eu-west-2": zones("euw2"),
  "eu-west-3": zones("euw3"),
  "il-central-1": zones("ilc1"),
  "me-central-1": zones("mec1"),
  "me-south-1": zones("mes1"),
  "mx-central-1": zones("mxc1"),
  "sa-east-1": zones("sae1"),
  "us-east-1": zones("use1", 1, 2, 4, 5, 6),
  "us-east-2": zones("use2"),
  "us-gov-east-1": zones("usge1"),
  "us-gov-west-1": zones("usgw1"),
  "us-west-1": zones("usw1", 1, 3),
  "us-west-2": zones("usw2", 1, 2, 3, 4),
};

function zones(prefix: string, ...numbers: readonly number[]): string[] {
  return (numbers.length === 0 ? [1, 2, 3] : numbers).map((number) => `${prefix}-az${number}`);
}

/** Zones that a cluster is spread over. */
export const ZONE_COUNT = 3;

/** Zone ids of a region that EKS works in; empty for a region that is none. */
export function zonesOf(region: string): readonly string[] {
  return Object.hasOwn(ZONES, region) ? (ZONES[region] ?? []) : [];
}

/** Why a region cannot hold a cluster, or `undefined` where it can. */
export function regionProblem(region: string): string | undefined {
  const known = zonesOf(region);
  if (known.length === 0) {
    return 'no AWS region; it is such as "us-east-1" (a region newer than this program goes into components/settings/aws-regions.ts)';
  }
  if (known.length >= ZONE_COUNT) return undefined;
  const others = Object.keys(ZONES).filter((other) => samePart(other, region) && zonesOf(other).length >= ZONE_COUNT);
  return `EKS has only ${known.length} zones there (${known.join(", ")}) and a cluster is spread over ${ZONE_COUNT}; choose another region, such as ${others.join(" or ")}`;
}

/** Whether two regions are in one part of the world: "us-west-1", "us-west-2". */
function samePart(a: string, b: string): boolean {
  return a.replace(/-\d+$/, "") === b.replace(/-\d+$/, "");
}

/** The first part of every ARN of a region. */
export function partitionOf(region: string): "aws" | "aws-us-gov" {
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Whether an ARN is of the partition that a region is in. */
export function isOfPartition(arn: string, region: string): boolean {
  return arn.split(":")[1] === partitionOf(region);
}

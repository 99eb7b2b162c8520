import type * as pulumi from "@pulumi/pulumi";
import type { FleetPlan, PlannedCluster } from "../../fleet";
import type { ClusterConnection } from "../connection";
import { probeOf } from "../lost";
import type { ClusterProbe } from "../probe";
import { EksCluster } from "./eks-cluster";
import { awsProvider, tagsOf } from "./providers";
import { PlatformZone } from "./zone";

/** Makes the fleet's clusters on EKS, and what they share: the hosted zone. Nothing is registered before the first one. */
export class EksSources {
  private hosted?: PlatformZone;

  constructor(
    private readonly fleet: FleetPlan,
    private readonly probe: ClusterProbe,
  ) {}

  /** Makes a cluster. @param after What it waits for. */
  make(cluster: PlannedCluster, after: readonly pulumi.Resource[]): ClusterConnection {
    const { fleet } = this;
    const probe = probeOf(cluster, this.probe);
    const { name, eks } = cluster;
    if (eks === undefined) throw new Error(`cluster "${name}" is not on EKS`);
    const { accountId } = fleet.aws ?? {};
    const provider = awsProvider(`${name}.aws`, { region: eks.region, tags: tagsOf(fleet, name), accountId });
    const args = { cluster, fleet, probe, provider, zone: this.zone() };
    return new EksCluster(`${name}.eks`, args, { providers: [provider], dependsOn: [...after] }).connection;
  }

  /** The zone of the platform's domain, where settings name one. */
  private zone(): PlatformZone | undefined {
    const { fleet } = this;
    const zone = fleet.aws?.zone;
    if (zone === undefined) return undefined;
    // Route 53 has no regions; this one is never changed, as another one would be another provider.
    const global = { region: globalRegion(fleet), tags: tagsOf(fleet, "fleet"), accountId: fleet.aws?.accountId };
    this.hosted ??= new PlatformZone(
      "zone",
      { zone, protect: fleet.profile === "production" },
      { providers: [awsProvider("zone.aws", global)] },
    );
    return this.hosted;
  }
}

/** The region that AWS' services without regions answer in. */
function globalRegion({ clusters }: FleetPlan): string {
  return clusters.some(({ eks }) => eks?.partition === "aws-us-gov") ? "us-gov-west-1" : "us-east-1";
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlan } from "../../fleet";
import type { HostedZone } from "../cloud";

/** Arguments of {@link PlatformZone}. */
export interface PlatformZoneArgs {
  readonly zone: NonNullable<AwsPlan["zone"]>;
  /** Whether it refuses to be destroyed. */
  readonly protect: boolean;
}

/** The zone (Route 53) of the platform's domain, made or found. It is the fleet's, and no cluster's. */
export class PlatformZone extends pulumi.ComponentResource implements HostedZone {
  readonly id: pulumi.Output<string>;
  readonly name: string;
  readonly nameServers?: pulumi.Output<string[]>;

  constructor(name: string, { zone, protect }: PlatformZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:clusters:PlatformZone", name, {}, opts);
    this.name = zone.name;
    if (zone.create) {
      const made = new aws.route53.Zone(
        name,
        { name: zone.name, comment: "Names of the platform and its mesh", tags: { Name: zone.name } },
        { parent: this, protect },
      );
      this.id = made.zoneId;
      this.nameServers = made.nameServers;
    } else if (zone.id === undefined) {
      const found = aws.route53.getZoneOutput({ name: zone.name, privateZone: false }, { parent: this });
      this.id = found.zoneId;
    } else {
      this.id = pulumi.output(zone.id);
    }
    this.registerOutputs({ id: this.id, nameServers: this.nameServers });
  }
}

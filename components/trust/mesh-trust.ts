import * as pulumi from "@pulumi/pulumi";
import type { FleetPlan } from "../fleet";
import { selfSigned } from "./authority";
import { SignedCertificate } from "./certificate";
import { Identities, type Identity, type IdentityArgs } from "./identities";
import { type Password, Passwords } from "./passwords";

/**
 * What an intermediate is for: cluster mesh and Hubble, workloads' identities, and TLS between platform services of
 * different clusters. Each use has its own key, so that one can be replaced without the other; whoever holds
 * one can sign for everything that trusts the root.
 */
export const TRUST_USES = ["cilium", "istio", "platform"] as const;
export type TrustUse = (typeof TRUST_USES)[number];

/** What an add-on of one cluster gets of the mesh's trust. */
export interface ClusterTrust {
  /** PEM of every root that the mesh trusts. */
  readonly bundle: pulumi.Output<string>;
  /** The cluster's own intermediate for a use. */
  readonly authority: (use: TrustUse) => SignedCertificate;
  /** A long-lived certificate of the cluster's own, below its intermediate for platform services. */
  readonly identity: (use: string, args: IdentityArgs) => Identity;
  /** A password of the cluster's own. */
  readonly password: (use: string) => Password;
  /** A password that all clusters of the fleet share. */
  readonly sharedPassword: (use: string) => Password;
}

/** Arguments of {@link MeshTrust}. */
export interface MeshTrustArgs {
  readonly fleet: FleetPlan;
}

/**
 * The mesh's trust: one root (two while it is rotated) and an intermediate for each cluster and use.
 * Keys of roots stay in the stack's state; a cluster gets its own intermediates only.
 */
export class MeshTrust extends pulumi.ComponentResource {
  /** PEM of every root, one after the other. */
  readonly bundle: pulumi.Output<string>;
  /** End of validity (RFC 3339) of every authority, by name: `root-1`, `us-east/cilium`. */
  readonly authorities: pulumi.Output<Record<string, { expires: string }>>;
  private readonly intermediates: ReadonlyMap<string, SignedCertificate>;
  private made?: Passwords;
  private named?: Identities;

  constructor(name: string, { fleet }: MeshTrustArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:trust:MeshTrust", name, {}, opts);
    const roots = new Map(
      fleet.mesh.roots.map((root) => [
        root,
        selfSigned(`${name}.${root}`, `${fleet.stack} ${root} ${fleet.domain}`, this),
      ]),
    );
    const issuer = roots.get(fleet.mesh.issuer);
    if (issuer === undefined) throw new Error(`no root "${fleet.mesh.issuer}"`);
    this.intermediates = new Map(
      fleet.clusters.flatMap((cluster) =>
        TRUST_USES.map((use) => [
          `${cluster.name}/${use}`,
          new SignedCertificate(
            `${name}.${cluster.name}.${use}`,
            { signer: issuer, commonName: `${cluster.name} ${use} ${fleet.domain}`, authority: true },
            { parent: this },
          ),
        ]),
      ),
    );
    this.bundle = pulumi.all([...roots.values()].map((root) => root.certificate)).apply((pems) => pems.join(""));
    const named = [...roots, ...this.intermediates].map(([key, { expires }]) => [key, { expires }] as const);
    this.authorities = pulumi.output(Object.fromEntries(named));
    this.registerOutputs({ bundle: this.bundle, authorities: this.authorities });
  }

  /** The part of one cluster. */
  forCluster(cluster: string): ClusterTrust {
    return {
      bundle: this.bundle,
      authority: (use) => this.intermediate(cluster, use),
      identity: (use, args) =>
        this.identities.identity(`${cluster}/${use}`, this.intermediate(cluster, "platform"), args),
      password: (use) => this.passwords.password(`${cluster}/${use}`),
      sharedPassword: (use) => this.passwords.password(use),
    };
  }

  /** Made with the first password, so that a fleet without any has no empty component. */
  private get passwords(): Passwords {
    this.made ??= new Passwords("passwords", { parent: this });
    return this.made;
  }

  /** As the passwords: made with the first identity. */
  private get identities(): Identities {
    this.named ??= new Identities("identities", { parent: this });
    return this.named;
  }

  private intermediate(cluster: string, use: TrustUse): SignedCertificate {
    const found = this.intermediates.get(`${cluster}/${use}`);
    if (found === undefined) throw new Error(`no intermediate of ${cluster} for ${use}`);
    return found;
  }
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EksPlan } from "../../fleet";

/** EKS' own add-ons that are used: the agent of Pod Identity, and CoreDNS. */
const ADDONS = {
  podIdentityAgent: "eks-pod-identity-agent",
  coredns: "coredns",
} as const;

/**
 * Installs one of EKS' add-ons, at the version that settings name or that AWS recommends for the cluster's Kubernetes: an
 * upgrade of the control plane takes its add-ons along, after it.
 */
export function makeEksAddon(
  name: string,
  addon: keyof typeof ADDONS,
  { plan, cluster }: { readonly plan: EksPlan; readonly cluster: aws.eks.Cluster },
  opts: pulumi.CustomResourceOptions,
): aws.eks.Addon {
  const addonName = ADDONS[addon];
  const recommended = () =>
    aws.eks.getAddonVersionOutput({ addonName, kubernetesVersion: plan.kubernetes }, { parent: opts.parent }).version;
  return new aws.eks.Addon(
    name,
    {
      // From the cluster's output, and so after its upgrade.
      clusterName: cluster.name,
      addonName,
      addonVersion: plan.addons[addon] ?? recommended(),
      // The program is the one that says how the add-on is.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    },
    opts,
  );
}

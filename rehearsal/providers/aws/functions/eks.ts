import { refuse } from "../errors";
import { TYPES } from "../targets";
import { ADDONS, EKS_VERSIONS, minorOf } from "../types/eks-facts";
import { isObject, type Props, text } from "../values";
import { type Functions, itemsOf } from "./function";

export const eksFunctions: Functions = {
  "aws:eks/getCluster:getCluster": (args, context) => {
    const name = text(args, "name");
    const found = itemsOf(context, TYPES.cluster).find(({ id }) => id === name);
    if (found === undefined) return refuse("ResourceNotFoundException", `No cluster found for name: ${name}.`);
    const { state } = found;
    return {
      ...state,
      id: name,
      name,
      clusterId: "",
      tags: state.tagsAll ?? {},
      certificateAuthorities: listOf(state.certificateAuthority),
      accessConfigs: listOf(state.accessConfig),
      kubernetesNetworkConfigs: listOf(state.kubernetesNetworkConfig),
      upgradePolicies: listOf(state.upgradePolicy),
    };
  },
  "aws:eks/getAddonVersion:getAddonVersion": (args) => {
    const [addonName, kubernetesVersion] = [text(args, "addonName"), text(args, "kubernetesVersion")];
    if (!ADDONS.has(addonName) || !EKS_VERSIONS.includes(kubernetesVersion)) {
      return refuse("InvalidParameterException", `no version of ${addonName} for Kubernetes ${kubernetesVersion}`);
    }
    // AWS has another version of an add-on for each of Kubernetes.
    const version = `v1.${minorOf(kubernetesVersion)}.${args.mostRecent === true ? 2 : 1}-eksbuild.1`;
    return { id: addonName, addonName, kubernetesVersion, mostRecent: args.mostRecent ?? false, version };
  },
  // Local API servers take no such token: they are reached with the credential of `aws eks get-token`.
  "aws:eks/getClusterAuth:getClusterAuth": (args) => ({
    id: text(args, "name"),
    name: text(args, "name"),
    token: `k8s-aws-v1.${Buffer.from("https://sts.invalid/?rehearsal").toString("base64url")}`,
  }),
};

function listOf(value: unknown): Props[] {
  return isObject(value) ? [value] : [];
}

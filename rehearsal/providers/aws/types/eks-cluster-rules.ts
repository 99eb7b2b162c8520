import { refuse } from "../errors";
import type { Call } from "../model";
import { isWithin, overlap, PRIVATE } from "../network";
import { TYPES, vpc } from "../targets";
import { at, flag, type Props, text, texts } from "../values";
import { EKS_VERSIONS, minorOf, UNSUPPORTED_ZONES } from "./eks-facts";
import { rangesOfVpc } from "./network";

/** In the order in which a cluster may change its mode. */
export const MODES = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

/** The VPC of a cluster's subnets. */
export function vpcOf({ args, view, region }: Call): string {
  return text(view.get(TYPES.subnet, texts(args, "vpcConfig.subnetIds")[0] ?? "", region)?.state, "vpcId");
}

export function requireNew({ args, view, region, id, accountId }: Call): void {
  if (view.get(TYPES.cluster, id, region) !== undefined)
    refuse("ResourceInUseException", `Cluster already exists with name: ${id}`);
  const version = text(args, "version");
  if (version !== "" && !EKS_VERSIONS.includes(version)) {
    refuse(
      "InvalidParameterException",
      `unsupported Kubernetes version ${version}; supported are ${EKS_VERSIONS.join(", ")} (account ${accountId})`,
    );
  }
}

/** A version goes up by one, with no nodes that fall too far behind. */
export function requireStep({ args, view, region, id }: Call, old: Props): void {
  const [from, now] = [text(old, "version"), text(args, "version") || text(old, "version")];
  const step = minorOf(now) - minorOf(from);
  if (step < 0 || step > 1 || !EKS_VERSIONS.includes(now)) {
    refuse("InvalidParameterException", `Unsupported Kubernetes minor version update from ${from} to ${now}`);
  }
  const behind = view
    .all(TYPES.nodeGroup, region)
    .filter(({ state }) => text(state, "clusterName") === id && minorOf(now) - minorOf(text(state, "version")) > 3)
    .map(({ state }) => text(state, "nodeGroupName"));
  if (behind.length > 0) {
    refuse(
      "InvalidParameterException",
      `Nodegroup(s) ${behind.join(", ")} must be updated to match cluster version ${from} before updating cluster version`,
    );
  }
  const [before, after] = [old, args].map((one) => MODES.indexOf(text(one, "accessConfig.authenticationMode")));
  if (after !== undefined && before !== undefined && after >= 0 && after < before) {
    refuse(
      "InvalidParameterException",
      `Unsupported authentication mode update from ${MODES[before]} to ${MODES[after]}`,
    );
  }
  const keys = [old, args].map((one) => text(one, "encryptionConfig.provider.keyArn"));
  if (keys[0] !== "" && keys[0] !== keys[1])
    refuse("InvalidParameterException", "Encryption is already enabled with another key.");
}

export function requireNetwork(call: Call): void {
  const { args, view, region } = call;
  const places = texts(args, "vpcConfig.subnetIds").map((one) => view.get(TYPES.subnet, one, region)?.state);
  const zones = places.map((state) => text(state, "availabilityZoneId"));
  const unsupported = zones.find((zone) => UNSUPPORTED_ZONES.has(zone));
  if (unsupported !== undefined) {
    refuse(
      "UnsupportedAvailabilityZoneException",
      `Cannot create cluster '${call.id}' because EKS does not support creating control plane instances in ${unsupported}, the targeted availability zone. Retry cluster creation using control plane subnets that span at least two other availability zones.`,
    );
  }
  if (new Set(zones).size < 2)
    refuse("InvalidParameterException", "Subnets specified must be in at least two different AZs");
  if (new Set(places.map((state) => text(state, "vpcId"))).size > 1) {
    refuse("InvalidParameterException", "Subnets specified must be in the same VPC");
  }
  const vpcId = vpcOf(call);
  const strange = texts(args, "vpcConfig.securityGroupIds").find(
    (one) => text(view.get(TYPES.securityGroup, one, region)?.state, "vpcId") !== vpcId,
  );
  if (strange !== undefined)
    refuse("InvalidParameterException", `Security group ${strange} does not belong to ${vpcId}`);
  const services = text(args, "kubernetesNetworkConfig.serviceIpv4Cidr");
  const clash = rangesOfVpc(call, vpcId).find((range) => services !== "" && overlap(range, services));
  if (clash !== undefined) {
    refuse(
      "InvalidParameterException",
      `The specified service CIDR ${services} conflicts with the VPC's CIDR ${clash}.`,
    );
  }
}

export function requireAccess({ args, view, region }: Call): void {
  const isPublic = at(args, "vpcConfig.endpointPublicAccess") !== false;
  if (!isPublic && !flag(args, "vpcConfig.endpointPrivateAccess")) {
    refuse("InvalidParameterException", "Private and public endpoint access cannot be false");
  }
  const hidden = texts(args, "vpcConfig.publicAccessCidrs").find((range) =>
    PRIVATE.some((one) => isWithin(range, one)),
  );
  if (hidden !== undefined) {
    refuse("InvalidParameterException", `The following CIDRs are not allowed in publicAccessCidrs: ${hidden}`);
  }
  const network = view.get(
    vpc.type,
    text(view.get(TYPES.subnet, texts(args, "vpcConfig.subnetIds")[0] ?? "", region)?.state, "vpcId"),
    region,
  );
  if (
    flag(args, "vpcConfig.endpointPrivateAccess") &&
    !(flag(network?.state, "enableDnsHostnames") && flag(network?.state, "enableDnsSupport"))
  ) {
    refuse(
      "InvalidParameterException",
      `Private endpoint access needs enableDnsSupport and enableDnsHostnames of VPC ${network?.id}: nodes would not find the API server`,
    );
  }
}

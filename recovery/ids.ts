import { type StateResource, textInput } from "./state";

/** Which id a provider gives, where what a resource is made from says it: then it can be asked whether it exists. */

export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Types of AWS whose id is an input, or made of inputs. Source: the import sections of pulumi-aws' registry pages. */
const AWS_IDS: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:ecr/repository:Repository": ["name"],
  "aws:eks/addon:Addon": ["clusterName", "addonName"],
  "aws:eks/cluster:Cluster": ["name"],
  "aws:eks/nodeGroup:NodeGroup": ["clusterName", "nodeGroupName"],
  "aws:iam/instanceProfile:InstanceProfile": ["name"],
  "aws:iam/role:Role": ["name"],
  "aws:kms/alias:Alias": ["name"],
  "aws:s3/bucket:Bucket": ["bucket"],
  "aws:s3/bucketV2:BucketV2": ["bucket"],
};

/** The id that the provider gives, or `undefined` where it makes one up. */
export function knownId(resource: StateResource): string | undefined {
  const { type } = resource;
  if (type === RELEASE)
    return joined([textInput(resource, "namespace") || "default", textInput(resource, "name")], "/");
  if (isKubernetes(resource)) return objectId(resource);
  const keys = AWS_IDS[type];
  return keys === undefined
    ? undefined
    : joined(
        keys.map((key) => textInput(resource, key)),
        ":",
      );
}

function joined(parts: readonly string[], by: string): string | undefined {
  return parts.every((part) => part !== "") ? parts.join(by) : undefined;
}

function objectId({ inputs }: StateResource): string | undefined {
  const { name, namespace } = (inputs.metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  if (typeof name !== "string") return undefined;
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}

export function isKubernetes({ type }: StateResource): boolean {
  return type.startsWith("kubernetes:");
}

/** Whether the provider made up the name: the next `up` would make up another one. */
export function isAutonamed({ inputs }: StateResource): boolean {
  const { annotations } = (inputs.metadata ?? {}) as { readonly annotations?: Readonly<Record<string, unknown>> };
  return annotations?.["pulumi.com/autonamed"] === "true";
}

/** Whether nothing of it is anywhere but in the state: components, providers, keys, certificates, passwords. */
export function isStateOnly({ custom, type }: StateResource): boolean {
  return !custom || /^(pulumi:|tls:|random:)/.test(type);
}
